"""Read, write, edit and translate lesson files."""
