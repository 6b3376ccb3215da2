"""The widget with the picture: what mouse and keyboard do, labels beside the mouse, editing in place."""
