"""The render thread: owns the GL context."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.live.crispness import Crispness
from app.live.drawing import Sight, draw_seen
from app.live.feed import Clock
from app.live.framing import Framing
from app.live.painting import CreateRenderer, open_painter
from app.live.statistics import RateMeter
from app.live.values import BesideFrame, HandState, MessageBoard, RenderedFrame, hand_states
from models.sentences import say
from models.values import Side
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle
from tracking.mailbox import Mailbox
from tracking.stages import RENDER
from tracking.values import TrackedFrame

_IDLE_SECONDS = 0.05
"""How often it is looked whether the last frame is to be drawn in another way, while no other one comes."""


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
        wants_drawn: whether it does anything with them.

    Attributes:
        style: how hands are drawn; any thread.
        framing: where frames lie on the screen, whose pixels hands are drawn with; None draws them into the frame. Any
            thread.
    """

    def __init__(
        self,
        create_renderer: CreateRenderer,
        style: OverlayStyle,
        board: MessageBoard,
        clock: Clock,
        offer: Callable[[TrackedFrame], None],
        wants_drawn: Callable[[], bool] = lambda: True,
    ) -> None:
        self.style = style
        self.framing: Framing | None = None
        self._wants_drawn = wants_drawn
        self._crispness = Crispness()
        self._last: tuple[RenderJob, OverlayStyle, Framing | None] | None = None
        self.jobs: Mailbox[RenderJob] = Mailbox()
        self.images: Mailbox[RenderedFrame] = Mailbox()
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
            while not self.jobs.closed:
                job = self.jobs.take(_IDLE_SECONDS)
                if job is None:
                    self._draw_again()
                    continue
                if not asked and job.faces is not None:
                    asked = True
                    self._painter = open_painter(self._create_renderer, job.faces, self._board)
                self._finish(job)
        finally:
            self._painter.close()

    def _finish(self, job: RenderJob) -> None:
        picture = self._draw_picture(job)
        self._hands = hand_states(job.tracked)
        with self._lock:
            self._rate.add(picture.rendered_ns)
        if picture.layers is None:
            self._offer(replace(job.tracked, frame=replace(job.tracked.frame, image=picture.image)))
        elif self._wants_drawn():
            whole = self._draw_side(job.tracked, Sight(), self.style).image
            self._offer(replace(job.tracked, frame=replace(job.tracked.frame, image=whole)))
        self.images.put(picture)

    def _draw_again(self) -> None:
        """No frame comes, as of a clip that is paused: the last one is drawn as it is wanted by now."""
        if self._last is None:
            return
        job, style, framing = self._last
        if style != self.style or framing != self.framing:
            self.images.put(self._draw_picture(job))

    def _draw_picture(self, job: RenderJob) -> RenderedFrame:
        begun_ns = self._clock()
        style, framing = self.style, self.framing
        self._last = job, style, framing
        sight = Sight.of(job.tracked.frame.image, framing, self._crispness)
        sides = [self._draw_side(tracked, sight, style) for tracked in (job.tracked, job.beside) if tracked]
        rendered_ns = self._clock()
        spent = (rendered_ns - begun_ns) * 1e-6
        if framing is not None and any(side.tracked.hands.hands for side in sides):
            self._crispness.add(sight.scale, spent)
        return RenderedFrame(
            sides[0].image,
            job.tracked,
            job.captured_ns,
            rendered_ns,
            {**job.tracked.milliseconds, RENDER: spent},
            job.faces,
            sides[1] if job.beside is not None else None,
            sides[0].layers,
        )

    def _draw_side(self, tracked: TrackedFrame, sight: Sight, style: OverlayStyle) -> BesideFrame:
        image = tracked.frame.image
        try:
            drawn = draw_seen(self._painter, image, tracked.hands, tracked.intrinsics, style, sight)
        except Exception as error:  # noqa: BLE001 - told and logged
            if not self._failing:
                self._board.post_error(say("Drawing the hands"), error)
            self._failing = True
            return BesideFrame(image, tracked)
        self._failing = False
        return BesideFrame(drawn.image, tracked, drawn.layers)
