"""The render thread: owns the GL context."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.live.feed import Clock
from app.live.statistics import RateMeter
from app.live.values import HandState, MessageBoard, RenderedFrame, hand_states
from models.values import Side
from render.overlay import draw_hands
from render.protocol import MeshRenderer, OverlayStyle
from tracking.mailbox import Mailbox
from tracking.values import TrackedFrame

CreateRenderer = Callable[[Mapping[Side, np.ndarray]], MeshRenderer]
"""Faces (F, 3) by side to a renderer."""


@dataclass(frozen=True, eq=False)
class RenderJob:
    """A tracked frame that is to be drawn.

    Attributes:
        tracked: frame and hands.
        captured_ns: when the frame was grabbed or handed out.
        faces: (F, 3) by side, of the meshes; None where no tracker could be made.
    """

    tracked: TrackedFrame
    captured_ns: int
    faces: Mapping[Side, np.ndarray] | None


class RenderLoop:
    """What the render thread does: hands over frames, newest first.

    Args:
        create_renderer: called in the render thread.
        style: how hands are drawn to begin with; may be replaced at any time.
        board: is told what goes wrong.
        clock: steady nanoseconds.
        offer: gets every frame with the hands drawn into its picture, for virtual cameras.
    """

    def __init__(
        self,
        create_renderer: CreateRenderer,
        style: OverlayStyle,
        board: MessageBoard,
        clock: Clock,
        offer: Callable[[TrackedFrame], None],
    ) -> None:
        self.style = style
        self.jobs: Mailbox[RenderJob] = Mailbox()
        self.pictures: Mailbox[RenderedFrame] = Mailbox()
        self._create_renderer = create_renderer
        self._board = board
        self._clock = clock
        self._offer = offer
        self._renderer: MeshRenderer | None = None
        self._failing = False
        self._lock = threading.Lock()
        self._rate = RateMeter()
        self._hands: Mapping[Side, HandState] = {}

    @property
    def frames_per_second(self) -> float:
        """Pictures finished per second."""
        with self._lock:
            return self._rate.rate(self._clock())

    @property
    def hands(self) -> Mapping[Side, HandState]:
        """Of the newest picture, by side."""
        return self._hands

    def run(self) -> None:
        """Draw until the mailbox of jobs is closed."""
        asked = False
        try:
            while (job := self.jobs.take()) is not None:
                if not asked and job.faces is not None:
                    asked = True
                    self._open(job.faces)
                self._finish(job)
        finally:
            if self._renderer is not None:
                self._renderer.close()

    def _open(self, faces: Mapping[Side, np.ndarray]) -> None:
        try:
            self._renderer = self._create_renderer(faces)
        except Exception as error:  # noqa: BLE001 - told and logged
            self._board.post_error("Starting the renderer", error)
            self._board.post("warning", "Hands are drawn as skeletons, because meshes cannot be drawn here.")

    def _finish(self, job: RenderJob) -> None:
        begun_ns = self._clock()
        image = self._draw(job.tracked)
        rendered_ns = self._clock()
        milliseconds = {**job.tracked.milliseconds, "render": (rendered_ns - begun_ns) * 1e-6}
        self._hands = hand_states(job.tracked)
        with self._lock:
            self._rate.add(rendered_ns)
        self._offer(replace(job.tracked, frame=replace(job.tracked.frame, image=image)))
        self.pictures.put(RenderedFrame(image, job.tracked, job.captured_ns, rendered_ns, milliseconds))

    def _draw(self, tracked: TrackedFrame) -> np.ndarray:
        image = tracked.frame.image
        style = self.style
        if self._renderer is None and style.view != "none":
            style = replace(style, view="skeleton")
        try:
            drawn = draw_hands(self._renderer, image, tracked.hands, tracked.intrinsics, style)
        except Exception as error:  # noqa: BLE001 - told and logged
            if not self._failing:
                self._board.post_error("Drawing the hands", error)
            self._failing = True
            return image
        self._failing = False
        return drawn
