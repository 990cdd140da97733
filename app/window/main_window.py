"""The main window: pulls images and news from the live session, and passes on what a person wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import get_ident
from time import perf_counter_ns
from typing import Any

from PyQt5.QtCore import QRect, QSize, QStandardPaths, Qt, QTimer
from PyQt5.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PyQt5.QtWidgets import (
    QAction,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.live import DEMO, LiveSession, LiveStatus, Message, Player, RenderedFrame
from app.live.model_speed import ModelSpeeds
from app.live.scene_loop import SceneJob
from app.live.setup_check import Finding, SetupCheck
from app.live.stall_watch import StallSampler, StallWatch, runs_in
from app.live.statistics import AgeMeter, HandWatch, StageMeter
from app.log_buffer import LogBuffer
from app.memory import resident_memory
from app.outputs.streaming.output import StreamKind
from app.outputs.streaming.settings import stream_settings
from app.profiles import Profile, known_values
from app.sessions.files import is_session
from app.settings import LARGEST_TEXT, SMALLEST_TEXT, SettingsStore, WindowGeometry
from app.shortcuts import MODELS
from app.snapshots import save_snapshot
from app.window.about import AboutDialog, about_text
from app.window.actions import add_action
from app.window.banner import BannerStack, InFront
from app.window.cameras import Cameras
from app.window.commands import Commands
from app.window.comparison import Comparison
from app.window.control_panel import ControlPanel, Smoothing
from app.window.figures_bar import FiguresBar
from app.window.hand_shapes import HandShapes
from app.window.help_panel import show_help
from app.window.icons import application_icon
from app.window.image_view import ZOOM_STEP, ImageView
from app.window.keys import give_controls_their_keys
from app.window.language import Texts, worded
from app.window.language_menu import LanguageMenu
from app.window.log_panel import LogPanel
from app.window.look import Look
from app.window.model_cards import ModelCards
from app.window.placement import open_at
from app.window.profile_menu import ProfileMenu
from app.window.recording_controls import RecordingControls
from app.window.replay_controls import TransportBar, TransportKeys
from app.window.scene_view import SceneView
from app.window.session_actions import SessionActions
from app.window.settings_saver import SettingsSaver
from app.window.setup_page import SetupPage
from app.window.shortcut_editor import ShortcutEditor
from app.window.source_actions import SourceActions, dropped
from app.window.spoken_window import SpokenWindow
from app.window.tasks import WindowTasks
from app.window.texts import (
    NO_SOURCE,
    health_text,
    hint_text,
    loading_text,
    model_name,
    wording,
)
from app.window.theme import scaled, scene_colours
from app.window.weights_actions import WeightsActions
from app.window.wheel import keep_wheel_from_controls
from models.errors import BothhandsError
from models.registry import ModelCard
from models.values import Reconstruction
from render.protocol import OverlayStyle
from tracking.sources import is_camera, is_url

tr = Texts("MainWindow")

_PICTURES = QStandardPaths.StandardLocation.PicturesLocation
PULL_MS = 4
"""How often the newest image is asked for: what this adds to its age is half of it on average."""
REFRESH_MS = 100
BEAT_MS = 10
"""How often the event loop tells that it turns."""
PANEL_WIDTH = 304
TEXT_STEP = 10
"""Percent."""
FIRST_SIZE = QSize(1200, 800)
_FULL_SCREEN = tr.mark("Full screen: a right click on the video shows the way out.")


class MainWindow(SpokenWindow):
    """Image, controls, figures and messages.

    Args:
        session: started already or soon; closed with the window.
        store: what to begin with, and where choices are remembered.
        log: what the log panel shows; None where nothing is kept.
    """

    def __init__(self, session: LiveSession, store: SettingsStore, log: LogBuffer | None = None) -> None:
        super().__init__()
        self._log = log or LogBuffer()
        self._session = session
        self._store = store
        self._age = AgeMeter()
        self._stages = StageMeter()
        self._watch = HandWatch()
        self._source = ""
        self._shown_model = ""
        self._picture: RenderedFrame | None = None
        self._no_hand = False
        self._was_maximized = False
        self._next_panel: ControlPanel | None = None
        self._next_page: SetupPage | None = None
        self._next_transport: TransportBar | None = None
        self._closed = False
        self._prepared = False
        self.setWindowTitle("Bothhands")
        self.setWindowIcon(application_icon())
        self._speeds = ModelSpeeds(store.current.model_ms)
        self.banners = BannerStack()
        self.weights = WeightsActions(self, InFront(self.banners, lambda: self.model_cards), session.reread_cards)
        self.tasks = WindowTasks(self, self.banners)
        self.saver = SettingsSaver(self, store, self.banners)
        self._snapshots = Path(QStandardPaths.writableLocation(_PICTURES) or Path.home()) / "Bothhands"
        self.sessions = SessionActions(self, self.banners, store)
        self.sources = SourceActions(self, session, self.banners, lambda: store.current, self._remember)
        self.sources.changed.connect(self._refresh)
        self.recording = RecordingControls(self, session, self.sessions, lambda: store.current, self._remember)
        self.recording.changed.connect(self._refresh)
        self._appearance = Look(self)
        self._appearance.changed.connect(self._show_new_look)
        self.compose()
        self._restore_geometry()
        if store.notice:
            self.banners.show_message(Message("warning", store.notice))
        self._pull_timer = self._timer(PULL_MS, self._pull, Qt.TimerType.PreciseTimer)
        own = get_ident()
        self.stall_watch = StallWatch(perf_counter_ns, BEAT_MS * 1_000_000, lambda: runs_in(own))
        self._beat_timer = self._timer(BEAT_MS, self.stall_watch.beat, Qt.TimerType.PreciseTimer)
        self._stall_sampler: StallSampler | None = None
        self._refresh_timer = self._timer(REFRESH_MS, self._refresh, Qt.TimerType.CoarseTimer)
        self._refresh()

    # Construction.

    def _compose(self) -> None:
        self._build()
        self._connect()
        self._build_actions()

    def _make_ahead(self) -> Iterator[None]:
        self._next_panel = ControlPanel(self._store.current, self._session.models)
        yield
        self._next_page = SetupPage(self._check_setup)
        self._next_transport = TransportBar()
        yield

    def _compose_again(self) -> None:
        panel, setup, orbit = self.panel, self.setup_page.is_open, self.scene_view.orbit
        measuring, shown = self.hands.measuring, self.model_cards.isVisible()
        if self.cameras.busy:
            self.cameras.leave()
        super()._compose_again()
        self.panel.title_edit.setText(panel.title_edit.text())
        self.panel.notes_edit.setText(panel.notes_edit.text())
        self.scene_view.orbit = orbit
        if self._picture is not None:
            self.view.show_image(self._picture)
        self._show_controls(not self.isFullScreen())
        if setup:
            self.setup_page.open()
        if measuring:
            self.hands.measure()
        self._source = ""  # what goes with it is shown again
        self.setUpdatesEnabled(False)  # until it shows what goes on: in a turn of its own, as it takes long as well
        QTimer.singleShot(0, lambda: self._go_on_showing(shown))

    def _go_on_showing(self, models: bool) -> None:
        if self._closed:
            return
        self._refresh()
        if self._picture is not None:
            self.cameras.see(self._picture)  # of a clip that is paused there is no other
        self._look()
        if models:
            self._show_models()
        self.setUpdatesEnabled(True)

    def _build(self) -> None:
        settings = self._store.current
        self.view = ImageView()
        self.panel = self._next_panel or ControlPanel(settings, self._session.models)
        self.setup_page = self._next_page or SetupPage(self._check_setup)
        self.transport = self._next_transport or TransportBar()
        self._next_panel = self._next_page = self._next_transport = None
        self.figures = FiguresBar()
        self.model_cards = ModelCards(self)
        # From the window down: what is put into it last is styled once, and not again with each part that it lies in.
        centre = QWidget()
        self.setCentralWidget(centre)
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        row.addLayout(left, 1)
        stage = QGridLayout()
        left.addLayout(stage, 1)
        stage.addWidget(self.view, 0, 0)
        self.scene_view = SceneView()
        stage.addWidget(self.scene_view, 0, 1)
        stage.setColumnStretch(0, 3)
        stage.setSpacing(0)
        self._stage = stage
        self._show_scene(settings.scene)
        stage.addWidget(self.banners, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("panelScroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows what has the focus in it
        self._scroll.setFixedWidth(scaled(PANEL_WIDTH))
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row.addWidget(self._scroll)
        self._scroll.setWidget(self.panel)
        self.transport.setContentsMargins(16, 8, 16, 8)
        self.transport.hide()
        keep_wheel_from_controls(self.transport)
        self.comparison = Comparison(self, self._session, self.view, self.banners)
        left.addWidget(self.comparison.bar)
        left.addWidget(self.setup_page)
        self.cameras = Cameras(
            self,
            self._session,
            self.banners,
            lambda: self._store.current,
            self._remember,
            lambda: self._shows_mirrored,
        )
        left.addWidget(self.cameras.page)
        left.addWidget(self.transport)
        self.setStatusBar(self.figures)
        self.setAcceptDrops(True)
        self.hands = HandShapes(self, self._session, self.banners, lambda: self._store.current, self._remember)
        below = QWidget()  # keeps the guide in the middle of the image's lower edge
        row = QHBoxLayout(below)
        row.addStretch(1)
        row.addWidget(self.hands.guide, 100)
        row.addStretch(1)
        stage.addWidget(below, 0, 0, Qt.AlignmentFlag.AlignBottom)
        give_controls_their_keys(centre)

    def _connect(self) -> None:
        self.view.painted.connect(self._painted)
        self.banners.covers.connect(self.view.set_covered)
        self.view.framed.connect(lambda _: self._frame())
        self.scene_view.moved.connect(self._look)
        self.cameras.page.opened.connect(lambda opened: self.setup_page.set_room(not opened))
        self.setup_page.closed.connect(lambda: self._remember(setup_checked=True))
        self.transport.toggled.connect(lambda: self._play(lambda player: player.toggle()))
        self.transport.sought.connect(lambda number: self._play(lambda player: player.seek(number)))
        self.transport.stepped.connect(lambda pictures: self._play(lambda player: player.step(pictures)))
        self.transport.speed_chosen.connect(lambda speed: self._play(lambda player: player.set_speed(speed)))
        self.transport.loop_toggled.connect(lambda loop: self._play(lambda player: player.set_loop(loop)))
        self.recording.attach(self.panel, self.view)
        self.panel.source_chosen.connect(self.sources.select)
        self.panel.file_wanted.connect(self.sources.open_file)
        self.panel.folder_wanted.connect(self.sources.open_folder)
        self.panel.refresh_wanted.connect(self._session.find_cameras)
        self.panel.camera_modes.mode_chosen.connect(self.cameras.choose_mode)
        self.panel.camera_modes.other_wanted.connect(self.cameras.ask_mode)
        self.panel.model_chosen.connect(self.sources.select_model)
        self.panel.import_wanted.connect(self.weights.choose)
        self.panel.cards_wanted.connect(self._show_models)
        self.model_cards.model_chosen.connect(self.sources.select_model)
        self.model_cards.import_wanted.connect(self.weights.choose)
        self.model_cards.compare_wanted.connect(self._compare)
        self.panel.sessions_wanted.connect(self.sessions.browse)
        self.panel.view_chosen.connect(lambda view: self._restyle(view=view))
        self.panel.opacity_changed.connect(lambda opacity: self._restyle(opacity=opacity))
        self.panel.mirror_toggled.connect(self._mirror)
        self.panel.smoothing_changed.connect(self._smooth)
        self.panel.folded_changed.connect(lambda folded: self._remember(folded=folded))
        self.panel.streams.start_wanted.connect(
            lambda kind, address: self._session.start_stream(kind, address, watched=True)
        )
        self.panel.streams.stop_wanted.connect(self._stop_stream)
        # By the event loop: the sentence gets its height first.
        self.panel.streams.complained.connect(
            lambda caption: QTimer.singleShot(0, lambda: self._bring_into_view(caption))
        )
        self.panel.streams.failed.connect(self._forget_stream)
        self.panel.streams.begun.connect(self._remember_stream)

    def _build_actions(self) -> None:
        bar = self.menuBar()
        assert bar is not None, "a main window makes its own menu bar"
        names = (tr("&File"), tr("&Play"), tr("&View"), tr("&Model"), tr("&Camera"), tr("H&ands"), tr("&Help"))
        file, play, view, model, camera, hands, helping = (bar.addMenu(name) for name in names)
        self.commands = Commands(self, self._store.current.shortcuts)
        add = self.commands.add
        add(file, "open-file", self.sources.open_file)
        add(file, "open-folder", self.sources.open_folder)
        add(file, "sessions", self.sessions.browse)
        add(file, "replay", self.sessions.choose)
        add(file, "find-cameras", self._session.find_cameras)
        plays: dict[str, Callable[[Player], None]] = {
            "play": lambda player: player.toggle(),
            "back": lambda player: player.step(-1),
            "forward": lambda player: player.step(1),
            "loop": lambda player: player.set_loop(not player.loop),
        }
        self._play_actions = [add(play, name, lambda wish=wish: self._play(wish)) for name, wish in plays.items()]
        add(file, "record", self.recording.toggle)
        self.profiles = ProfileMenu(
            self, self.banners, lambda: self._store.current, self._remember, self._choose_profile
        )
        if file is not None:
            file.addMenu(self.profiles.menu)
        add(file, "snapshot-hands", lambda: self._snapshot(hands=True))
        add(file, "snapshot", lambda: self._snapshot(hands=False))
        add(file, "quit", self.close)
        add(view, "mirror", self.panel.mirror_box.toggle)
        self._mirrored_action = add(view, "turn-back", self._turn_back)
        self._mirrored_action.setCheckable(True)
        add(view, "view", self._toggle_view)
        self._crisp_action = add(view, "crisp", self._toggle_crisp)
        self._crisp_action.setCheckable(True)
        self._crisp_action.setChecked(self._store.current.crisp)
        self._scene_action = add(view, "scene", self._toggle_scene)
        self._scene_action.setCheckable(True)
        self._scene_action.setChecked(self._store.current.scene)
        add(view, "zoom-in", lambda: self.view.zoom_by(ZOOM_STEP))
        add(view, "zoom-out", lambda: self.view.zoom_by(1 / ZOOM_STEP))
        add(view, "zoom-all", self.view.show_all)
        add(view, "full-screen", self._toggle_full_screen)
        add(view, "leave-full-screen", self._leave)
        add(view, "larger-text", lambda: self._resize_text(TEXT_STEP))
        add(view, "smaller-text", lambda: self._resize_text(-TEXT_STEP))
        self._theme_action = add(view, "theme", self._toggle_theme)
        self._theme_action.setCheckable(True)
        self._theme_action.setChecked(self._store.current.theme == "light")
        if view is not None:
            view.addMenu(LanguageMenu(self._store.current.language, self._remember, self))
        self._model_actions: dict[str, QAction] = {}
        for row, name in enumerate(self._session.models):
            choose = lambda row=row: self.panel.choose_model(row)  # noqa: E731
            if row < MODELS:
                self._model_actions[name] = add(model, f"model-{row + 1}", choose, name)
            else:
                self._model_actions[name] = add_action(self, model, name, "", choose)
        add(model, "models", self._show_models)
        self._compare_action = add(model, "compare", self._toggle_comparison)
        self._compare_action.setCheckable(True)
        self._swap_action = add(model, "swap", self.comparison.swap)
        if model is not None:
            model.addMenu(self.comparison.menu)
        add(camera, "camera-angle", self.cameras.by_angle)
        add(camera, "camera-board", self.cameras.by_board)
        add(camera, "print-board", self.cameras.save_board)
        add(camera, "camera-controls", self.cameras.show_controls)
        if camera is not None:
            self.cameras.build(camera)
        add(hands, "calibrate-hands", self.hands.measure)
        self._lock_action = add(hands, "lock-sides", self._lock_sides)
        self._lock_action.setCheckable(True)
        self._lock_action.setChecked(self._store.current.lock_sides)
        if hands is not None:
            self.hands.build(hands)
        self.log_panel = LogPanel(self._health, lambda: self._log.text, self)
        add(helping, "setup", self.setup_page.open)
        add(helping, "log", self.log_panel.show)
        add(helping, "help", lambda: show_help(self))
        add(helping, "shortcuts", self._edit_shortcuts)
        add(helping, "about", self._show_about)
        # By a right click, which is all that a mouse has in full screen.
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for name in ("snapshot-hands", "snapshot", "zoom-all", "full-screen", "leave-full-screen"):
            self.view.addAction(self.commands.actions[name])
        self._show_keys()

    def _show_keys(self) -> None:
        keys = self.commands.keys
        self.panel.show_keys(keys)
        self.comparison.bar.show_keys(keys["swap"], keys["leave-full-screen"])
        self.transport.show_keys(TransportKeys(keys["play"], keys["back"], keys["forward"], "", keys["loop"]))

    def _timer(self, interval: int, slot: Any, kind: Qt.TimerType) -> QTimer:
        timer = QTimer(self)
        timer.setTimerType(kind)
        timer.timeout.connect(slot)
        timer.start(interval)
        return timer

    # Images and news.

    def _pull(self) -> None:
        picture = self._session.newest()
        before, self._picture = self._picture, picture or self._picture
        if picture is not None and before is not None and picture.tracked is before.tracked:
            self.view.show_image(picture, again=True)  # of a clip that is paused
            self.comparison.see(picture)
        elif picture is not None:
            self.view.show_image(picture)
            self._speeds.add(picture.tracked)
            if picture.beside is not None:
                self._speeds.add(picture.beside.tracked)
            self.comparison.see(picture)
            self.hands.see(picture.tracked)
            self.cameras.see(picture)
            self.setup_page.see(picture)
            self.panel.plot.add(picture.tracked)
            self.recording.see(picture.tracked)
            tracked = picture.tracked
            in_view = bool(tracked.hands.hands) or not tracked.model
            self._no_hand = self._watch.update(in_view, picture.captured_ns)
            self._show_hint()
            self._look()
        self.scene_view.show_newest(self._session.scene.images)

    def _look(self) -> None:
        """Have the 3D view drawn from where the viewer stands now."""
        picture, view = self._picture, self.scene_view
        if picture is None or not view.isVisible():
            return
        settings, tracked = self._store.current, picture.tracked
        gone = self._session.status.stalled
        self._session.scene.jobs.put(
            SceneJob(
                Reconstruction() if gone else tracked.hands,
                tracked.intrinsics,
                picture.faces,
                view.orbit,
                view.pixels,
                OverlayStyle(view=settings.view, line_px=view.line_px),
                scene_colours(),
            )
        )

    def _frame(self) -> None:
        """Say where frames lie on the screen, for hands that are drawn with its pixels."""
        self._session.set_framing(self.view.framing if self._store.current.crisp else None)

    def _toggle_crisp(self) -> None:
        self._remember(crisp=self._crisp_action.isChecked())
        self._frame()

    def _toggle_scene(self) -> None:
        shown = self._scene_action.isChecked()
        self._remember(scene=shown)
        self._show_scene(shown)
        self._look()

    def _show_scene(self, shown: bool) -> None:
        self.scene_view.setVisible(shown)
        self._stage.setColumnStretch(1, 2 if shown else 0)  # an empty column would keep its share

    def _show_hint(self) -> None:
        status = self._session.status
        busy = self.hands.measuring or self.cameras.busy
        hint = hint_text(status, self._no_hand) if self.view.has_image and not busy else ""
        self.view.set_hint(hint or self.recording.gesture_hint(status))

    def _painted(self, picture: RenderedFrame) -> None:
        now = self._session.now_ns()
        self._age.add(picture.captured_ns, now)
        self._stages.add({**picture.milliseconds, "to the screen": (now - picture.rendered_ns) * 1e-6}, now)

    def _refresh(self) -> None:
        status = self._session.status
        last = status.last_recording
        if last is not None and self.sessions.gone and last.resolve() in self.sessions.gone:
            status = replace(status, last_recording=None)
        self.panel.show_status(status)
        cards = self._session.model_cards
        if cards and not self._prepared:  # the model is loaded: there is time for what was not urgent
            self._prepared = True
            self.sessions.prepare()
        self._show_cards(cards)
        self._show_comparison(status)
        self.panel.plot.show_traces()
        if self.model_cards.isVisible():
            self._refresh_models()
        else:
            self.model_cards.prepare(cards, self._speeds.milliseconds)
        self.panel.streams.show_streams(self._session.streams)
        cameras = self._session.cameras
        if cameras is not None:
            self.panel.show_cameras(cameras)
        self.sources.offer_camera()
        now = self._session.now_ns()
        self.figures.show_figures(status, self._age.median_and_p95(now), self._stages.percentiles(now))
        self._mirrored_action.setChecked(status.mirrored)
        self._mirrored_action.setEnabled(status.source_spec not in (None, DEMO))
        self.view.set_placeholder(_placeholder(status))
        self.view.set_dimmed(status.stalled or (not status.source and not status.opening))
        self._show_hint()
        self.recording.refresh(status)
        if status.source != self._source:
            self._source = status.source
            self._watch.restart()
            self.hands.restart()
            self.cameras.restart()
            self.setup_page.restart()
            self.recording.restart()
            self._no_hand = False
            self.setWindowTitle(f"{status.source} – Bothhands" if status.source else "Bothhands")
            self._show_mirrored(status)
        self.cameras.refresh()
        self.sources.remember_what_runs(status)
        self.panel.show_recent(self._store.current.recent)
        self.transport.setVisible(status.playback is not None and not self.isFullScreen())
        for action in self._play_actions:
            action.setEnabled(status.playback is not None)
        if status.playback is not None:
            self.transport.show_status(status.playback)
        if status.model != self._shown_model:
            self._shown_model = status.model
            self._track_again(status)
        for message in self._session.messages():
            self.banners.show_message(message)

    def _track_again(self, status: LiveStatus) -> None:
        """Have another model see the image of a clip that stands still; moving about in it would end a recording."""
        clip, player = status.playback, self._session.player
        if status.model and clip is not None and not clip.playing and player is not None and status.recording is None:
            player.seek(clip.position)

    def _show_cards(self, cards: Mapping[str, ModelCard]) -> None:
        self.panel.show_cards(cards)
        for name, action in self._model_actions.items():
            if name in cards:
                action.setText(model_name(cards[name]))

    def _show_comparison(self, status: LiveStatus) -> None:
        self.comparison.refresh(status, self._session.model_cards)
        self._compare_action.setChecked(status.comparison is not None)
        self._swap_action.setEnabled(status.comparison is not None and not status.comparison.loading)

    def offer_setup_check(self) -> None:
        """Check the setup at a first start, unless it is to show a clip or an image."""
        settings = self._store.current
        first = settings.geometry is None  # no window was closed yet, of this version or of one before this page
        if first and not settings.setup_checked and _may_be_live(settings.source):
            self.setup_page.open()

    def _check_setup(self, check: SetupCheck) -> Sequence[Finding]:
        now = self._session.now_ns()
        return check.findings(self._session.status, self._age.median_and_p95(now), now)

    # Windows beside this one.

    def _show_models(self) -> None:
        self._refresh_models()
        self.model_cards.show()
        self.model_cards.raise_()

    def _refresh_models(self) -> None:
        status = self._session.status
        loading = status.loading_model is not None
        self.model_cards.show_models(
            self._session.model_cards, self._speeds.milliseconds, status.model, loading, self.comparison.model
        )

    def _show_about(self) -> None:
        self.tasks.begin("about", about_text, lambda text: AboutDialog(text, self).show())

    def _edit_shortcuts(self) -> None:
        titles = {f"model-{row + 1}": name for row, name in enumerate(self._session.models)}
        ShortcutEditor(self._store.current.shortcuts, self._set_shortcuts, titles, self).show()

    def _set_shortcuts(self, chosen: dict[str, str]) -> None:
        self.commands.set_keys(self._remember(shortcuts=chosen).shortcuts)
        self._show_keys()

    def _choose_profile(self, profile: Profile) -> None:
        """Make everything as a profile has it; what it cannot have here says so as if a person had chosen it."""
        now = self._store.current
        try:
            wanted = now.changed(**known_values(profile))
        except BothhandsError as error:
            self.banners.show_message(
                Message(
                    "warning",
                    tr("The profile {name} cannot be used: {error}", name=profile.name, error=worded(error)),
                )
            )
            return
        status = self._session.status
        self.panel.choose(wanted)
        by_themselves = ("mirror", "mirror_files", "vmc_address", "osc_address", "websocket_address")
        self._remember(**{name: getattr(wanted, name) for name in by_themselves})
        self._show_mirrored(status)
        if wanted.scene != self._scene_action.isChecked():
            self._scene_action.setChecked(wanted.scene)
            self._toggle_scene()
        if wanted.lock_sides != self._lock_action.isChecked():
            self._lock_action.trigger()
        if wanted.person != now.person:
            self.hands.choose(wanted.person)
        card = self._session.model_cards.get(wanted.model)
        if wanted.model not in self._session.models or (card is not None and card.untrained):
            text = tr(
                "The profile {name} wants the model {model}, which has no weights here.",
                name=profile.name,
                model=wanted.model,
            )
            self.banners.show_message(Message("warning", text))
        elif wanted.model != status.model:
            self.sources.select_model(wanted.model)
        if wanted.source is not None and wanted.source != status.source_spec:
            self.sources.select(wanted.source)
        self._refresh()

    def _toggle_theme(self) -> None:
        self._remember(theme="light" if self._theme_action.isChecked() else "dark")
        self._change_look()

    def _resize_text(self, percent: int) -> None:
        size = min(max(self._store.current.text_size + percent, SMALLEST_TEXT), LARGEST_TEXT)
        self._remember(text_size=size)
        self._change_look()

    def _change_look(self) -> None:
        settings = self._store.current
        self._appearance.change(settings.theme, settings.text_size)

    def _show_new_look(self) -> None:
        """Do what no style sheet does."""
        self._scroll.setFixedWidth(scaled(PANEL_WIDTH))
        self.log_panel.fit_text()
        self.panel.recolour()
        self.setup_page.recolour()
        self._look()
        self._refresh()

    # What a person wants.

    def _compare(self, name: str) -> None:
        self.comparison.choose(name)
        self._refresh()

    def _toggle_comparison(self) -> None:
        self.comparison.toggle()
        self._refresh()

    def dragEnterEvent(self, a0: QDragEnterEvent | None) -> None:  # noqa: N802
        """Qt: a file or folder may be dropped."""
        if a0 is not None and dropped(a0.mimeData()) is not None:
            a0.acceptProposedAction()

    def dropEvent(self, a0: QDropEvent | None) -> None:  # noqa: N802
        """Qt: a session is replayed, anything else is a source."""
        path = None if a0 is None else dropped(a0.mimeData())
        if a0 is not None and path is not None:
            a0.acceptProposedAction()
            if is_session(path):
                self.sessions.open(path)
            else:
                self.sources.select(str(path))

    def _snapshot(self, *, hands: bool) -> None:
        """Keep the image that is shown, unmirrored as recordings are."""
        picture = self._picture
        if picture is None:
            self.banners.show_message(Message("warning", tr("There is no frame to keep yet.")))
            return
        session, folder, taken = self._session, self._snapshots, datetime.now().astimezone()
        self.tasks.begin(
            "snapshot",
            lambda: save_snapshot(
                session.draw(picture) if hands else picture.tracked.frame.image, folder, hands=hands, taken=taken
            ),
            lambda path: self.banners.show_message(
                Message("info", tr("Snapshot {name} is in {folder}.", name=path.name, folder=path.parent))
            ),
        )

    def _health(self) -> str:
        now = self._session.now_ns()
        age, stages = self._age.median_and_p95(now), self._stages.percentiles(now)
        return health_text(self._session.status, age, stages, resident_memory(), self.stall_watch.stalls)

    def watch_for_stalls(self) -> None:
        """Have a thread look at what runs while the event loop stands still, until the window is closed."""
        if self._stall_sampler is None and not self._closed:
            self._stall_sampler = StallSampler(self.stall_watch)

    def _restyle(self, **values: Any) -> None:
        settings = self._remember(**values)
        self._session.set_style(OverlayStyle(view=settings.view, opacity=settings.opacity))

    def _toggle_view(self) -> None:
        self.panel.choose_view("mesh" if self.panel.view == "skeleton" else "skeleton")

    def _mirror(self, mirrored: bool) -> None:
        self._remember(**{_mirror_setting(self._session.status): mirrored})
        self.view.set_mirrored(mirrored)

    @property
    def _shows_mirrored(self) -> bool:
        return getattr(self._store.current, _mirror_setting(self._session.status))

    def _show_mirrored(self, status: LiveStatus) -> None:
        if status.source:
            mirrored = getattr(self._store.current, _mirror_setting(status))
            self.panel.show_mirrored(mirrored)
            self.view.set_mirrored(mirrored)

    def _play(self, wish: Callable[[Player], None]) -> None:
        player = self._session.player
        if player is not None:
            wish(player)
            self._refresh()

    def _turn_back(self) -> None:
        """Sources of the running one's kind, file or camera, are mirrored, or no longer."""
        kind = "mirrored_cameras" if self._session.status.live else "mirrored_files"
        settings = self._remember(**{kind: self._mirrored_action.isChecked()})
        self._session.set_mirrored(files=settings.mirrored_files, cameras=settings.mirrored_cameras)
        self._refresh()

    def _smooth(self, smoothing: Smoothing) -> None:
        self._remember(smoothing=smoothing.enabled, steadiness=smoothing.steadiness, response=smoothing.response)
        self._session.set_smoothing(smoothing.enabled, smoothing.steadiness, smoothing.response)

    def _lock_sides(self) -> None:
        self._session.set_lock_sides(self._remember(lock_sides=self._lock_action.isChecked()).lock_sides)

    def _stop_stream(self, kind: StreamKind) -> None:
        self._session.stop_stream(kind)
        self._remember(**{kind.replace("-", "_"): False})

    def _bring_into_view(self, part: QWidget) -> None:
        if not self._closed:
            self._scroll.ensureWidgetVisible(part)

    def _forget_stream(self, kind: StreamKind) -> None:
        """What has failed is off, and does not fail again at each start; the command line's choices were none here."""
        name = kind.replace("-", "_")
        if self._store.remembered(name):
            self._remember(**{name: False})

    def _remember_stream(self, kind: StreamKind, address: str) -> None:
        self._remember(**stream_settings([(kind, address)]))

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self._leave_full_screen()
            return
        self._show_controls(False)
        self._was_maximized = self.isMaximized()
        self.showFullScreen()
        self.banners.show_message(Message("info", tr(_FULL_SCREEN)))  # goes by itself: people look at the video

    def _leave(self) -> None:
        """Out of the full screen or, where that is not shown, of what a person is guided through, or the comparison."""
        if self.isFullScreen():
            self._leave_full_screen()
        elif self.hands.measuring:
            self.hands.leave()
        elif self.cameras.busy:
            self.cameras.leave()
        elif self.comparison.end():
            self._refresh()

    def _leave_full_screen(self) -> None:
        if self.isFullScreen():
            self.banners.dismiss(tr(_FULL_SCREEN))
            self._show_controls(True)
            if self._was_maximized:
                self.showMaximized()
            else:
                self.showNormal()

    def _show_controls(self, shown: bool) -> None:
        for part in (self._scroll, self.figures, self.menuBar()):
            if part is not None:
                part.setVisible(shown)
        self.setup_page.set_room(shown and not self.cameras.busy)
        self.comparison.bar.set_room(shown)
        self.cameras.page.set_room(shown)

    # Settings and the end.

    def _remember(self, **values: Any) -> Any:
        self.saver.save_soon()
        return self._store.change(**values)

    def _restore_geometry(self) -> None:
        geometry = self._store.current.geometry
        place = None if geometry is None else QRect(geometry.x, geometry.y, geometry.width, geometry.height)
        open_at(self, place, FIRST_SIZE)
        if geometry is not None and geometry.maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802
        """Qt: the window goes at once; the threads end and what is remembered is saved."""
        if not self._closed:
            self._closed = True
            place = self.normalGeometry()
            self._store.change(
                model_ms=dict(self._speeds.milliseconds),
                geometry=WindowGeometry(
                    x=place.x(),
                    y=place.y(),
                    width=place.width(),
                    height=place.height(),
                    maximized=self.isMaximized() or (self.isFullScreen() and self._was_maximized),
                ),
            )
            if self._stall_sampler is not None:
                self._stall_sampler.stop()
            for timer in (self._pull_timer, self._beat_timer, self._refresh_timer):
                timer.stop()
            self.saver.save_last()
            self._appearance.finish()
            self.hide()
            self.model_cards.hide()
            self.sessions.close()
            self.weights.close()
            self.tasks.close()
            self.cameras.close()
            self._session.close()
            self.saver.wait()
        super().closeEvent(a0)


def _may_be_live(source: str | None) -> bool:
    """Whether a camera or a stream is asked for, or the choice is the app's."""
    return source is None or is_camera(source) or is_url(source)


def _mirror_setting(status: LiveStatus) -> str:
    """A person before a camera wants a mirror; a clip has writing that is to be read."""
    return "mirror" if status.live else "mirror_files"


def _placeholder(status: LiveStatus) -> str:
    if status.opening:
        return tr("Opening the source…")
    if not status.source:
        return wording(NO_SOURCE)
    return loading_text(status) if status.loading_model else tr("Waiting for the first frame…")
