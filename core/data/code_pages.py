"""Text encodings that can be selected for a table."""

from __future__ import annotations

from typing import Final

ENCODINGS: Final = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16-le": "Unicode (UTF-16, little-endian)",
    "utf-16-be": "Unicode (UTF-16, big-endian)",
    "windows-1252": "Western European (Windows-1252)",
    "iso-8859-15": "Western European (ISO 8859-15)",
    "mac-roman": "Western European (Macintosh)",
    "windows-1250": "Central European (Windows-1250)",
    "windows-1251": "Cyrillic (Windows-1251)",
    "windows-1253": "Greek (Windows-1253)",
    "windows-1254": "Turkish (Windows-1254)",
    "gb18030": "Chinese, simplified (GBK)",
    "big5": "Chinese, traditional (Big5)",
    "shift_jis": "Japanese (Shift-JIS)",
    "euc-kr": "Korean (EUC-KR)",
}
"""Label of each encoding by its name in Experiment files."""
