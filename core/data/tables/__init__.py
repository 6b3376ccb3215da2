"""Read users' tables: detect the format, convert columns to numbers, and preview the result.

Start at ``tables.preview_table`` and ``tables.read_table``.
"""
