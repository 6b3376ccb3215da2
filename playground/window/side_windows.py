"""Side windows, which are created when first requested: gradient check, links, answers of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.network_view import NetworkView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.lessons.blocks import Lesson
    from playground.gradient_check import GradientCheckWindow
    from playground.lessons.classroom.window import ClassWindow
    from playground.window.lessons.sheet_printer import SheetPrinter
    from playground.window.parts import WindowParts


class SideWindows:
    """Opens the side windows and connects them with the main window's parts."""

    def __init__(self, parts: WindowParts) -> None:
        self._parts = parts
        self._gradient_check: GradientCheckWindow | None = None
        self._class: ClassWindow | None = None
        self._printer: SheetPrinter | None = None

    def open_gradient_check(self) -> GradientCheckWindow:
        """Show the gradient check and check the current network."""
        if self._gradient_check is None:
            self._gradient_check = self._make_gradient_check()
        check = self._gradient_check
        check.show()
        check.raise_()
        check.activateWindow()
        check.check()
        return check

    def open_link(self) -> None:
        """Ask for a share link and open it."""
        from playground.panels.dialogs.link_dialog import LinkDialog

        parts = self._parts
        text = LinkDialog.ask(parts.appearance.style, parts.window)
        if text is not None:
            parts.files.open_link(text)

    def open_answers(self, paths: Sequence[Path] = ()) -> None:
        """Show the answers of a class in the files and folders ``paths``; ask for them if there are none."""
        from playground.window.lessons.class_answers import ask_answers, make_class_window

        chosen = paths or ask_answers(self._parts.window)
        if chosen:
            if self._class is None:
                self._class = make_class_window(self._parts)
            self._class.show()
            self._class.raise_()
            self._class.activateWindow()
            self._class.read(chosen)

    def print_sheet(self, lesson: Lesson, folder: Path | None, *, answers: bool = False) -> None:
        """Ask for a file and print ``lesson`` as a classroom sheet, or the answers to it."""
        self.printer.ask(lesson, folder, answers=answers)

    @property
    def printer(self) -> SheetPrinter:
        """Prints classroom sheets; built when first used."""
        if self._printer is None:
            from playground.window.lessons.sheet_printer import SheetPrinter

            session = self._parts.session
            self._printer = SheetPrinter(self._parts.window)
            self._printer.printed.connect(lambda path: session.message.emit(f"The sheet is in {path}.", "info"))
            self._printer.failed.connect(lambda sentence: session.message.emit(sentence, "error"))
        return self._printer

    def close(self) -> None:
        """Close all side windows, because the main window closes."""
        if self._printer is not None:
            self._printer.stop()
        if self._class is not None:
            self._class.stop()
            self._class.close()
        if self._gradient_check is not None:
            self._gradient_check.close()

    def _make_gradient_check(self) -> GradientCheckWindow:
        from playground.gradient_check import GradientCheckWindow  # imported late: not needed for the first frame

        parts = self._parts
        check = GradientCheckWindow(parts.session, parts.appearance.style, parts.window)
        check.addActions(parts.window.actions())
        network = parts.cards()["network"]
        if isinstance(network, NetworkView):
            check.checked.connect(network.show_errors)
            check.outdated.connect(network.hide_errors)
        check.export_requested.connect(self._export_check)
        parts.controller.clock.arrived.connect(check.show_snapshot)
        parts.appearance.changed.connect(check.set_style)
        return check

    def _export_check(self) -> None:
        from playground.export.dialog.dialog import ExportDialog

        check = self._gradient_check
        if check is not None:
            subject = self._parts.session.subject
            dialog = ExportDialog(check.figures, self._parts.appearance.style, check, subject=subject)
            dialog.exec()
            dialog.deleteLater()
