"""How the app looks: colours and sizes, style sheets, fonts and icons, and how numbers and formulas are written.

Start at ``theme.Style``.
"""
