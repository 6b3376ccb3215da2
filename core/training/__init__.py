"""The trainer, its resumable state and state files, undo, headless runs with their report, and snapshots for the views.

Start at ``trainer.Trainer`` (one run), ``training_run.train`` (a run to its end) and ``snapshot.Snapshot`` (what the views show).
``recorders`` collects curves during a run, ``pins`` and ``origins`` save runs, and ``many_runs`` trains several networks.
"""
