"""Recording from the main window: by button, key or gesture, after a countdown; and what is done with the last one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QWidget

from app.live import LiveSession, LiveStatus
from app.live.countdown import Countdown
from app.live.gesture_control import GestureControl
from app.settings import Settings
from app.window.control_panel import ControlPanel
from app.window.image_view import ImageView
from app.window.session_actions import SessionActions
from app.window.texts import gesture_text, sign_text
from tracking.gestures import Gesture
from tracking.values import TrackedFrame


class RecordingControls(QObject):
    """Begins and ends recordings, and opens the last one.

    Attributes:
        changed: a recording begins, ends, or is counted down to: what shows that is to be made new.

    Args:
        window: whose part this is.
        session: that records.
        sessions: opens, exports and shows the last recording.
        settings: gives those that hold now.
        remember: changes and saves settings.
    """

    changed = pyqtSignal()

    def __init__(
        self,
        window: QWidget,
        session: LiveSession,
        sessions: SessionActions,
        settings: Callable[[], Settings],
        remember: Callable[..., Any],
    ) -> None:
        super().__init__(window)
        self._session = session
        self._sessions = sessions
        self._settings = settings
        self._remember = remember
        self._countdown = Countdown()
        self._gestures = GestureControl()
        self._gestures.choose(settings().gesture_recording)
        self._last: Path | None = None

    def attach(self, panel: ControlPanel, view: ImageView) -> None:
        """Serve these; they are others after each change of language."""
        self._panel, self._view = panel, view
        panel.record_toggled.connect(self.toggle)
        panel.folder_shown.connect(lambda: self._with_last(self._sessions.show_folder))
        panel.replay_wanted.connect(lambda: self._with_last(self._sessions.open))
        panel.export_wanted.connect(lambda: self._with_last(self._sessions.export))
        panel.gesture_chosen.connect(self._choose_gesture)
        panel.countdown_chosen.connect(lambda seconds: self._remember(countdown=seconds))

    def toggle(self) -> None:
        """End the recording or the countdown that runs, else begin one."""
        seconds = self._settings().countdown
        if self._session.status.recording is not None:
            self._session.stop_recording()
        elif self._countdown.running:
            self._countdown.stop()
        elif seconds and self._session.status.source:
            self._countdown.start(seconds, self._session.now_ns())
        else:
            self._start()
        self.changed.emit()

    def see(self, tracked: TrackedFrame) -> None:
        """Enter a frame, which may show the gesture."""
        if self._gestures.update(tracked):
            self.toggle()

    def restart(self) -> None:
        """Another source begins: no hand holds a gesture."""
        self._gestures.let_go()

    def refresh(self, status: LiveStatus) -> None:
        """Count down, show the sign over the image, and hand a new recording to the list of sessions."""
        now = self._session.now_ns()
        if not status.source:
            self._countdown.stop()
        if self._countdown.take_due(now):
            self._start()
        elif self._countdown.running:
            self._panel.show_countdown(self._countdown.left(now))
        self._view.set_sign(*sign_text(self._session.status.recording, self._countdown.left(now)))
        if status.last_recording not in (None, self._last):
            self._last = status.last_recording
            self._sessions.recorded()

    def gesture_hint(self, status: LiveStatus) -> str:
        """What a gesture that is held is about to do, "" for nothing."""
        recording = status.recording is not None or self._countdown.running
        return gesture_text(self._gestures.gesture, self._gestures.held, recording)

    def _start(self) -> None:
        panel = self._panel
        self._session.start_recording(panel.title_edit.text().strip(), panel.notes_edit.text().strip())
        panel.title_edit.clear()
        panel.notes_edit.clear()

    def _choose_gesture(self, gesture: Gesture | None) -> None:
        self._remember(gesture_recording=gesture)
        self._gestures.choose(gesture)

    def _with_last(self, action: Callable[[Path], None]) -> None:
        folder = self._session.status.last_recording
        if folder is not None:
            action(folder)
