"""Find the table in a text: the delimiter, the header, and lines that are not rows.

Start at ``text_table.read_text_table``, which returns a ``grid.Grid``.
"""
