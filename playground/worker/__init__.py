"""Everything between the window and training: the training thread, its mailbox of snapshots and the frame clock.

Start at ``training_thread.TrainingThread``; ``commands`` defines its commands.
"""
