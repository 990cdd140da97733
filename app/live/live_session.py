"""A live session: source, tracking, drawing and recording in their threads, behind one object."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from app.leaving import threads_left
from app.live.factories import Factories
from app.live.feed import FedFrame, Feed, OpenedSource
from app.live.framing import Framing
from app.live.loading import LoadingWatch
from app.live.model_switch import ModelSwitch
from app.live.painting import open_painter
from app.live.player import Player
from app.live.recording import Recording, RecordingStart
from app.live.render_loop import RenderJob, RenderLoop
from app.live.scene_loop import SceneLoop
from app.live.second_tracker import SecondTracker
from app.live.source_choice import DEMO, SourceOpener
from app.live.threads import guarded_thread
from app.live.tracking_loop import TrackingLoop, untracked
from app.live.values import ComparisonStatus, LiveStatus, Message, MessageBoard, RenderedFrame
from app.outputs.streaming.factory import create_output
from app.outputs.streaming.hub import StreamHub, StreamStatus
from app.outputs.streaming.output import RefusedOutput, StreamKind
from app.outputs.streaming.settings import chosen_streams
from app.settings import Settings
from models.errors import BothhandsError
from models.fitting.calibration import ShapeRule
from models.registry import ModelCard, fallback_models, list_models, model_card, reread_card
from models.runtime.compiled import stop_compiling
from models.runtime.conversion import stop_conversions
from models.sentences import said, say
from render.protocol import OverlayStyle
from tracking.camera_model import KnownCamera
from tracking.mailbox import Mailbox
from tracking.mirror_guess import MirrorGuess
from tracking.smoothing import gains_of
from tracking.sources import is_camera
from tracking.sources.camera_mode import USUAL_MODE, ModalSource
from tracking.values import TrackedFrame

if TYPE_CHECKING:
    from tracking.sources import CameraInfo

logger = logging.getLogger(__name__)

_WATCH_SECONDS = 2.0
"""How often it is looked for cameras while none is shown."""
_PATIENCE_SECONDS = 1.5
"""How long `close` waits for threads that load a model or hang in a driver, in all: they hold nothing that a person
would miss. What is being recorded is written, however long that takes."""


class LiveSession:
    """Runs everything behind the window; no method waits, except `close`.

    Between two threads lies a slot in which the newest value wins; only the recorder has queues: it gets every captured
    image from the capturing thread, and the hands of those that were tracked from the tracking thread. Whatever goes
    wrong in a thread becomes a message, and the rest goes on.

    Args:
        settings: what to begin with.
        factories: makers of the parts; None makes the real ones.

    Attributes:
        scene: draws the 3D view of what it is given.
    """

    def __init__(self, settings: Settings, factories: Factories | None = None) -> None:
        self._settings = settings
        self._factories = factories or Factories.real(settings)
        self._board = MessageBoard()
        clock = self._factories.clock
        self._opener = SourceOpener(self._factories, self._board)
        self._opener.mirrored_files = settings.mirrored_files
        self._opener.mirrored_cameras = settings.mirrored_cameras
        self._opener.mode_of = settings.mode_of
        self._opener.controls_of = settings.controls_of
        self._models = ModelSwitch(self._factories.create_model, self._board)
        self._recording = Recording(self._factories.create_recorder, self._board, clock)
        self._streams = StreamHub(lambda sentence: self._board.post("error", sentence))
        style = OverlayStyle(view=settings.view, opacity=settings.opacity)
        self._rendering = RenderLoop(
            self._factories.create_renderer,
            style,
            self._board,
            clock,
            self._streams.offer_drawn,
            lambda: self._streams.shows_images,
        )
        self._frames: Mailbox[FedFrame] = Mailbox()
        self._tracking = TrackingLoop(
            self._factories.create_tracker,
            self._models,
            self._frames,
            self._rendering.jobs.put,
            self._pass_out,
            self._board,
            settings.tracker,
            self._streams.offer,
            self._camera_of,
        )
        self._camera_rule = settings.camera_rule
        self.scene = SceneLoop(self._factories.create_renderer, self._board)
        self._lock = threading.Lock()
        self._feed: Feed | None = None
        self._opening: Feed | None = None
        self._feeds: list[Feed] = []
        self._opened: OpenedSource | None = None
        self._guessed: tuple[Feed, MirrorGuess] | None = None
        self._cameras: Sequence[CameraInfo] | None = None
        self._cards: Mapping[str, ModelCard] = {}
        self._helpers: list[threading.Thread] = []
        self._ended = threading.Event()
        self._loading = LoadingWatch(clock)
        self._loading_second = LoadingWatch(clock)
        self._second: SecondTracker | None = None
        self._threads = [
            guarded_thread("tracking", say("Tracking"), self._track, self._board),
            guarded_thread("render", say("Drawing"), self._rendering.run, self._board, behind=True),
            guarded_thread("scene", say("Drawing the 3D view"), self.scene.run, self._board, behind=True),
            guarded_thread("camera-watch", say("Watching for cameras"), self._watch_cameras, self._board),
        ]
        self._closed = False

    def start(self) -> None:
        """Start all threads: the source of the settings, else the first working camera, else the demo clip."""
        for thread in self._threads:
            thread.start()
        self._models.start()
        for kind, address in chosen_streams(self._settings):
            self.start_stream(kind, address)
        self._begin_feed(None, lambda: self._opener.open_first(self._settings.source))
        self.find_cameras()

    def close(self) -> None:
        """End all threads and wait for them; what was recorded is written. May be called more than once."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._ended.set()
        for feed in self._feeds:
            feed.close()
        self._frames.close()
        second = self._second
        if second is not None:
            second.end()
        self._models.close()
        stop_conversions()
        stop_compiling()
        self._recording.stop()
        self._rendering.jobs.close()
        self._rendering.images.close()
        self.scene.jobs.close()
        self._recording.join()
        deadline = monotonic() + _PATIENCE_SECONDS

        def left() -> float:
            return max(deadline - monotonic(), 0.0)

        for feed in self._feeds:
            feed.join(left())
        self._models.join(left())
        if second is not None:
            second.join(left())
        for thread in (*self._threads, *self._helpers):
            if thread.ident is not None:  # it was started
                thread.join(left())
        self._streams.close(left())
        self._recording.join()  # of one that began meanwhile
        for thread in threads_left():
            logger.info("%s is left behind as it is", thread.name)

    def select_source(self, spec: str) -> None:
        """Go over to another source once it is open; where it cannot be opened, the running one stays."""
        with self._lock:
            if self._opening is not None and self._opening.spec == spec:
                return
            feed = self._feed if self._opened is not None and self._opened.spec == spec else None
        if feed is not None and self._without_source(feed) is not None:
            self._recording.stop(because=say("Recording stopped because the source was opened again."))
        self._begin_feed(spec, lambda: self._opener.open(spec), after=feed)

    @property
    def player(self) -> Player | None:
        """Pauses and moves the running clip; None where none runs."""
        feed = self._feed
        return None if feed is None else feed.player

    def set_mirrored(self, *, files: bool, cameras: bool) -> None:
        """Say which kinds of sources are mirrored; a running one whose kind changes is opened again.

        Args:
            files: clips and images are; the demo clip is not.
            cameras: cameras and streams are.
        """
        self._opener.mirrored_files, self._opener.mirrored_cameras = files, cameras
        with self._lock:
            opened = self._opened
        if opened is None or opened.spec == DEMO:
            return
        if opened.mirrored != (cameras if opened.source.live else files):
            self.select_source(opened.spec)

    def set_camera_modes(self, settings: Settings) -> None:
        """Ask cameras for other modes; a running one that is to have another one is opened again.

        Args:
            settings: what was chosen for each.
        """
        self._opener.mode_of = settings.mode_of
        with self._lock:
            opened, opening = self._opened, self._opening
        spec = opening.spec if opening is not None else None
        if spec is not None and is_camera(spec):  # it may have been asked for the former one already
            self._begin_feed(spec, lambda: self._opener.open(spec), after=opening)
            return
        asked = opened.source.asked if opened is not None and isinstance(opened.source, ModalSource) else None
        if opened is not None and asked not in (None, self._opener.wanted_mode(opened.spec) or USUAL_MODE):
            self.select_source(opened.spec)

    def set_camera_controls(self, settings: Settings) -> None:
        """Have cameras' drivers told other values from the next time on that they are opened or plugged in.

        Args:
            settings: what was chosen for each.
        """
        self._opener.controls_of = settings.controls_of

    def select_model(self, name: str) -> None:
        """Go over to another model, between two frames, once it is loaded; where that fails the running one stays.

        The one that is compared with it changes places with it.
        """
        second = self._running_second
        if second is not None and second.model == name:
            self.exchange_models()
        else:
            self._tracking.select_model(name)

    def compare_with(self, name: str | None) -> None:
        """Track every frame with a second model as well, once it is loaded; None ends that.

        Recordings, streams and gestures are those of the running model alone.

        Args:
            name: of the second model; the running one is refused.
        """
        before = self._running_second
        if before is not None and before.model == name:
            return
        if name is not None and name == self._tracking.model:
            other = say("{name} is the running model; choose another one to compare it with.", name=name)
            self._board.post("info", other)
            return
        with self._lock:
            if self._closed:
                return
            last, second = self._second, None
            if last is not None:
                last.end()
            if name is not None:
                config = replace(self._tracking.config, model=name)
                second = SecondTracker(config, self._factories.create_tracker, self._board, last)
                self._second = second
                second.start()
            self._tracking.second = second

    def exchange_models(self) -> None:
        """Run the second model, and compare it with the one that ran until now; nothing is loaded anew for it."""
        second = self._running_second
        if second is not None:
            second.want_exchange()

    @property
    def _running_second(self) -> SecondTracker | None:
        second = self._tracking.second
        return None if second is None or second.over else second

    def set_smoothing(self, enabled: bool, steadiness: float, response: float) -> None:
        """Smooth from the next frame on with other gains: see `gains_of`."""
        self._tracking.smoothing = gains_of(enabled, steadiness, response)

    def set_hand_shape(self, shape: tuple[float, ...] | None) -> None:
        """Hold this shape (10,) of the hands in every fit from the next frame on; None adapts it to whoever is seen."""
        self._tracking.shape_rule = ShapeRule(shape)

    def set_lock_sides(self, locked: bool) -> None:
        """From the next frame on a hand that is followed keeps its side, or what is read of it decides again."""
        self._tracking.lock_sides = locked

    def measure_hand_shape(self) -> None:
        """From the next frame on every frame estimates the shape by itself, until `set_hand_shape` is called."""
        self._tracking.shape_rule = ShapeRule(measured=True)

    @property
    def hand_model(self) -> str:
        """Name of the hand model in use, "" until a model is loaded."""
        return self._tracking.hand_model

    def palm_length(self, shape: Sequence[float] | np.ndarray) -> float | None:
        """From wrist to middle knuckle of a hand of this shape (10,), metres; None until a model is loaded."""
        return self._tracking.palm_length(shape)

    def set_cameras(self, settings: Settings, trial: KnownCamera | None = None) -> None:
        """Take intrinsics from elsewhere, from the next frame on.

        Args:
            settings: their calibrations, and what was chosen among them.
            trial: intrinsics for the running source that are not kept yet; None for none.
        """
        feed, rule = self._feed, settings.camera_rule
        if trial is not None and feed is not None:
            rule = replace(rule, trial=(feed.camera, trial))
        self._tracking.take_camera(settings.tracker)
        self._camera_rule = rule

    def set_style(self, style: OverlayStyle) -> None:
        """Draw the next frame in another way."""
        self._rendering.style = style

    def set_framing(self, framing: Framing | None) -> None:
        """Draw hands with the screen's pixels, where frames lie so; None draws them into the frames."""
        self._rendering.framing = framing

    def draw(self, rendered: RenderedFrame) -> np.ndarray:
        """A frame with the hands drawn into it, (H, W, 3) uint8 RGB, unmirrored; not for the window's thread, it waits.

        Args:
            rendered: an image of this session.
        """
        if rendered.layers is None or rendered.faces is None:
            return rendered.image
        faces, tracked = rendered.faces, rendered.tracked
        painter = open_painter(self._factories.create_renderer, faces, self._board)  # belongs to the calling thread
        try:
            return painter.paint(tracked.frame.image, tracked.hands, tracked.intrinsics, self._rendering.style)
        finally:
            painter.close()

    def start_recording(self, title: str = "", notes: str = "") -> None:
        """Record from the next frame on: every captured one, and the hands of those that are tracked.

        Args:
            title: what the person calls it; "" for nothing.
            notes: what the person says of it.
        """
        if self._opened is None:
            self._board.post("warning", say("There is nothing to record yet: choose a source first."))
        elif not self._tracking.model:
            self._board.post("warning", say("There is nothing to record yet: no model is loaded."))
        else:
            self._recording.request(title, notes)

    def stop_recording(self) -> None:
        """End the recording; a message tells when all is written."""
        self._recording.stop()

    def start_stream(self, kind: StreamKind, address: str, *, watched: bool = False) -> None:
        """Stream from now on, in place of a running stream of this kind; where that fails a message tells why.

        Args:
            kind: which protocol.
            address: as `create_output` takes it.
            watched: a person looks at `streams`, which alone tells why it cannot begin.
        """
        try:
            output = create_output(kind, address, self._settings.websocket_origins)
        except BothhandsError as error:
            output = RefusedOutput(kind, address, said(error))
        self._streams.start(output, watched=watched)

    def stop_stream(self, kind: StreamKind) -> None:
        """End a stream."""
        self._streams.stop(kind)

    @property
    def streams(self) -> Mapping[StreamKind, StreamStatus]:
        """What the streams that were ever started are doing."""
        return self._streams.status

    def newest(self, timeout: float = 0.0) -> RenderedFrame | None:
        """The newest image, each one once; None where none comes within `timeout` seconds."""
        return self._rendering.images.take(timeout)

    def messages(self) -> list[Message]:
        """What happened since the last call, oldest first."""
        return self._board.drain()

    def find_cameras(self) -> None:
        """Look for cameras; `cameras` has them a moment later."""
        self._help("cameras", say("Looking for cameras"), self._find_cameras)

    @property
    def cameras(self) -> Sequence[CameraInfo] | None:
        """The cameras that were found last, None until the first search is over."""
        return self._cameras

    def take_new_camera(self) -> CameraInfo | None:
        """A camera that was plugged in while none is shown, for a person to be asked about; each one once."""
        if self.status.live:
            return None
        return self._opener.offers.take()

    @property
    def models(self) -> list[str]:
        """Names of the models that can be selected."""
        return list_models()

    @property
    def model_cards(self) -> Mapping[str, ModelCard]:
        """Cards by model name; empty until the first model is loaded, as that imports the networks' libraries."""
        return self._cards

    @property
    def status(self) -> LiveStatus:
        """What is going on now."""
        with self._lock:
            opened, opening, feed = self._opened, self._opening is not None, self._feed
        stalled = opened is not None and opened.source.live and self._tracking.stalled
        states = self._rendering.hands if opened and not stalled else {}
        player = self.player
        loading = self._tracking.loading_model
        seconds, reason = self._loading.watch(loading)
        source = opened.source if opened and isinstance(opened.source, ModalSource) else None
        return LiveStatus(
            source=opened.source.name if opened else "",
            source_spec=opened.spec if opened else None,
            live=opened.source.live if opened else False,
            source_fps=opened.source.fps if opened else None,
            camera=feed.camera if feed is not None else "",
            asked_mode=source.asked if source else None,
            mode=source.mode if source else None,
            modes=tuple(source.modes) if source else (),
            mirrored=opened.mirrored if opened else False,
            opening=opening,
            playback=None if player is None else player.status,
            model=self._tracking.model,
            loading_model=loading,
            loading_seconds=seconds,
            loading_reason=reason,
            comparison=self._comparison,
            recording=self._recording.status,
            last_recording=self._recording.last,
            frames_per_second=self._rendering.frames_per_second,
            hands=frozenset(states),
            hand_states=states,
            stalled=stalled,
        )

    @property
    def _comparison(self) -> ComparisonStatus | None:
        second = self._running_second
        if second is None:
            self._loading_second.watch(None)
            return None
        loading = second.loading
        seconds, reason = self._loading_second.watch(second.model if loading else None)
        return ComparisonStatus(second.model, loading, seconds, reason)

    def now_ns(self) -> int:
        """The session's clock, by which images are stamped."""
        return self._factories.clock()

    # What feeds tell, in their threads.

    def opened(self, feed: Feed, opened: OpenedSource) -> bool:
        """A source works: it takes the place of the running one, unless another was chosen meanwhile."""
        feed.camera = opened.identity
        with self._lock:
            if feed is not self._opening or self._closed:
                return False
            before, self._feed, self._opening = self._feed, feed, None
            self._opened = opened
        if before is not None:
            before.close()
            self._recording.stop(because=say("Recording stopped because the source changed."))
        return True

    def deliver(self, feed: Feed, fed: FedFrame) -> None:
        """A frame of the running source goes to the recorder and to the tracker."""
        if feed is not self._feed:
            return
        self._recording.add_image(fed.frame)
        if self._tracking.starting:
            self._rendering.jobs.put(RenderJob(untracked(fed.frame, ""), fed.captured_ns, None))
            opened = self._opened
            if fed.live or (opened is not None and opened.loop):  # any other clip waits for its hands
                fed.done()
                return
        self._frames.put(fed)

    def ended(self, feed: Feed) -> None:
        """A live source is over; a clip stays open at its end."""
        if feed.player is not None:
            if feed is self._feed:
                self._recording.stop(because=say("Recording stopped at the end of the clip."))
            return
        opened = self._without_source(feed)
        if opened is not None:
            self._recording.stop(because=say("Recording stopped as the source has ended."))
            self._board.post(
                "info", say("{name} has ended; choose it again, or another source.", name=opened.source.name)
            )

    def moved(self, feed: Feed) -> None:
        """A clip goes on at another place, which a recording would not show."""
        if feed is self._feed and self._recording.status is not None:
            self._recording.stop(because=say("Recording stopped because the clip was moved."))

    def failed(self, feed: Feed, error: Exception) -> None:
        """A source could not be opened or broke while it ran."""
        with self._lock:
            if feed is self._opening:
                self._opening = None
        if self._without_source(feed) is not None:
            self._recording.stop(because=say("Recording stopped because the source failed."))
        self._board.post_error(say("Reading the source"), error)

    def _without_source(self, feed: Feed) -> OpenedSource | None:
        """No source runs any more if this was the running one; returns what it was."""
        with self._lock:
            if feed is not self._feed:
                return None
            opened, self._opened, self._feed = self._opened, None, None
            return opened

    def _begin_feed(self, spec: str | None, open_source: Callable[[], OpenedSource], after: Feed | None = None) -> None:
        feed = Feed(spec, open_source, self, self._factories.clock, after)
        with self._lock:
            if self._closed:
                return
            outdated, self._opening = self._opening, feed
            self._feeds = [other for other in self._feeds if not other.join(0)] + [feed]
            feed.start()
        if outdated is not None:
            outdated.close()

    def _track(self) -> None:
        self._tracking.run(fallback_models(), on_loaded=self._read_cards)

    def _read_cards(self) -> None:
        self._help("cards", say("Reading the models' cards"), self._collect_cards)

    def _pass_out(self, tracked: TrackedFrame, fed: FedFrame) -> None:
        self._streams.offer(tracked)
        if fed.feed is self._feed:  # a frame of the source before this one is in no recording
            self._record(tracked)
            if not fed.live and not fed.independent:
                self._guess_mirrored(tracked, fed.feed)

    def _camera_of(self, fed: FedFrame) -> KnownCamera | None:
        """The calibrated camera that a frame was taken with."""
        height, width = fed.frame.image.shape[:2]
        return self._camera_rule.camera(fed.feed.camera, width, height)

    def _guess_mirrored(self, tracked: TrackedFrame, feed: Feed) -> None:
        """Say it where a clip seems to be mirrored."""
        opened = self._opened
        if opened is None or opened.mirrored:
            return
        if self._guessed is None or self._guessed[0] is not feed:
            self._guessed = feed, MirrorGuess(say("View > Turn a mirrored source back"))
        if notice := self._guessed[1].see(tracked.raw.keys()):
            self._board.post("info", notice)

    def _record(self, tracked: TrackedFrame) -> None:
        def start() -> RecordingStart:
            opened = self._opened
            source = opened.source.name if opened else ""
            tracking = self._tracking
            return RecordingStart(
                tracked,
                source,
                tracking.hand_model,
                tracking.config,
                mirrored=opened.mirrored if opened else False,
            )

        self._recording.add_hands(tracked, start)

    def _find_cameras(self) -> None:
        self._cameras = tuple(self._factories.list_cameras())
        self._opener.offers.see(self._cameras)

    def _watch_cameras(self) -> None:
        """Look for cameras that are plugged in, as long as none is shown and where looking opens no device."""
        while not self._ended.wait(_WATCH_SECONDS):
            if not self.status.live and not self.status.opening and self._factories.cameras_listed_quietly():
                self._find_cameras()

    def _help(self, name: str, doing: str, target: Callable[[], None]) -> None:
        helper = guarded_thread(name, doing, target, self._board)
        with self._lock:
            if self._closed:
                return
            self._helpers = [other for other in self._helpers if other.is_alive()] + [helper]
            helper.start()

    def reread_cards(self) -> None:
        """Weights were put in place: `model_cards` tells of them a moment later."""
        self._help("cards", say("Reading the models' cards"), lambda: self._collect_cards(reread_card))

    def _collect_cards(self, read: Callable[[str], ModelCard] = model_card) -> None:
        cards = {}
        for name in list_models():
            try:
                cards[name] = read(name)
            except Exception:
                logger.exception("the card of %s cannot be read", name)
        self._cards = cards
