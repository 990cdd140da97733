"""Importing the weights of a model from the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QFileDialog, QWidget

from app.live import Message
from app.weights import import_in_place
from app.window.banner import Teller
from app.window.dialogs import open_file_dialog
from app.window.language import Texts
from app.window.tasks import WindowTasks
from models.registry import importable_models

tr = Texts("WeightsActions")

_CHECKPOINTS = tr.mark("Checkpoints (*.pth *.tar *.pt);;All files (*)")


class WeightsActions(QObject):
    """Asks for a checkpoint and imports it beside the window's work.

    Args:
        window: that the dialog belongs to.
        banners: where it is told what came of it.
        imported: called when a model has got weights.
    """

    def __init__(self, window: QWidget, banners: Teller, imported: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._banners = banners
        self._imported = imported
        self.tasks = WindowTasks(self, banners)

    def choose(self, model: str) -> None:
        """Let a person name a checkpoint of a model, and import it."""
        if model not in importable_models():
            text = tr(
                "The weights of {model} are missing: they come with the project; put its assets folder back.",
                model=model,
            )
            self._banners.show_message(Message("warning", text))
            return
        dialog = QFileDialog(self._window, tr("Import the weights of {model}", model=model), "", tr(_CHECKPOINTS))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        open_file_dialog(dialog, lambda path: self.begin(model, Path(path)))

    def begin(self, model: str, checkpoint: Path) -> None:
        """Import a checkpoint."""
        self._banners.show_message(
            Message("info", tr("Importing {name} for {model}…", name=checkpoint.name, model=model)),
            about=_about(model),
        )
        self.tasks.begin(
            "import-weights", lambda: import_in_place(model, checkpoint), lambda sentence: self._tell(model, sentence)
        )

    def close(self) -> None:
        """Wait for an import under way."""
        self.tasks.close()

    def _tell(self, model: str, sentence: str) -> None:
        self._imported()
        self._banners.show_message(Message("info", sentence), about=_about(model))


def _about(model: str) -> str:
    return f"weights {model}"
