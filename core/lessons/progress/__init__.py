"""A learner's progress in each lesson, its file, and where a lesson continues when it is opened again."""
