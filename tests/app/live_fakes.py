"""Parts of a live session whose every step a test decides."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np

from app.live.factories import Factories
from app.live.recording import RecordingStart
from app.sessions.info import DroppedFrames
from app.sessions.recorder import Recorder
from app.sessions.session import SessionWriter
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tests.fakes import session_info
from tracking.config import TrackerConfig
from tracking.sources.camera_mode import USUAL_MODE, CameraMode
from tracking.sources.protocol import SourceError
from tracking.values import Frame, TrackedFrame

PATIENCE = 5.0
"""Seconds after which a test gives up on something that should happen at once."""


def wait(event: threading.Event) -> None:
    assert event.wait(PATIENCE), "what the test waits for did not happen"


class Held:
    """A step that a test holds up: it tells when it has begun, and waits until it may go on.

    Args:
        when: whether a call with these arguments is held up, rather than let through.
    """

    def __init__(self, when: Callable[..., bool] = lambda *given: True) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.given: list[tuple[Any, ...]] = []
        self._when = when

    def __call__(self, *given: Any) -> None:
        self.given.append(given)
        if self._when(*given):
            self.begun.set()
            wait(self.go_on)


def picture(index: int, width: int = 64, height: int = 48) -> np.ndarray:
    return np.full((height, width, 3), index % 256, dtype=np.uint8)


class FakeCamera:
    """Live: gives what the test feeds, and blocks in between.

    Attributes:
        controls: gives what its driver is to be told.
    """

    live = True
    independent = False
    ended_early = False
    frame_count = None
    fps = 30.0
    size = (64, 48)

    def __init__(self, name: str = "fake camera", mode: CameraMode | None = None) -> None:
        self.name = name
        self.asked: CameraMode | None = None
        self.modes: tuple[CameraMode, ...] = ()
        self.controls: Callable[[], Mapping[str, int]] = dict
        self.mode = mode
        self.closed = threading.Event()
        self._changed = threading.Condition()
        self._items: list[Frame | Exception | None] = []
        self._blocked = False
        self._indices = itertools.count()

    def hold_controls(self, wanted: Callable[[], Mapping[str, int]]) -> None:
        self.controls = wanted

    def feed(self, error: Exception | None = None, skip: int = 0) -> None:
        """One more frame, or an error; `skip` frames are counted before it and never delivered."""
        for _ in range(skip):
            next(self._indices)
        index = next(self._indices)
        self._put(error or Frame(index, index * 33_000_000 + 1, picture(index)))

    def wait_until_read(self) -> None:
        """Until all that was fed is read and the reader is blocked."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._blocked and not self._items, PATIENCE)

    def read(self) -> Frame | None:
        with self._changed:
            self._blocked = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._items)
            self._blocked = False
            item = self._items.pop(0)
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        assert not self.closed.is_set(), "closed twice"
        self.closed.set()
        self._put(None)

    def _put(self, item: Frame | Exception | None) -> None:
        with self._changed:
            self._items.append(item)
            self._changed.notify_all()


class FakeFile:
    """A clip of some frames, 33 ms apart, or at given times."""

    live = False
    ended_early = False
    fps = 30.0
    size = (64, 48)

    def __init__(self, name: str, count: int, independent: bool = False, times_ns: Sequence[int] | None = None) -> None:
        self._times = times_ns or [index * 33_000_000 for index in range(count)]
        self.name = name
        self.frame_count = count
        self.independent = independent
        self.closed = threading.Event()
        self._indices = iter(range(count))

    def read(self) -> Frame | None:
        index = next(self._indices, None)
        return None if index is None else Frame(index, self._times[index], picture(index))

    def close(self) -> None:
        assert not self.closed.is_set(), "closed twice"
        self.closed.set()


class FakeModel:
    def __init__(self, name: str) -> None:
        self.name = name
        self.warm = False
        self.closed = threading.Event()

    def reset(self) -> None: ...

    def warm_up(self) -> None:
        self.warm = True

    def close(self) -> None:
        assert not self.closed.is_set(), "closed twice"
        self.closed.set()

    def reconstruct(self, crops: Any) -> list[Reconstruction]:
        raise NotImplementedError


def some_hand() -> HandReconstruction:
    parameters = HandParameters(np.zeros((16, 3)), np.zeros(10), np.array([0.0, 0.0, 0.5]))
    return HandReconstruction(parameters, np.ones((778, 3)), np.ones((21, 3)), np.full((21, 2), 20.0), 0.9)


class FakeTracker:
    """Sees a right hand everywhere and notes what it was asked."""

    def __init__(self, model: str = "landmark-fit") -> None:
        self.config = TrackerConfig(model=model, detector="openvino")
        self.model = model
        self.reconstructor: Any = FakeModel(model)
        self.reconstructor.warm = True
        self.smoothing: Any = None
        self.hand_models = {"right": SimpleNamespace(name="free", faces=np.zeros((4, 3), dtype=np.int64))}
        self.tracked: list[Frame] = []
        self.log: list[str] = []
        self.smoothings: list[Any] = []
        self.models: list[str] = []
        self.independent: list[bool] = []
        self.before_track: Callable[[Frame], None] = lambda frame: None
        self.closed = threading.Event()
        self.threads: set[int] = set()
        self.cameras: list[tuple[Any, Any, Any]] = []
        self._tracking = False

    def track(self, frame: Frame, *, independent: bool = False) -> TrackedFrame:
        self._tracking = True
        try:
            self.before_track(frame)
        finally:
            self._tracking = False
        self.threads.add(threading.get_ident())
        self.tracked.append(frame)
        self.log.append(f"track {frame.index}")
        self.smoothings.append(self.smoothing)
        self.models.append(self.model)
        self.independent.append(independent)
        hands = Reconstruction({"right": some_hand()})
        intrinsics = Intrinsics.from_fov(64, 48)
        raw = {"right": hands.hands["right"].parameters}
        return TrackedFrame(frame, hands, raw, frozenset(), intrinsics, {"detect": 1.0}, self.model)

    def use_model(self, name: str, reconstructor: Any) -> Any:
        assert not self._tracking
        assert reconstructor.warm
        self.threads.add(threading.get_ident())
        old, self.reconstructor, self.model = self.reconstructor, reconstructor, name
        self.log.append(f"use {name}")
        self.old_model = old
        return old

    def use_camera(self, fov: Any = None, camera_file: Any = None, camera: Any = None) -> None:
        assert not self._tracking
        self.cameras.append((fov, camera_file, camera))

    def reset(self) -> None:
        self.log.append("reset")

    def close(self) -> None:
        self.threads.add(threading.get_ident())
        self.closed.set()


class FakeRenderer:
    """Colours the whole image, so that a drawn one is known."""

    name = "fake"
    faces: Mapping = MappingProxyType({})

    def __init__(self) -> None:
        self.threads = {threading.get_ident()}
        self.closed = threading.Event()

    def render(self, image: np.ndarray, vertices: Mapping, intrinsics: Intrinsics, style: Any) -> np.ndarray:
        self.threads.add(threading.get_ident())
        drawn = image.copy()
        drawn[..., 0] = 255
        return drawn

    def close(self) -> None:
        self.threads.add(threading.get_ident())
        self.closed.set()


class FakeRecorder:
    def __init__(self) -> None:
        self.offered: list[TrackedFrame] = []
        self.pictures: list[int] = []
        self.missed: list[int] = []
        self.stopped = threading.Event()
        self.dropped_by = DroppedFrames()
        self.error: Exception | None = None
        self.notes: list[tuple[int, str, Any]] = []

    def note(self, kind: str, value: Any) -> None:
        self.notes.append((len(self.offered), kind, value))

    def offer_image(self, frame: Frame) -> bool:
        self.pictures.append(frame.index)
        return True

    def miss_image(self, index: int) -> None:
        self.missed.append(index)

    def offer_hands(self, tracked: TrackedFrame) -> None:
        assert tracked.frame.index in self.pictures, "an image comes before its hands"
        self.offered.append(tracked)

    def stop(self) -> None:
        self.stopped.set()


class LeapingClock:
    """An hour passes with every look at it, so that nothing is ever early."""

    def __init__(self) -> None:
        self._hours = itertools.count(1)

    def __call__(self) -> int:
        return next(self._hours) * 3_600_000_000_000


@dataclass
class FakeParts:
    """Factories of a session, and what they made."""

    sources: dict[str, Any] = field(default_factory=dict)
    cameras: list[str] = field(default_factory=list)
    tracker: FakeTracker = field(default_factory=FakeTracker)
    renderer: FakeRenderer | None = None
    recorder: FakeRecorder = field(default_factory=FakeRecorder)
    recorder_error: Exception | None = None
    before_recorder: Callable[[], None] = lambda: None
    write_sessions_in: Path | None = None
    models: dict[str, FakeModel] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    modes: list[CameraMode | None] = field(default_factory=list)
    created_with: list[str] = field(default_factory=list)
    seconds: list[FakeTracker] = field(default_factory=list)
    before_second: Callable[[FakeTracker], None] = lambda tracker: None
    notice: Callable[[str], None] | None = None
    before_model: Callable[[str], None] = lambda name: None
    before_tracker: Callable[[str], None] = lambda name: None
    renderer_error: Exception | None = None

    def factories(self) -> Factories:
        return Factories(
            open_source=self._open_source,
            list_cameras=lambda: [SimpleNamespace(spec=spec, name=f"camera {spec}") for spec in self.cameras],  # type: ignore[misc]
            create_tracker=self._create_tracker,
            create_model=self._create_model,
            create_renderer=self._create_renderer,
            create_recorder=self._create_recorder,
            clock=LeapingClock(),
            cameras_listed_quietly=lambda: False,
        )

    def _open_source(self, spec: str, on_notice: Callable[[str], None], mode: CameraMode | None) -> Any:
        self.opened.append(spec)
        self.modes.append(mode)
        self.notice = on_notice
        made = self.sources.get(Path(spec).name)
        if made is None:
            raise SourceError(f"There is no source {spec!r}.")
        if isinstance(made, Exception):
            raise made
        source = made() if callable(made) else made
        if isinstance(source, FakeCamera) and source.mode is not None:
            source.asked = mode or USUAL_MODE
        return source

    def _create_tracker(self, config: TrackerConfig) -> Any:
        if threading.current_thread().name == "bothhands-second-tracker":
            second = FakeTracker(config.model)
            second.config = config
            self.seconds.append(second)
            self.before_second(second)
            return second
        self.before_tracker(config.model)
        self.created_with.append(config.model)
        self.tracker.model = config.model
        self.tracker.smoothing = config.smoothing
        return self.tracker

    def _create_model(self, config: TrackerConfig, hand_models: Any) -> Any:
        name = config.model
        self.before_model(name)
        self.models[name] = FakeModel(name)
        return self.models[name]

    def _create_renderer(self, faces: Any) -> Any:
        if self.renderer_error is not None:
            raise self.renderer_error
        self.renderer = FakeRenderer()
        return self.renderer

    def _create_recorder(self, start: RecordingStart) -> Any:
        if self.recorder_error is not None:
            raise self.recorder_error
        self.recording_start = start
        self.before_recorder()
        if self.write_sessions_in is not None:
            info = replace(session_info(), intrinsics=start.first.intrinsics)
            writer = SessionWriter.create(self.write_sessions_in, info, video=True)
            return Recorder(writer), writer.path
        return self.recorder, Path("recordings") / start.source


def our_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("bothhands-")]


def texts(messages: Iterable[Any]) -> str:
    return "\n".join(message.text for message in messages)
