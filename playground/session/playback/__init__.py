"""Commands to the training thread: play, pause, step, rewind, speed, and the walk through the phases of a step."""
