"""The render thread: owns the GL context."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.live.feed import Clock
from app.live.painting import CreateRenderer, open_painter
from app.live.statistics import RateMeter
from app.live.values import BesideFrame, HandState, MessageBoard, RenderedFrame, hand_states
from models.values import Side
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle
from tracking.mailbox import Mailbox
from tracking.stages import RENDER
from tracking.values import TrackedFrame


@dataclass(frozen=True, eq=False)
class RenderJob:
    """A tracked frame that is to be drawn.

    Attributes:
        tracked: frame and hands.
        captured_ns: when the frame was grabbed or handed out.
        faces: (F, 3) by side, of the meshes; None where no tracker could be made.
        beside: the same frame with the hands of a second model; None where none is compared.
    """

    tracked: TrackedFrame
    captured_ns: int
    faces: Mapping[Side, np.ndarray] | None
    beside: TrackedFrame | None = None


class RenderLoop:
    """What the render thread does: hands over frames, newest first.

    Args:
        create_renderer: called in the render thread.
        style: how hands are drawn to begin with; may be replaced at any time.
        board: is told what goes wrong.
        clock: steady nanoseconds.
        offer: gets every frame with the hands drawn into its image, for virtual cameras.
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
        self._painter = OverlayPainter(None)
        self._failing = False
        self._lock = threading.Lock()
        self._rate = RateMeter()
        self._hands: Mapping[Side, HandState] = {}

    @property
    def frames_per_second(self) -> float:
        """Images finished per second."""
        with self._lock:
            return self._rate.rate(self._clock())

    @property
    def hands(self) -> Mapping[Side, HandState]:
        """Of the newest image, by side."""
        return self._hands

    def run(self) -> None:
        """Draw until the mailbox of jobs is closed."""
        asked = False
        try:
            while (job := self.jobs.take()) is not None:
                if not asked and job.faces is not None:
                    asked = True
                    self._painter = open_painter(self._create_renderer, job.faces, self._board)
                self._finish(job)
        finally:
            self._painter.close()

    def _finish(self, job: RenderJob) -> None:
        begun_ns = self._clock()
        image = self._draw(job.tracked)
        beside = None if job.beside is None else BesideFrame(self._draw(job.beside), job.beside)
        rendered_ns = self._clock()
        milliseconds = {**job.tracked.milliseconds, RENDER: (rendered_ns - begun_ns) * 1e-6}
        self._hands = hand_states(job.tracked)
        with self._lock:
            self._rate.add(rendered_ns)
        self._offer(replace(job.tracked, frame=replace(job.tracked.frame, image=image)))
        self.pictures.put(
            RenderedFrame(image, job.tracked, job.captured_ns, rendered_ns, milliseconds, job.faces, beside)
        )

    def _draw(self, tracked: TrackedFrame) -> np.ndarray:
        image = tracked.frame.image
        try:
            drawn = self._painter.paint(image, tracked.hands, tracked.intrinsics, self.style)
        except Exception as error:  # noqa: BLE001 - told and logged
            if not self._failing:
                self._board.post_error("Drawing the hands", error)
            self._failing = True
            return image
        self._failing = False
        return drawn
