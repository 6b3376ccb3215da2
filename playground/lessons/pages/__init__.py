"""What the panel shows: the list of lessons, an open lesson and its steps, or why it cannot be read."""
