"""Run a lesson without a window: to check it, to build its answer key and pictures, and to judge challenges."""
