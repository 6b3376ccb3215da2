"""The app's appearance: colours and sizes, style sheets, fonts and icons, and formats of numbers and formulas.

Start at ``theme.Style``.
"""
