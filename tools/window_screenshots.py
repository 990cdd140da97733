"""Screenshots of every state of the window, to be looked at: `python -m tools.window_screenshots FOLDER`.

The window runs on the demo clip, on an X server without a screen (Xvfb). What is cut off or covers something else is
seen at once when the folder is looked through; the images in the documentation are some of these.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.x_server import start_x_server

if TYPE_CHECKING:
    from PyQt5.QtWidgets import QWidget

    from app.window.banner import BannerStack
    from app.window.main_window import MainWindow

PATIENCE_SECONDS = 600
STEP_MS = 150
"""Between two steps: what was asked for is laid out and painted by then."""
GOOD_FRAMES = (100, 248, 190)
"""Of the demo clip: hands that are seen well."""

Step = Callable[[], bool] | tuple[str, "QWidget"]
"""What is waited for, or a screenshot's name and what is on it."""


def tour(window: MainWindow) -> Iterator[Step]:
    """Every state, one after the other."""
    from PyQt5.QtWidgets import QApplication, QDialog, QMenu

    actions, session = window.commands.actions, window._session

    def frame(number: int) -> Callable[[], bool]:
        """The clip has come by here, and hands are shown."""
        player = session.player
        if player is not None:
            player.seek(number - 10)

        def there() -> bool:
            seen, playback = window._picture, session.status.playback
            hands = seen is not None and bool(seen.tracked.hands.hands)
            return hands and playback is not None and number <= playback.position < number + 40

        return there

    def dialog(kind: str) -> Any:
        return next(part for part in QApplication.topLevelWidgets() if type(part).__name__ == kind and part.isVisible())

    def is_open(kind: str) -> Callable[[], bool]:
        return lambda: any(type(part).__name__ == kind and part.isVisible() for part in QApplication.topLevelWidgets())

    def message_less(banners: BannerStack) -> None:
        for banner in banners.banners:
            banner.dismissed.emit()

    yield "starting", window
    yield lambda: len(session.status.hands) == 2 and bool(session.model_cards)
    yield frame(GOOD_FRAMES[1])
    yield "window", window
    unfolded = [section.button.isChecked() for section in window.panel.sections]
    for section in window.panel.sections:
        section.fold(False)
    yield lambda: len(session.status.hands) == 2
    yield "panel", window.panel
    for section, was in zip(window.panel.sections, unfolded, strict=True):
        section.fold(not was)
    bar = window.menuBar()
    assert bar is not None
    for place, action in enumerate(bar.actions()):
        menu = action.menu()
        if isinstance(menu, QMenu):
            menu.popup(window.mapToGlobal(bar.actionGeometry(action).bottomLeft()))
            yield lambda menu=menu: menu.isVisible()
            yield f"menu-{place + 1}", menu
            menu.hide()
    actions["scene"].trigger()
    yield frame(GOOD_FRAMES[2])
    yield lambda: window.scene_view._pixels is not None
    yield "scene", window
    actions["scene"].trigger()
    actions["setup"].trigger()
    yield frame(GOOD_FRAMES[0])
    yield frame(GOOD_FRAMES[2])
    yield "setup", window
    window.setup_page.done_button.click()
    actions["calibrate-hands"].trigger()
    yield frame(GOOD_FRAMES[1])
    yield "hand-shape", window
    window.hands.leave()
    actions["camera-angle"].trigger()
    yield frame(GOOD_FRAMES[1])
    window.cameras.page.field_of_view.angle_box.setValue(78.0)
    yield frame(GOOD_FRAMES[1])
    yield "camera-angle", window
    window.cameras.leave()
    actions["camera-board"].trigger()
    yield frame(GOOD_FRAMES[0])
    yield "camera-board", window
    window.cameras.leave()
    actions["compare"].trigger()
    yield lambda: session.status.comparison is not None
    yield "compare-loading", window
    yield lambda: window._picture is not None and window._picture.beside is not None
    yield frame(GOOD_FRAMES[1])
    yield lambda: bool(window._picture and window._picture.beside and window._picture.beside.tracked.hands.hands)
    yield "compare", window
    yield lambda: len(window._speeds.milliseconds) > 1  # both models ran for long enough
    actions["compare"].trigger()
    yield lambda: session.status.comparison is None
    actions["models"].trigger()
    yield lambda: window.model_cards.isVisible()
    yield "models", window.model_cards
    window.model_cards.hide()
    window.panel.title_edit.setText("Piano")
    window.panel.record_button.click()
    yield lambda: session.status.recording is not None and session.status.recording.frames > 40
    yield "recording", window
    window.panel.record_button.click()
    yield lambda: session.status.last_recording is not None
    yield "recorded", window
    message_less(window.banners)
    actions["sessions"].trigger()
    yield lambda: bool(window.sessions.browser and window.sessions.browser.list.count())
    yield lambda: not window.sessions.browser.tasks._tasks  # type: ignore[union-attr]
    window.sessions.browser.list.setCurrentRow(0)  # type: ignore[union-attr]
    yield lambda: True
    assert window.sessions.browser is not None
    yield "sessions", window.sessions.browser
    window.sessions.browser.hide()
    for name, kind in (("log", "LogPanel"), ("help", "HelpPanel"), ("shortcuts", "ShortcutEditor")):
        actions[name].trigger()
        yield is_open(kind)
        yield name, dialog(kind)
        dialog(kind).close()
    actions["about"].trigger()
    yield is_open("AboutDialog")
    yield "about", dialog("AboutDialog")
    dialog("AboutDialog").close()
    window.panel.replay_wanted.emit()
    yield lambda: bool(window.sessions.replays)
    replay = window.sessions.replays[0]
    replay.resize(window.size())
    yield lambda: replay._picture is not None
    replay._session.seek(20)
    yield lambda: True
    yield "replay", replay
    replay._scene_action.trigger()
    yield lambda: replay.scene_view._pixels is not None
    yield "replay-scene", replay
    replay._scene_action.trigger()
    replay.runs.run_button.click()
    yield lambda: len(replay.view._tags) > 1 and replay._session.status.running is None
    yield lambda: len(replay.view._pixels) > 1
    message_less(replay.banners)
    yield lambda: True
    yield "replay-runs", replay
    replay._export()
    yield lambda: any(part.isVisible() for part in replay.findChildren(QDialog))
    yield "export", dialog("ExportDialog")
    dialog("ExportDialog").close()
    replay.close()
    window.sources.select("/nowhere/holiday.mp4")
    yield lambda: any(banner.message.severity == "error" for banner in window.banners.banners)
    yield "error", window
    message_less(window.banners)
    actions["full-screen"].trigger()
    yield lambda: window.isFullScreen()
    window.sources.select("demo")
    yield frame(GOOD_FRAMES[0])
    yield "full-screen", window
    actions["leave-full-screen"].trigger()
    yield lambda: not window.isFullScreen()


def show(folder: Path, size: tuple[int, int], language: str, theme: str, text_size: int) -> int:
    """Run the window and take the screenshots; in a process that has a display.

    Args:
        folder: gets a PNG of each state.
        size: of the window, in its own pixels.
        language: that it speaks.
        theme: its colours.
        text_size: percent.

    Returns:
        The exit code.
    """
    from PyQt5.QtCore import QTimer

    from app.settings import SettingsStore
    from app.window import application, run_window

    failed: list[bool] = []

    class Guided(application.MainWindow):
        """Goes through all states by itself."""

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self.resize(*size)
            self._tour = tour(self)
            self._waited_for: Step = lambda: True
            self._steps = QTimer(self)
            self._steps.timeout.connect(self._go_on)
            self._steps.start(STEP_MS)

        def _go_on(self) -> None:
            wanted = self._waited_for
            if callable(wanted):
                if not wanted():
                    return
            else:
                name, part = wanted
                part.grab().save(str(folder / f"{name}.png"))
            try:
                self._waited_for = next(self._tour)
            except StopIteration:
                self._steps.stop()
                self.close()
            except Exception:
                failed.append(True)
                self._steps.stop()  # what comes after it would be waited for until patience ends
                self.close()
                raise

    application.MainWindow = Guided
    with tempfile.TemporaryDirectory() as home:
        choices = {"source": "demo", "recordings": Path(home) / "takes", "setup_checked": True}
        look = {"language": language, "theme": theme, "text_size": text_size}
        code = run_window(SettingsStore.load(Path(home) / "settings.json", **choices, **look))
    return code or int(any(failed))


def main(arguments: list[str] | None = None) -> int:
    """Take the screenshots; the exit code is 0 where all were taken."""
    parser = argparse.ArgumentParser(prog="python -m tools.window_screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="gets a PNG of each state")
    parser.add_argument("--size", default="1280x720", help="of the window (%(default)s)")
    parser.add_argument("--scale", type=float, default=1.0, help="pixels of the screen for one of the window's")
    parser.add_argument("--language", choices=("en", "de"), default="en")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--text-size", type=int, default=100, metavar="PERCENT")
    parser.add_argument("--here", action="store_true", help="on the display that there is, not on one of its own")
    given = parser.parse_args(arguments)
    width, height = (int(side) for side in given.size.split("x"))
    if given.here:
        given.folder.mkdir(parents=True, exist_ok=True)
        return show(given.folder, (width, height), given.language, given.theme, given.text_size)
    screen = round(width * given.scale), round(height * given.scale)
    server, display = start_x_server(screen)
    try:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": str(given.scale)}
        command = [sys.executable, "-m", __spec__.name, *(sys.argv[1:] if arguments is None else arguments), "--here"]
        return subprocess.run(command, env=environment, check=False, timeout=PATIENCE_SECONDS).returncode
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
