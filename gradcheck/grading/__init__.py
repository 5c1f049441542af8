"""Grading a class against an exercise: the worker, and what its results become: grades, feedback, pages."""
