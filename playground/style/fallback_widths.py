"""Widths of text in the fonts that stand in for Inter where it is not installed.

The widest of DejaVu Sans and Nimbus Sans, which has the widths of Helvetica, Arial and Liberation Sans. A table, because
an exported file must be the same on machines that have these fonts and on those that do not.
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
    180: "ᵢ", 230: "′", 280: "'ijlìíîïĩīĭįıĵĺļіїј", 290: "ł", 300: "IᵗÌÍÎÏĨĪĬĮİΙΪІЇ", 320: " ,.·’⋅", 340: "/:;\\|ίιϊ",
    350: "ŀ", 360: "fſ", 370: "-", 380: "″ľ", 390: "()[]ᵀ⌈⌉⌊⌋⟨⟩", 400: "tť›ⁿₐţŧ", 410: "!²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", 420: "rŕŗř",
    430: "ᵇ", 460: "\"", 500: "*J`¯°‖‾ĴЈ", 510: "▾", 520: "“”‴∂", 530: "szśŝźż⁻₋∫şšžгѓѕґ", 540: "з", 550: "cçεζćĉċčέсэє",
    560: "?L_Γνξ–ĳĹĻĽĿ", 570: "Ł", 580: "kχķĸΰυϋύ", 590: "κςвть", 600: "vxyŷȳγλýÿухчўғ", 610: "τЃГкяќҐ",
    620: "FTaeo«»¿àäèéöąőδθáâãåêëðòóôõøāăēĕėęěōŏŢŤŦΤοόТабеоѐё", 630: "ß∘ђ",
    640: "$0123456789bdghnpqu{}£¥µñüĝΣβημρσ฿ḡ€₹₺₽√∛ùúûþďđğġģĥńņňŋũūŭůűųήЎУлр", 650: "ΞЗийѝ", 660: "αφάнпћџ",
    670: "EKPSYŸÈÉÊËÝÞĒĔĖĘĚĶŚŜŞŠŶΕΚΡΥΫЀЁЅЕР", 680: "Ғ", 690: "ABVXZΔΛπÀÁÂÃÄÅĀĂĄŹŻŽΑΒΖΧАБВХЧЬц", 700: "ħд", 710: "ЌКъ",
    720: "ψ∥ЄЭ", 730: "CRÇĆĈĊČŔŖŘСЯ", 740: "UÙÚÛÜĲŨŪŬŮŰŲ", 750: "N∇ÑŃŅŇŊΝЍИЙ", 760: "HΠĤΗЏЛНПм", 770: "DΩ",
    780: "&GÐĎĐĜĞĠĢЦ", 790: "OQΘ₪ÒÓÔÕÖØŌŎŐΟДОы", 800: "Φ", 820: "wŉŵ", 840: "#+<=>^~±×÷Ψω↑↓−∞≈≠≤≥✓✗ώЪ", 850: "ю", 860: "Ћф",
    870: "MΜЂМФ", 890: "Ы", 900: "њ", 910: "жљ", 920: "Ħш", 950: "%щ", 960: "℉", 970: "¼½⅙", 980: "m", 990: "W₩æŴ",
    1000: "—―…←→∏∑∝⊙Æ", 1020: "@", 1030: "œ", 1050: "Њ", 1070: "ŒШ", 1080: "ЖЮ", 1100: "ЉЩ", 1130: "℃", 1350: "‰",
}
_BOLD: Final = {
    220: "ᵢ", 270: "′", 310: "'", 350: " ijlìíîïĩīĭįıĵĺļіїј", 370: "/\\|", 380: ",.I·ł’⋅ÌÍÎÏĨĪĬĮİΙΪІЇ", 390: "ᵗίιϊ",
    400: ":;", 420: "-›", 430: "ᵀ", 440: "f²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ſ", 460: "!()[]ⁿₐ⌈⌉⌊⌋⟨⟩", 480: "tťᵇ″ľţŧ", 500: "`r¯°‖‾ŕŗř",
    510: "▾", 530: "\"*⁻₋гѓґ", 550: "∂ғ", 560: "J_ε–ĴŀέЈ", 580: "т", 590: "zźżžз", 600: "csçśŝζξćĉċčşšςсэєѕ", 610: "∫",
    620: "?¿", 630: "‴∘", 640: "LΓλτĹĻĽĿЃГвьҐ", 650: "x«»χŁΞхя", 660: "vyŷȳ“”ýÿуў", 670: "k√∛ķĸҒ",
    680: "aeàäèéąáâãåêëāăēĕėęěΰυϋύаекѐёќ", 690: "EFToöőΣαγδθνÈÉÊËðòóôõøĒĔĖĘĚĳōŏŢŤŦΕΤάοόЀЁЕТоч",
    700: "$0123456789£¥฿€₹₺₽бнпџ", 710: "κийѝ", 720: "Sbdghnpqu{}ßñüĝβηρḡ∥ùúûþďđğġģĥńņňŋũūŭůűųήЗрђ",
    730: "YZŸÝŚŜŞŠŶŹŻŽΖΥΫЅ", 740: "CPµμÇÞĆĈĊČΡЄРСЭлћ", 750: "∇ц", 760: "ъ", 770: "BRΒБВЬ",
    780: "AKVXΔΛσÀÁÂÃÄÅĀĂĄĶŔŖŘΑΚΧЎАУХЯ", 790: "φĲ", 800: "πψħ", 810: "Чд", 820: "UÙÚÛÜŨŪŬŮŰŲЌКм", 830: "DGĜĞĠĢ",
    840: "#+<=>HN^~±×÷Π↑↓−∞≈≠≤≥✓✗ÐÑĎĐĤŃŅŇŊΗΝЍЏИЙЛНП", 850: "OQΘΦΨΩ", 860: "ÒÓÔÕÖØŌŎŐΟО", 870: "ωώ", 880: "&Ћ", 890: "Ђ",
    900: "Д", 910: "₪ы", 930: "wŵЦ", 940: "Ъ", 960: "њ", 980: "Ħю", 990: "ŉ", 1000: "@M—―…←→∏∑∝⊙ΜМФжфљ", 1010: "%",
    1040: "¼½⅙Ы", 1050: "mæ", 1070: "ш", 1090: "℉Æ", 1100: "œ", 1110: "W₩Ŵщ", 1130: "Њ", 1160: "Љ", 1170: "Œ", 1180: "Ю",
    1220: "℃", 1230: "Ж", 1240: "Ш", 1330: "Щ", 1440: "‰",
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
