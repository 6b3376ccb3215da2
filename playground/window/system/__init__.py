"""The window within the system: its position on the screen, what is dropped or pasted, signals to exit."""
