"""Grading a class: what is handed in, the journal of what has been graded, and the run that connects them.

Submission -> (run, journal) -> Graded, of which every output is made: grades, feedback, the page for the instructor.
"""
