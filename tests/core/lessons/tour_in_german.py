"""The tour in German: it differs from the shipped lesson in the text that a learner reads only."""

from __future__ import annotations

from typing import Final

from core.lessons.catalogue import lesson_files

SENTENCES: Final = {
    "One-minute tour": "Rundgang in einer Minute",
    "See a network learn, make it deep, and watch its gradient vanish.": (
        "Sieh ein Netz lernen, mach es tief, und sieh seinen Gradienten verschwinden."
    ),
    "You can undo everything here (Ctrl+Z), and you can leave at any time.": (
        "Du kannst hier alles rückgängig machen (Strg+Z) und jederzeit gehen."
    ),
    "## Watch it learn": "## Sieh ihm beim Lernen zu",
    'label = "Play"': 'label = "Start"',
    'goal = "Train until the loss is below 0.1"': 'goal = "Trainiere, bis der Verlust unter 0,1 liegt"',
    'goal = "Build ten hidden layers"': 'goal = "Baue zehn verborgene Schichten"',
    'reached = "Ten layers, and the message still reaches all of them: the bars are similar."': (
        'reached = "Zehn Schichten, und die Nachricht erreicht noch alle: Die Balken sind ähnlich."'
    ),
    "## Make it deep": "## Mach es tief",
    "## Now break it": "## Und jetzt mach es kaputt",
    'label = "Depth"': 'label = "Tiefe"',
    'label = "Activation"': 'label = "Aktivierung"',
    "Why does this happen, and how do you repair it? Find out in [seven minutes](07-vanishing-gradient).": (
        "Warum geschieht das, und was hilft? Finde es heraus: in [sieben Minuten](07-vanishing-gradient)."
    ),
    "The first layer receives {{gradient_ratio(1, last)}} of the last layer's gradient.": (
        "Die erste Schicht erhält {{gradient_ratio(1, last)}} des Gradienten der letzten."
    ),
}


def german_tour() -> str:
    """Return the tour with its sentences in German."""
    text = lesson_files("en")["00-tour"].read_text(encoding="utf-8")
    for english, german in SENTENCES.items():
        assert english in text, english
        text = text.replace(english, german)
    return text
