"""Integrate lessons into the window: open, edit and print them, restrict controls, and point at them."""
