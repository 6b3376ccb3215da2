"""The main window: its menus, cards in a workspace, and the windows beside it.

Start at ``main_window.MainWindow``, which arranges the views and connects them to the session.
"""
