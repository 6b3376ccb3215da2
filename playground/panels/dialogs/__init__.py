"""Dialogs for links and shortcuts, and the button box of all dialogs."""
