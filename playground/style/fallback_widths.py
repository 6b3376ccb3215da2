"""Widths of text in the fonts that stand in for Inter where it is not installed.

The widest of DejaVu Sans and Nimbus Sans, which has the widths of Helvetica, Arial and Liberation Sans. A table, because
an exported file must be the same on machines that have these fonts and on those that have not.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

FAMILIES: Final = ("Arial", "Liberation Sans", "DejaVu Sans", "sans-serif")
"""Families after the wanted one, in the order of preference."""

MONOSPACED: Final = ("DejaVu Sans Mono", "Liberation Mono", "monospace")

UNKNOWN: Final = 1000
"""Width of a character that is not in the tables, in thousandths of the font size, as all widths here."""

# fmt: off
_REGULAR: Final = {
    180: "ᵢ", 230: "′", 280: "'ijl", 290: "ł", 300: "Iᵗ", 320: " ,.·’⋅", 340: "/:;\\|", 360: "f", 370: "-", 380: "″",
    390: "()[]ᵀ⌈⌉⌊⌋⟨⟩", 400: "tť›ⁿₐ", 410: "!²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", 420: "r", 430: "ᵇ", 460: "\"", 500: "*J`¯°‖‾",
    510: "▾", 520: "“”‴∂", 530: "szśŝźż⁻₋∫", 550: "cçεζ", 560: "?L_Γνξ–", 580: "kχ", 590: "κ", 600: "vxyŷȳγλ",
    610: "τ", 620: "FTaeo«»¿àäèéöąőδθ", 630: "ß∘", 640: "$0123456789bdghnpqu{}£¥µñüĝΣβημρσ฿ḡ€₹₺₽√∛", 660: "αφ",
    670: "EKPSYŸ", 690: "ABVXZΔΛπ", 720: "ψ∥", 730: "CR", 740: "U", 750: "N∇", 760: "HΠ", 770: "DΩ", 780: "&G",
    790: "OQΘ₪", 800: "Φ", 820: "w", 840: "#+<=>^~±×÷Ψω↑↓−∞≈≠≤≥✓✗", 870: "M", 950: "%", 960: "℉", 970: "¼½⅙",
    980: "m", 990: "W₩", 1000: "—―…←→∏∑∝⊙", 1020: "@", 1030: "œ", 1130: "℃", 1350: "‰",
}
_BOLD: Final = {
    220: "ᵢ", 270: "′", 310: "'", 350: " ijl", 370: "/\\|", 380: ",.I·ł’⋅", 390: "ᵗ", 400: ":;", 420: "-›", 430: "ᵀ",
    440: "f²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", 460: "!()[]ⁿₐ⌈⌉⌊⌋⟨⟩", 480: "tťᵇ″", 500: "`r¯°‖‾", 510: "▾", 530: "\"*⁻₋", 550: "∂",
    560: "J_ε–", 590: "zźż", 600: "csçśŝζξ", 610: "∫", 620: "?¿", 630: "‴∘", 640: "LΓλτ", 650: "x«»χ", 660: "vyŷȳ“”",
    670: "k√∛", 680: "aeàäèéą", 690: "EFToöőΣαγδθν", 700: "$0123456789£¥฿€₹₺₽", 710: "κ",
    720: "Sbdghnpqu{}ßñüĝβηρḡ∥", 730: "YZŸ", 740: "CPµμ", 750: "∇", 770: "BR", 780: "AKVXΔΛσ", 790: "φ", 800: "πψ",
    820: "U", 830: "DG", 840: "#+<=>HN^~±×÷Π↑↓−∞≈≠≤≥✓✗", 850: "OQΘΦΨΩ", 870: "ω", 880: "&", 910: "₪", 930: "w",
    1000: "@M—―…←→∏∑∝⊙", 1010: "%", 1040: "¼½⅙", 1050: "m", 1090: "℉", 1100: "œ", 1110: "W₩", 1220: "℃", 1440: "‰",
}
# fmt: on
_WIDTHS: Final = tuple(
    MappingProxyType({letter: width for width, letters in table.items() for letter in letters})
    for table in (_REGULAR, _BOLD)
)


def fallback_width(text: str, pixels: float, *, bold: bool) -> float:
    """Return the largest usual width of ``text`` in a font other than Inter of ``pixels``, without kerning."""
    widths = _WIDTHS[bold]
    return sum(widths.get(letter, UNKNOWN) for letter in text) * pixels / 1000
