"""What a person can do with recorded sessions from the main window: replay them, recover unfinished ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, Qt, QUrl
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import QFileDialog, QWidget

from app.live import Message
from app.sessions.marker import find_unfinished
from app.settings import Settings, SettingsStore
from app.window.banner import BannerStack, InFront
from app.window.dialogs import open_file_dialog
from app.window.language import Texts
from app.window.replay_window import ReplayWindow
from app.window.tasks import WindowTasks
from models.registry import list_models, model_card

if TYPE_CHECKING:
    from app.replay.clip import Clip
    from app.sessions.recovery import Recovery
    from app.window.session_browser import SessionBrowser

tr = Texts("SessionActions")


class SessionActions(QObject):
    """Opens replays and offers recoveries. Whatever takes time runs beside the window, heavy imports included.

    Args:
        window: that dialogs belong to.
        banners: where messages and the offer are shown while the list of sessions is closed.
        store: where sessions are recorded to, and how hands are drawn.
    """

    def __init__(self, window: QWidget, banners: BannerStack, store: SettingsStore) -> None:
        super().__init__(window)
        self._window = window
        self._banners = InFront(banners, lambda: self.browser)
        self._store = store
        self.tasks = WindowTasks(self, self._banners)
        self.replays: list[ReplayWindow] = []
        self.browser: SessionBrowser | None = None
        self.gone: set[Path] = set()
        """Sessions that were moved to the bin, resolved."""
        self._recovering: set[Path] = set()

    def choose(self) -> None:
        """Let a person name a session folder, and open it."""
        recordings = self._store.current.recordings
        dialog = QFileDialog(
            self._window, tr("Open a recorded session"), str(recordings if recordings.is_dir() else "")
        )
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        open_file_dialog(dialog, lambda path: self.open(Path(path)))

    def open(self, folder: Path) -> None:
        """Replay a session in a window of its own."""
        mano_dir = self._store.current.mano_dir

        def work() -> Clip:
            from app.replay.probe import open_clip_safely

            return open_clip_safely(folder, mano_dir)

        self.tasks.begin("open-session", work, self._show)

    def browse(self) -> None:
        """Show all sessions."""
        if self.browser is None:
            from app.window.session_browser import SessionBrowser

            self.browser = SessionBrowser(lambda: self._store.current.recordings, self, self._window)
        self.browser.open_list()

    def prepare(self) -> None:
        """Import what the first look at the sessions needs, beside the window, which would stand still for it."""
        self.tasks.begin("imports", lambda: import_module(f"{__package__}.session_browser"), lambda _: None)

    def export(self, folder: Path) -> None:
        """Ask for a format and export a session."""
        from app.window.export_dialog import ExportDialog  # its formats are needed by few

        above = self.browser if self.browser is not None and self.browser.isVisible() else self._window
        ExportDialog(folder, above, mano_dir=self._store.current.mano_dir).open()

    def recover(self, folder: Path, recovered: Callable[[], None]) -> None:
        """Complete a session, and call a function when that is done."""
        self._recover([folder], recovered)

    def show_folder(self, folder: Path) -> None:
        """Show a session's files."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._banners.show_message(Message("info", tr("The recording lies in {folder}.", folder=folder)))

    def is_open(self, folder: Path) -> bool:
        """Whether a session is shown in a replay."""
        return any(replay.folder.resolve() == folder.resolve() for replay in self.replays)

    def thrown_away(self, folder: Path) -> None:
        """A session is in the bin: it is not offered any more."""
        self.gone.add(folder.resolve())

    def brought_back(self, folder: Path) -> None:
        """A session was taken out of the bin again."""
        self.gone.discard(folder.resolve())

    def recorded(self) -> None:
        """There is one more session."""
        if self.browser is not None and self.browser.isVisible():
            self.browser.refresh()

    def offer_recovery(self) -> None:
        """Look for recordings that were cut off, and offer to recover them."""
        recordings = self._store.current.recordings
        self.tasks.begin("find-unfinished", lambda: find_unfinished(recordings), self._offer)

    def close(self) -> None:
        """Close all replays; what is being recovered is recovered whole."""
        for replay in list(self.replays):
            replay.close()
        if self.browser is not None:
            self.browser.hide()
            self.browser.tasks.close()
        self.tasks.close()

    def _show(self, clip: Clip) -> None:
        window = open_replay(clip, self._store.current)
        self.replays.append(window)
        window.closed.connect(lambda: self.replays.remove(window))
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.show()

    def _offer(self, unfinished: Sequence[Path]) -> None:
        if not unfinished:
            return
        names = ", ".join(path.name for path in unfinished[:3]) + (", …" if len(unfinished) > 3 else "")
        text = (
            tr("The recording {names} was cut off by a crash. It can be recovered up to its last second.", names=names)
            if len(unfinished) == 1
            else tr(
                "{count} recordings were cut off by a crash: {names}. They can be recovered up to their last second.",
                count=len(unfinished),
                names=names,
            )
        )
        self._banners.show_message(
            Message("warning", text),
            [(tr("Recover"), lambda: self._recover(unfinished)), (tr("Not now"), lambda: None)],
        )

    def _recover(self, unfinished: Sequence[Path], recovered: Callable[[], None] = lambda: None) -> None:
        def work(path: Path) -> Recovery:
            from app.replay.probe import recover_safely

            try:
                return recover_safely(path)
            finally:
                self._recovering.discard(path)

        for path in unfinished:
            if path in self._recovering:  # it was asked for twice
                continue
            self._recovering.add(path)
            self._banners.show_message(Message("info", tr("Recovering {name}…", name=path.name)), about=str(path))
            self.tasks.begin("recover", lambda path=path: work(path), lambda recovery: self._tell(recovery, recovered))

    def _tell(self, recovery: Recovery, recovered: Callable[[], None]) -> None:
        recovered()
        actions = [] if recovery.info is None else [(tr("Replay"), lambda: self.open(recovery.path))]
        self._banners.show_message(Message("info", recovery.text()), actions, about=str(recovery.path))


def open_replay(clip: Clip, settings: Settings) -> ReplayWindow:
    """A window for an open session; not shown yet."""
    from app.replay.replay_session import ReplaySession
    from render import create_renderer

    session = ReplaySession(clip, lambda faces: create_renderer(settings.renderer, faces), device=settings.device)
    return ReplayWindow(session, settings, [name for name in list_models() if not model_card(name).untrained])
