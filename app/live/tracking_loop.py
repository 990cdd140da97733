"""The tracking thread: owns detector, network and device."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from app.live.feed import FedFrame
from app.live.frame_tracker import CreateTracker, FrameTracker
from app.live.model_switch import ModelSwitch
from app.live.render_loop import RenderJob
from app.live.second_tracker import SecondTracker
from app.live.values import MessageBoard
from models.fitting.calibration import ShapeRule, palm_length
from models.runtime.conversion import ConversionStopped
from models.sentences import say
from models.values import Intrinsics, Reconstruction, Side
from tracking.camera_model import KnownCamera
from tracking.config import TrackerConfig
from tracking.gestures import GestureWatch, with_gestures
from tracking.mailbox import Mailbox
from tracking.values import Frame, TrackedFrame

_IDLE_SECONDS = 0.1
"""How often the thread looks for a new model while no frames come."""
_STALL_LOOKS = 15
"""Looks without a frame after which the hands of the last one are not there any more."""


class TrackingLoop:
    """What the tracking thread does.

    Args:
        create_tracker: loads everything; called in the tracking thread.
        models: holds what is wanted, and loads further models.
        frames: where frames come in.
        deliver: gets what was tracked, together with the time of capture and the faces of the meshes.
        offer: gets every tracked frame, for recorder and streams.
        board: is told what goes wrong.
        config: what to begin with.
        lose: gets the last frame without hands where a live source gives no more frames.
        camera_of: the calibrated camera of a frame, None where it has none: then that of the config holds.

    Attributes:
        second: tracks the same frames with another model, for comparison; None where none is compared. Any thread.
    """

    def __init__(
        self,
        create_tracker: CreateTracker,
        models: ModelSwitch,
        frames: Mailbox[FedFrame],
        deliver: Callable[[RenderJob], None],
        offer: Callable[[TrackedFrame, FedFrame], None],
        board: MessageBoard,
        config: TrackerConfig,
        lose: Callable[[TrackedFrame], None] = lambda tracked: None,
        camera_of: Callable[[FedFrame], KnownCamera | None] = lambda fed: None,
    ) -> None:
        self._camera_of = camera_of
        self._camera = config.camera_choice
        self._lose = lose
        self.second: SecondTracker | None = None
        self._last: FedFrame | None = None
        self._shown: RenderJob | None = None
        self._idle = 0
        self._stalled = False
        self._gestures = GestureWatch()
        self._create_tracker = create_tracker
        self._models = models
        self._frames = frames
        self._deliver = deliver
        self._offer = offer
        self._board = board
        self._config = config
        self.smoothing = config.smoothing
        self.shape_rule = ShapeRule(config.hand_shape)
        self.lock_sides = config.lock_sides
        self._starting = True
        self._tracker: FrameTracker | None = None
        self._faces: Mapping[Side, np.ndarray] | None = None
        self._take: object = None
        self._failing = False
        self._model = ""

    @property
    def model(self) -> str:
        """Name of the model in use, "" where none is."""
        return self._model

    @property
    def starting(self) -> bool:
        """Whether the first model is still being loaded, so that no frame is tracked yet."""
        return self._starting

    @property
    def stalled(self) -> bool:
        """Whether a live source has given no frame for 1.5 s: longer than a camera of one frame a second takes."""
        return self._stalled

    @property
    def hand_model(self) -> str:
        """Name of the hand model, "" where no tracker could be made."""
        return self._tracker.hand_models["right"].name if self._tracker is not None else ""

    @property
    def config(self) -> TrackerConfig:
        """What hands are tracked with from the next frame on; what was asked for, where no tracker could be made."""
        config = self._tracker.config if self._tracker is not None else self._config
        fov, camera_file, camera = self._camera
        return self._as_chosen(replace(config, fov=fov, camera_file=camera_file, camera=camera))

    def _as_chosen(self, config: TrackerConfig) -> TrackerConfig:
        """A config with what may be changed from frame to frame as it is now."""
        return replace(config, smoothing=self.smoothing, hand_shape=self._hand_shape, lock_sides=self.lock_sides)

    @property
    def _hand_shape(self) -> tuple[float, ...] | None:
        """The shape that fits hold, None where they estimate it."""
        return None if self.shape_rule.measured else self.shape_rule.held

    def palm_length(self, shape: Sequence[float] | np.ndarray) -> float | None:
        """From wrist to middle knuckle of a hand of this shape (10,), metres; None where no tracker could be made."""
        return None if self._tracker is None else palm_length(self._tracker.hand_models["right"], shape)

    @property
    def loading_model(self) -> str | None:
        """Name of the model that is being loaded, or None."""
        wanted = self._models.wanted
        return None if wanted is None else wanted.model

    def select_model(self, name: str) -> None:
        """Use another model as soon as it is loaded. Any thread."""
        self._models.ask(replace(self._config, model=name))

    def take_camera(self, config: TrackerConfig) -> None:
        """Frames without a calibrated camera have that of this config, from the next one on. Any thread."""
        self._config = replace(self._config, fov=config.fov, camera_file=config.camera_file, camera=config.camera)

    def run(self, fallbacks: Iterable[str], on_loaded: Callable[[], None]) -> None:
        """Track until the frames' mailbox is closed.

        Args:
            fallbacks: models to fall back on, in this order.
            on_loaded: called when a model is loaded, or none can be.
        """
        try:
            for name in dict.fromkeys((self._config.model, *fallbacks)):
                config = replace(self._config, model=name)
                self._models.ask_first(config)
                if self._frames.closed or self._load_first(config):
                    break
            self._starting = False
            on_loaded()
            while not self._frames.closed:
                self._change_model()
                self._change_second()
                fed = self._frames.take(_IDLE_SECONDS)
                if fed is not None:
                    self._last, self._idle, self._stalled = fed, 0, False
                    self._pass_on(fed)
                    fed.done()
                elif self._last is not None and self._last.live:
                    self._miss(self._last)
                elif self._last is not None:
                    self._catch_up(self._last)
        finally:
            if self._tracker is not None:
                self._tracker.close()

    def _load_first(self, config: TrackerConfig) -> bool:
        try:
            self._tracker = self._create_tracker(self._as_chosen(config))
        except ConversionStopped:
            return False  # the session is being closed
        except Exception as error:  # noqa: BLE001 - told and logged
            self._board.post_error(say("Loading {model}", model=config.model), error)
            return False
        finally:
            self._models.settle(config)
        self._faces = {side: model.faces for side, model in self._tracker.hand_models.items()}
        self._model = self._tracker.model
        return True

    def _change_model(self) -> None:
        wanted = self._models.wanted
        if wanted is None:
            return
        tracker = self._tracker
        if tracker is None:
            self._load_first(wanted)
        elif wanted.model == tracker.model:
            self._models.settle(wanted)
        else:
            self._models.load(wanted, tracker.hand_models)
            ready = self._models.take_ready()
            if ready is not None:
                old = tracker.use_model(ready.config.model, ready.reconstructor)
                self._model = tracker.model
                old.close()

    def _change_second(self) -> None:
        """Exchange the models where that is wanted; nobody compares a model with itself."""
        second, tracker = self.second, self._tracker
        if second is None or tracker is None or second.loading or second.over:
            return
        if second.take_exchange():
            if second.exchange_models(tracker):
                self._model = tracker.model
            if self._models.wanted is not None:  # a model that is being loaded for here was the wish before this one
                self._models.ask(replace(self._config, model=self._model))
        elif second.model == tracker.model:
            second.end()
            ended = say("The comparison has ended, because {model} is the running model now.", model=tracker.model)
            self._board.post("info", ended)

    def _miss(self, last: FedFrame) -> None:
        """A live source gives no frame: after 1.5 s its last one no longer shows what is there."""
        self._idle += 1
        if self._idle == _STALL_LOOKS:
            self._stalled = True
            empty = untracked(last.frame, self._model)
            self._lose(empty)
            self._show(RenderJob(empty, last.captured_ns, self._faces))

    def _pass_on(self, fed: FedFrame) -> None:
        tracked = self._track(fed)
        self._offer(tracked, fed)
        self._show(RenderJob(tracked, fed.captured_ns, self._faces, self._track_beside(fed)))

    def _catch_up(self, last: FedFrame) -> None:
        """While a clip is paused, its frame is shown as the models that are compared by now see it."""
        second, shown = self.second, self._shown
        if second is None or shown is None or second.loading or second.over:
            return
        beside = shown.beside
        if beside is not None and (beside.model, shown.tracked.model) == (self._model, second.model):
            self._show(replace(shown, tracked=beside, beside=shown.tracked))
        elif beside is None or beside.model != second.model:
            beside = self._track_beside(last)
            if beside is not None:
                self._show(replace(shown, beside=beside))

    def _track_beside(self, fed: FedFrame) -> TrackedFrame | None:
        second = self.second
        if second is None:
            return None
        return second.track(fed, self.smoothing, self.shape_rule, self.lock_sides, self._camera)

    def _show(self, job: RenderJob) -> None:
        self._shown = job
        self._deliver(job)

    def _use_camera(self, tracker: FrameTracker, known: KnownCamera | None) -> None:
        wanted = self._config.camera_choice if known is None else (None, None, known)
        if wanted != self._camera:
            tracker.use_camera(*wanted)
            self._camera = wanted

    def _track(self, fed: FedFrame) -> TrackedFrame:
        """The hands in a frame; none where tracking fails, which is told once until it works again."""
        tracker = self._tracker
        if tracker is None:
            return untracked(fed.frame, self._model)
        try:
            if fed.take is not self._take:
                tracker.reset()
                self._take = fed.take
                self._gestures.reset()
            self._use_camera(tracker, self._camera_of(fed))
            tracker.smoothing, tracker.shape_rule = self.smoothing, self.shape_rule
            tracker.lock_sides = self.lock_sides
            tracked = tracker.track(fed.frame, independent=fed.independent)
        except Exception as error:  # noqa: BLE001 - told and logged
            if not self._failing:
                self._board.post_error(say("Tracking"), error)
            self._failing = True
            tracker.reset()
            return untracked(fed.frame, self._model)
        self._failing = False
        return with_gestures(tracked, self._gestures)


def untracked(frame: Frame, model: str) -> TrackedFrame:
    """A frame in which no hands were looked for."""
    height, width = frame.image.shape[:2]
    intrinsics = Intrinsics.assumed(width, height)
    return TrackedFrame(frame, Reconstruction(), {}, frozenset(), intrinsics, {}, model)
