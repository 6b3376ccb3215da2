"""Go through a lesson without a window: to check it, for its answer key and pictures, and for challenges."""
