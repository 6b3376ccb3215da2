"""Convert the cells of a column to values: numbers, dates, times, durations, missing values.

Start at ``numbers.parse_numbers`` and ``dates.parse_dates``; ``core.data.tables.columns`` chooses between them.
"""
