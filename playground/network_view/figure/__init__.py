"""The network as a figure for export, its parameters as a table."""
