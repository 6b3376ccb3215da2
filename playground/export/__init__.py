"""Export figures as pictures and as data: PNG, SVG, PDF, CSV and the clipboard.

Start at ``formats.FORMATS`` (one entry per format) and ``export.export_figure``; ``dialog`` is the export dialog.
"""
