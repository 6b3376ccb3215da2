"""The main window: menus, cards in a workspace, and side windows.

Start at ``main_window.MainWindow``, which arranges the views and connects them to the session.
"""
