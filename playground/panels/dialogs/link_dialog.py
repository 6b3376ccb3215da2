"""The dialog that opens a TensorFlow Playground link, with a summary of its settings."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from core.data.datasets import DATASETS
from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.tf_playground_link import ImportedLink, looks_like_link, parse_link
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.features import FEATURES
from playground.panels.dialogs.plain_buttons import PlainButtonBox
from playground.style.numbers import percent, thousands
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel

HINT = "Paste a TensorFlow Playground link, or the part after the #."


class LinkDialog(QDialog):
    """Shows the settings of a link while it is typed.

    Args:
        style: the style for sizes.
        parent: the parent window.
        text: the initial link; by default a link from the clipboard.
    """

    def __init__(self, style: Style, parent: QWidget | None = None, *, text: str | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("linkDialog")
        self.setWindowTitle("Open link")
        self._field = QLineEdit()
        self._field.setObjectName("linkField")
        self._field.setAccessibleName("Link")
        self._field.setPlaceholderText("…#activation=tanh&dataset=circle&networkShape=4,2&seed=0.5")
        self._field.setClearButtonEnabled(True)
        self._summary = _text("value", "linkSummary")
        self._notes = _text("muted", "linkNotes")
        self._problem = _text("error", "linkProblem")
        buttons = PlainButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self._open = buttons.button(QDialogButtonBox.StandardButton.Open)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        hint = _text("label", "linkHint")
        hint.setText(HINT)
        hint.setBuddy(self._field)
        layout = QVBoxLayout(self)
        edge = round(style.px(16))
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(round(style.px(8)))
        for part in (hint, self._field, self._summary, self._notes, self._problem):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.resize(round(style.px(560)), round(style.px(260)))
        self._field.textChanged.connect(lambda _text: self._update_summary())
        self._field.setText(_clipboard_link() if text is None else text)
        self._field.selectAll()
        self._update_summary()

    @staticmethod
    def ask(style: Style, parent: QWidget | None = None) -> str | None:
        """Show the dialog and return the link, or ``None`` if cancelled."""
        dialog = LinkDialog(style, parent)
        text = dialog.text if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        return text

    @property
    def text(self) -> str:
        """The link in the field."""
        return self._field.text()

    def _update_summary(self) -> None:
        """Show a summary of the link, or why it is invalid."""
        imported: ImportedLink | None = None
        problem = ""
        if self.text.strip():
            try:
                imported = parse_link(self.text)
            except PlaygroundError as error:
                problem = str(error)
        self._summary.setText(summary_of(imported.experiment) if imported is not None else "")
        self._notes.setText("\n".join(imported.notes) if imported is not None else "")
        self._problem.setText(problem)
        for part in (self._summary, self._notes, self._problem):
            part.setVisible(bool(part.text()))
        self._field.setProperty("wrong", bool(problem))
        self._field.style().polish(self._field)
        self._open.setEnabled(imported is not None)


def summary_of(experiment: Experiment) -> str:
    """Return a summary of ``experiment`` in two lines: its data, then its network and training."""
    data, network, training = experiment.data, experiment.network, experiment.training
    # A link always names a built-in data set.
    name = DATASETS[data.dataset].label if isinstance(data.dataset, str) else "other data"
    noise = f", noise {percent(data.noise, 0)}" if data.noise else ""
    features = ", ".join(FEATURES[key].label if key in FEATURES else key for key in data.features or ())
    layers = [f"{layer.units} {OUTPUT_ACTIVATIONS[layer.activation].label}" for layer in network.hidden]
    penalties = "".join(f", {name} {rate:g}" for name, rate in (("L1", training.l1), ("L2", training.l2)) if rate)
    return (
        f"{name}, {thousands(data.samples)} samples{noise}, {percent(data.test_fraction, 0)} for testing\n"
        f"{' → '.join([features, *layers, 'output'])}; learning rate {training.learning_rate:g}, "
        f"batch size {training.batch_size}{penalties}"
    )


def _clipboard_link() -> str:
    text = QGuiApplication.clipboard().text()
    return text.strip() if looks_like_link(text) else ""


def _text(role: str, name: str) -> QLabel:
    label = PlainLabel()
    label.setProperty("role", role)
    label.setObjectName(name)
    label.setWordWrap(True)
    return label
