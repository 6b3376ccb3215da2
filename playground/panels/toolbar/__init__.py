"""The toolbar: its buttons, the speed control and the readouts."""
