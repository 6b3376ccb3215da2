"""The dialog that opens a table: what each column is, and how the file is read."""
