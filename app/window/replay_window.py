"""A recorded session in a window of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QCloseEvent
from PyQt5.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.live.scene_loop import SceneJob
from app.replay.values import RECORDED, ReplayFrame, ReplayStatus
from app.settings import Settings
from app.window.actions import add_action
from app.window.banner import BannerStack
from app.window.help_panel import show_help
from app.window.icons import application_icon
from app.window.image_view import ImageView, PaneTag
from app.window.keys import give_controls_their_keys
from app.window.language import Texts
from app.window.placement import open_at
from app.window.replay_controls import TransportBar
from app.window.replay_runs import RunsBar, run_title
from app.window.scene_view import SceneView
from app.window.spoken_window import SpokenWindow
from app.window.theme import scene_colours
from app.window.wheel import keep_wheel_from_controls
from render.protocol import OverlayStyle

if TYPE_CHECKING:
    from app.replay.replay_session import ReplaySession

tr = Texts("ReplayWindow")

PULL_MS = 8
REFRESH_MS = 50


class ReplayWindow(SpokenWindow):
    """Pictures, timeline and runs of one session.

    Signals:
        closed: the window and its session are done with.

    Attributes:
        folder: of the session.

    Args:
        session: started with the window, closed with it.
        settings: how hands are drawn to begin with, with the screen's pixels or the video's.
        models: names of the models that can be run.
    """

    closed = pyqtSignal()

    def __init__(self, session: ReplaySession, settings: Settings, models: Sequence[str]) -> None:
        super().__init__()
        self._session = session
        self._style = OverlayStyle(view=settings.view, opacity=settings.opacity)
        self.folder = session.clip.session.path
        self._mano_dir = settings.mano_dir
        self._picture: ReplayFrame | None = None
        self.setWindowTitle(f"{self.folder.resolve().name} – Bothhands")
        self.setWindowIcon(application_icon())
        self._models = models
        self._mirrored, self._shows_scene = settings.mirror_files, settings.scene
        self._crisp = settings.crisp
        self.banners = BannerStack()
        self.compose()
        open_at(self, None, QSize(1080, 780))
        self._timers = [self._timer(PULL_MS, self._pull), self._timer(REFRESH_MS, self._refresh)]
        session.set_style(self._style)
        session.start()
        self._refresh()

    # Construction.

    def _compose(self) -> None:
        self._build(self._models)
        self._connect()
        self._build_actions(self._mirrored, self._shows_scene, self._models)

    def _compose_again(self) -> None:
        super()._compose_again()
        if self._picture is not None:
            self.view.show_image(self._picture)
        self._refresh()

    def _build(self, models: Sequence[str]) -> None:
        self.view = ImageView()
        self.view.set_mirrored(self._mirrored)
        self.view.setAccessibleName(tr("Recorded video"))
        self.view.set_placeholder(tr("Reading the session…"))
        self.transport = TransportBar()
        self.runs = RunsBar(models, can_run=self._session.clip.index is not None)
        self.scene_view = SceneView()
        stage = QGridLayout()
        stage.setSpacing(0)
        stage.addWidget(self.view, 0, 0)
        stage.addWidget(self.scene_view, 0, 1)
        stage.addWidget(self.banners, 0, 0, Qt.AlignmentFlag.AlignTop)
        self.banners.covers.connect(self.view.set_covered)
        stage.setColumnStretch(0, 3)
        self._stage = stage
        below = QVBoxLayout()
        below.setContentsMargins(16, 8, 16, 14)
        below.setSpacing(10)
        below.addWidget(self.transport)
        below.addWidget(self.runs)
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(stage, 1)
        layout.addLayout(below)
        self.setCentralWidget(centre)
        keep_wheel_from_controls(self)
        give_controls_their_keys(self, but=self.transport.timeline)

    def _connect(self) -> None:
        session = self._session
        self.transport.toggled.connect(lambda: self._do(session.toggle))
        self.transport.sought.connect(lambda number: self._do(session.seek, number))
        self.transport.stepped.connect(lambda pictures: self._do(session.step, pictures))
        self.transport.speed_chosen.connect(lambda speed: self._do(session.set_speed, speed))
        self.transport.loop_toggled.connect(lambda loop: self._do(session.set_loop, loop))
        self.scene_view.moved.connect(self._look)
        if self._crisp:
            self.view.framed.connect(session.set_framing)
        self.runs.shown_chosen.connect(lambda name: self._do(session.show_run, name))
        self.runs.compared_chosen.connect(lambda name: self._do(session.compare_with, name))
        self.runs.run_wanted.connect(self.run_model)
        self.runs.cancel_wanted.connect(lambda: self._do(session.cancel_run))

    def _build_actions(self, mirrored: bool, scene: bool, models: Sequence[str]) -> None:
        bar = self.menuBar()
        assert bar is not None, "a main window makes its own menu bar"
        titles = (tr("&File"), tr("&Play"), tr("&View"), tr("&Model"), tr("&Help"))
        file, play, view, run, helping = (bar.addMenu(title) for title in titles)
        session, transport = self._session, self.transport
        add_action(self, file, tr("&Export…"), "Ctrl+S", self._export)
        add_action(self, file, tr("&Close"), "Ctrl+W", self.close)
        for text, key, wish in (
            (tr("&Play or pause"), "Space", session.toggle),
            (tr("One frame &back"), "Left", lambda: session.step(-1)),
            (tr("One frame &forward"), "Right", lambda: session.step(1)),
            (tr("One &second back"), "Shift+Left", lambda: session.skip(-1.0)),
            (tr("One second f&orward"), "Shift+Right", lambda: session.skip(1.0)),
            (tr("To the be&ginning"), "Home", lambda: session.seek(0)),
            (tr("To the &end"), "End", lambda: session.seek(session.status.count - 1)),
            (tr("Fas&ter"), "Up", lambda: transport.change_speed(faster=True)),
            (tr("Slo&wer"), "Down", lambda: transport.change_speed(faster=False)),
            (tr("&Loop"), "Ctrl+L", transport.loop_box.toggle),
        ):
            add_action(self, play, text, key, lambda wish=wish: self._do(wish))
        mirror = add_action(self, view, tr("&Mirror the video"), "Ctrl+M", lambda: self._mirror(mirror.isChecked()))
        mirror.setCheckable(True)
        mirror.setChecked(mirrored)
        add_action(self, view, tr("Mesh or &skeleton"), "Ctrl+K", self._toggle_view)
        self._scene_action = add_action(self, view, tr("&3D view beside the video"), "Ctrl+D", self._show_scene)
        self._scene_action.setCheckable(True)
        self._scene_action.setChecked(scene)
        self._show_scene()
        self._run_actions = [
            add_action(
                self, run, tr("Run {model} on this session", model=name), "", lambda name=name: self.run_model(name)
            )
            for name in models
        ]
        self._cancel_action = add_action(self, run, tr("&Cancel the run"), "", lambda: self._do(session.cancel_run))
        add_action(self, helping, tr("&Keys"), "F1", lambda: show_help(self))

    def _timer(self, interval: int, slot: Any) -> QTimer:
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(slot)
        timer.start(interval)
        return timer

    def run_model(self, model: str) -> None:
        """As if this model had been chosen to run."""
        self._do(self._session.run_model, model)

    # Images and news.

    def _pull(self) -> None:
        picture = self._session.newest()
        if picture is not None:
            self._picture = picture
            self.view.show_image(picture)
            self._look()
        self.scene_view.show_newest(self._session.scene.images)

    def _look(self) -> None:
        """Have the hands of the run that is shown, the first of two, drawn from where the viewer stands now."""
        picture, view = self._picture, self.scene_view
        if picture is None or picture.intrinsics is None or not view.isVisible():
            return
        hands = next(iter(picture.hands.values()))
        style, faces = OverlayStyle(view=self._style.view, line_px=view.line_px), self._session.faces
        self._session.scene.jobs.put(
            SceneJob(hands, picture.intrinsics, faces, view.orbit, view.pixels, style, scene_colours())
        )

    def _show_scene(self) -> None:
        shown = self._shows_scene = self._scene_action.isChecked()
        self.scene_view.setVisible(shown)
        self._stage.setColumnStretch(1, 2 if shown else 0)  # an empty column would keep its share
        self._look()

    def _refresh(self) -> None:
        status = self._session.status
        self.transport.show_status(status)
        self.runs.show_status(status)
        for action in self._run_actions:
            action.setEnabled(self._session.clip.index is not None and status.running is None)
        self._cancel_action.setEnabled(status.running is not None)
        self._show_titles(status)
        for message in self._session.messages():
            self.banners.show_message(message)

    def _show_titles(self, status: ReplayStatus) -> None:
        """Two runs beside each other are named."""
        runs = () if status.compared is None else (status.shown, status.compared)
        self.view.set_tags([PaneTag(run_title(name, status.runs[name])) for name in runs])

    # What a person wants.

    def _do(self, wish: Any, *arguments: Any) -> None:
        wish(*arguments)
        self._refresh()

    def _export(self) -> None:
        from app.window.export_dialog import ExportDialog  # its formats are needed by few

        shown = self._session.status.shown
        run = None if shown == RECORDED else shown
        ExportDialog(self.folder, self, mano_dir=self._mano_dir, run=run).open()

    def _mirror(self, mirrored: bool) -> None:
        self._mirrored = mirrored
        self.view.set_mirrored(mirrored)

    def _toggle_view(self) -> None:
        view = "mesh" if self._style.view == "skeleton" else "skeleton"
        self._style = OverlayStyle(view=view, opacity=self._style.opacity)
        self._session.set_style(self._style)
        self._look()

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802
        """Qt: the window goes at once, then the session ends."""
        for timer in self._timers:
            timer.stop()
        self.hide()
        self._session.close()
        self.closed.emit()
        super().closeEvent(a0)
