"""Read users' tables: detect the format, convert columns to numbers, and preview the result.

Start at ``tables.preview_table`` and ``tables.read_table``. A file passes through the packages in this order:

``files``
    from a path to bytes and text: the kind of file, archives, encodings.
``formats``
    from workbooks, JSON, HTML, ARFF and Parquet to the text of a table.
``layout``
    from text to a grid of cells: the delimiter, the header, and lines that are not rows.
``cells``
    from the cells of a column to values: numbers with units, dates, times, durations, missing values.

The modules beside them join these steps (``reading``, ``table``, ``columns``), and turn a table into inputs and target
(``roles``, ``encoding``, ``cautions``).
"""
