"""The user interface of lessons: the panel with steps, predictions and questions, printed sheets, and the class window.

Files, measurements, goals and progress of lessons are in ``core.lessons``.
"""
