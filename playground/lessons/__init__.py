"""The window's part of lessons: the panel with its steps, predictions and questions, and what is made from a lesson.

A lesson itself (its file, measurements, goals and progress) is in ``core.lessons``.
"""
