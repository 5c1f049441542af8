"""Checking functions of no exercise: each gradient against finite differences of the student's own forward or loss.

facts ──> rules ──> Unit ──> check ──> TaskReport
          (what calls what, in which layout)   (trial, measure, judge, diagnose, locate)
"""
