"""Grading a class against an exercise: the worker, and what is made of its results: grades, feedback, the class page."""
