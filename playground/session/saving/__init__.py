"""What is saved from one start to the next: Experiment files, the last session, pins, and work put aside for a lesson."""
