"""The app's appearance: colours, sizes, style sheets, fonts, icons, and formats of numbers and formulas.

Start at ``theme.Style``.
"""
