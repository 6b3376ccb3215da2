"""The training thread, its snapshot mailbox, and the frame clock that draws snapshots.

Start at ``training_thread.TrainingThread``; ``commands`` defines its commands.
"""
