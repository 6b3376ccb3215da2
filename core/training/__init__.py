"""Training as a whole: the trainer, its resumable state and the file of it, runs without a window, and what views are told.

Start at ``trainer.Trainer`` (one run), ``training_run.train`` (a run to its end) and ``snapshot.Snapshot`` (one moment of it).
"""
