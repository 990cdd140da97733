"""Sources and models as a person chooses them, by dialog, by name, or a new camera; and which are remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QMimeData, QObject, QStandardPaths, pyqtSignal
from PyQt5.QtWidgets import QFileDialog, QWidget

from app.live import DEMO, LiveSession, LiveStatus, Message
from app.settings import MOST_RECENT, Settings
from app.window.banner import BannerStack
from app.window.dialogs import open_file_dialog
from app.window.language import Texts
from tracking.sources import IMAGE_SUFFIXES, VIDEO_SUFFIXES, storable

tr = Texts("SourceActions")

_PATTERNS = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES | IMAGE_SUFFIXES))
_VIDEOS = tr.mark("Videos and images ({patterns});;All files (*)")


class SourceActions(QObject):
    """Has the session go over to other sources and models, and remembers those that run.

    Attributes:
        changed: another one is asked for: what shows that is to be made new.

    Args:
        window: that dialogs belong to.
        session: that goes over to them.
        banners: where new cameras are offered.
        settings: gives those that hold now.
        remember: changes and saves settings.
    """

    changed = pyqtSignal()

    def __init__(
        self,
        window: QWidget,
        session: LiveSession,
        banners: BannerStack,
        settings: Callable[[], Settings],
        remember: Callable[..., Any],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._banners = banners
        self._settings = settings
        self._remember = remember
        self._wanted: dict[str, str] = {}

    def select(self, spec: str) -> None:
        """Go over to another source."""
        spec = storable(spec)
        self._wanted["source"] = spec
        self._session.select_source(spec)
        self.changed.emit()

    def select_model(self, name: str) -> None:
        """Go over to another model."""
        self._wanted["model"] = name
        self._session.select_model(name)
        self.changed.emit()

    def open_file(self) -> None:
        """Let a person name a video or an image."""
        title = tr("Open a video or an image")
        dialog = QFileDialog(self._window, title, self._last_folder(), tr(_VIDEOS, patterns=_PATTERNS))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        open_file_dialog(dialog, self.select)

    def open_folder(self) -> None:
        """Let a person name a folder of images."""
        dialog = QFileDialog(self._window, tr("Open a folder of images"), self._last_folder())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        open_file_dialog(dialog, self.select)

    def offer_camera(self) -> None:
        """Ask whether a camera that has just been plugged in shall be used."""
        camera = self._session.take_new_camera()
        if camera is not None:
            self._banners.show_message(
                Message("info", tr("Camera found: use {name}?", name=camera.name)),
                [(tr("Use it"), lambda: self.select(camera.spec)), (tr("Not now"), lambda: None)],
                stays=True,
            )

    def remember_what_runs(self, status: LiveStatus) -> None:
        """A source or model is remembered once it runs, not when it is asked for: it might fail at each start."""
        running = {"source": status.source_spec, "model": status.model}
        for name, wanted in list(self._wanted.items()):
            if running[name] == wanted:
                del self._wanted[name]
                self._remember(**{name: wanted} if name != "source" else self._remembered_source(wanted, status.live))

    def _remembered_source(self, spec: str, live: bool) -> dict[str, Any]:
        """A camera or stream is where the next start begins; files and folders are offered again."""
        if live:
            return {"source": spec}
        if spec == DEMO:
            return {}
        recent = self._settings().recent
        return {"recent": (spec, *(other for other in recent if other != spec))[:MOST_RECENT]}

    def _last_folder(self) -> str:
        recent = self._settings().recent
        if recent and Path(recent[0]).parent.is_dir():
            return str(Path(recent[0]).parent)
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)


def dropped(data: QMimeData | None) -> Path | None:
    """The one file or folder that is dropped, None where it is something else."""
    urls = data.urls() if data is not None else []
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
