"""Lessons: their file format, the measurements that they check, and what a learner has done.

Start at ``blocks`` (what a lesson may contain) and ``measurements`` (what it can measure).
"""
