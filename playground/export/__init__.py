"""Pictures and data of what the window shows, in forms that slides, documents and spreadsheets take.

Start at ``formats.FORMATS`` (one entry a format) and ``export.export_figure``; ``dialog`` is the window's side of it.
"""
