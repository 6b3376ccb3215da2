"""Lessons: their file format, the measurements that they check, and what a learner has done.

Start at ``blocks`` (what a lesson may contain), ``measurements.registry`` (what it can measure) and ``file_format.reading``.
"""
