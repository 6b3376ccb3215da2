"""Tables that users bring: text to columns, columns to numbers, with a preview of everything that can be chosen.

Start at ``tables.preview_table`` and ``tables.read_table``.
"""
