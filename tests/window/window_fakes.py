"""A live session that does what a test says and notes what the window asks of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.live import LiveStatus, Message, RecordingStatus, RenderedFrame
from app.live.scene_loop import SceneLoop
from app.live.values import MessageBoard
from app.outputs.streaming.hub import StreamStatus
from models.registry import ModelCard
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tests.app.live_fakes import FakeRenderer
from tracking.values import Frame, TrackedFrame

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

MS = 1_000_000
CALLS = (
    "select_source",
    "select_model",
    "compare_with",
    "exchange_models",
    "set_smoothing",
    "set_hand_shape",
    "set_lock_sides",
    "measure_hand_shape",
    "set_cameras",
    "set_camera_modes",
    "set_camera_controls",
    "set_style",
    "set_framing",
    "start_stream",
    "stop_stream",
    "find_cameras",
    "reread_cards",
    "close",
)
KEYWORD_CALLS = ("set_mirrored",)


def an_image(image: np.ndarray, captured_ns: int = 0, hands: bool = True) -> RenderedFrame:
    height, width = image.shape[:2]
    parameters = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
    hand = HandReconstruction(parameters, np.zeros((778, 3)), np.zeros((21, 3)), np.zeros((21, 2)), 1.0)
    tracked = TrackedFrame(
        Frame(0, captured_ns, image),
        Reconstruction({"left": hand} if hands else {}),
        {},
        frozenset(),
        Intrinsics.from_fov(width, height),
        {"detect": 2.0},
        "landmark-fit",
    )
    return RenderedFrame(image, tracked, captured_ns, captured_ns + 3 * MS, {"detect": 2.0, "render": 1.0})


class FakeSession:
    models = ("landmark-fit", "eanet", "lwa-hand")
    hand_model = "free"

    def palm_length(self, shape: Any) -> float:
        return 0.1 + 0.01 * float(shape[0])

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.pending: list[RenderedFrame] = []
        self.news: list[Message] = []
        self.cameras: Any = None
        self.model_cards: dict[str, ModelCard] = {}
        self.streams: dict[str, StreamStatus] = {}
        self.status = LiveStatus(source="demo.mp4", source_spec="demo", camera="demo", model="landmark-fit")
        self.clock_ns = 0
        self.player: Any = None
        self.new_cameras: list[Any] = []
        self.scene = SceneLoop(lambda faces: FakeRenderer(), MessageBoard())

    def newest(self, timeout: float = 0.0) -> RenderedFrame | None:
        return self.pending.pop(0) if self.pending else None

    def draw(self, picture: RenderedFrame) -> np.ndarray:
        return picture.image

    def messages(self) -> list[Message]:
        news, self.news = self.news, []
        return news

    def now_ns(self) -> int:
        return self.clock_ns

    def take_new_camera(self) -> Any:
        return self.new_cameras.pop(0) if self.new_cameras else None

    def start_recording(self, title: str = "", notes: str = "") -> None:
        self.calls.append(("start_recording", title, notes) if title or notes else ("start_recording",))
        self.status = replace(self.status, recording=RecordingStatus(Path("/sessions/20260101-120000"), 0.0, 0, 0))

    def stop_recording(self) -> None:
        self.calls.append(("stop_recording",))
        self.status = replace(self.status, recording=None, last_recording=Path("/sessions/20260101-120000"))

    def __getattr__(self, name: str) -> Any:
        if name in KEYWORD_CALLS:
            return lambda **arguments: self.calls.append((name, arguments))
        if name not in CALLS:
            raise AttributeError(name)
        return lambda *arguments, **options: self.calls.append((name, *arguments))


def camera(spec: str, name: str) -> SimpleNamespace:
    return SimpleNamespace(spec=spec, name=name)


def widest_states(window: MainWindow, session: FakeSession) -> Iterator[LiveStatus]:
    """The states in which the panel has most to say, one after the other, with all its sections unfolded."""
    why = "There is no virtual camera to show the image on: on Linux load one."
    for section in window.panel.sections:
        section.fold(False)
    for status in (
        replace(session.status, last_recording=Path("/sessions/20260101-120000")),
        replace(
            session.status, recording=RecordingStatus(Path("/x"), 36_000.0, 10**6, 10**5, 10**6, 10**6, 10**12, 10**12)
        ),
        replace(session.status, loading_model="landmark-fit", loading_reason="it is converted for this machine"),
    ):
        session.status = status
        session.streams = {kind: StreamStatus("failed", "x", why) for kind in window.panel.streams.boxes}
        window._refresh()
        yield status
