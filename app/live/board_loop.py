"""The thread that looks for the calibration board: beside the tracking, a few times a second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.live.board_calibration import MeasuredCamera, calibrate
from app.live.board_views import BoardViews, Lack, Need
from app.live.calibration_board import SeenBoard, find_board, is_mirrored
from app.live.threads import guarded_thread
from app.live.values import MessageBoard
from models.errors import BothhandsError
from models.sentences import said, say
from tracking.mailbox import Mailbox
from tracking.values import Frame

EVERY_NS = 120_000_000
"""A board is looked for no more often: the tracker needs the processor as well."""
_LOOK_FOR_MIRROR = 8
"""Frames without a board after which it is looked for in a mirror image."""
_PATIENCE_SECONDS = 5.0

Calibrate = Callable[[Sequence[SeenBoard]], MeasuredCamera]


@dataclass(frozen=True, eq=False)
class BoardProgress:
    """How far a calibration is.

    Attributes:
        lack: what the newest frame lacks, None where it was kept.
        need: what the views lack together, None where nothing is.
        done: how much of what is needed there is, 0 to 1.
        views: that were kept.
        places: (N, 2) of each view: where its corners lie, of the image's width and height.
        now: (N, 2) the same of the newest frame; None where it shows no board.
        size: width and height of the images, px; None before the first.
        computing: all is seen, and the camera is being computed.
        result: the camera, None until it is known.
        error: why the views were refused, "" where they were not.
    """

    lack: Lack | None = "board"
    need: Need | None = None
    done: float = 0.0
    views: int = 0
    places: tuple[np.ndarray, ...] = ()
    now: np.ndarray | None = None
    size: tuple[int, int] | None = None
    computing: bool = False
    result: MeasuredCamera | None = None
    error: str = ""


class BoardLoop:
    """Finds the board in the newest frame, keeps views, and computes the camera when there are enough.

    Args:
        board: is told what goes wrong.
        calibrate: the computation.
    """

    def __init__(self, board: MessageBoard, calibrate: Calibrate = calibrate) -> None:
        self._frames: Mailbox[Frame] = Mailbox()
        self._calibrate = calibrate
        self._views = BoardViews()
        self._progress = BoardProgress(need=self._views.need)
        self._anew = False
        self._last_ns: int | None = None
        self._missed = 0
        self._thread = guarded_thread("board", say("Looking for the calibration board"), self.run, board)

    @property
    def progress(self) -> BoardProgress:
        """How far it is."""
        return self._progress

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def close(self) -> None:
        """End; waits for what is being computed."""
        self._frames.close()
        if self._thread.ident is not None:
            self._thread.join(_PATIENCE_SECONDS)

    def restart(self) -> None:
        """Begin anew with the next frame. Any thread."""
        self._anew = True
        self._progress = BoardProgress(need=BoardViews().need)

    def see(self, frame: Frame) -> None:
        """Let the next frame be looked at, if there is time. Any thread."""
        self._frames.put(frame)

    def run(self) -> None:
        """Look until it is closed."""
        while (frame := self._frames.take()) is not None:
            self.look(frame)

    def look(self, frame: Frame) -> None:
        """Look for the board in a frame."""
        if self._anew:
            self._anew, self._views, self._last_ns = False, BoardViews(), None
            self._progress = BoardProgress(need=self._views.need)
        last = self._last_ns
        if self._progress.result is not None or self._progress.error:
            return
        if last is not None and 0 <= frame.captured_ns - last < EVERY_NS:
            return
        self._last_ns = frame.captured_ns
        board = find_board(frame.image)
        self._views.update(board, frame.captured_ns)
        self._show(frame, board)
        if self._views.need is None:
            self._compute()

    def _show(self, frame: Frame, board: SeenBoard | None) -> None:
        views, lack = self._views, self._views.lack
        self._missed = self._missed + 1 if board is None else 0
        if board is None and (self._progress.lack == "mirrored" or self._missed % _LOOK_FOR_MIRROR == 0):
            lack = "mirrored" if is_mirrored(frame.image) else lack
        height, width = frame.image.shape[:2]
        self._tell(
            BoardProgress(
                lack=lack,
                need=views.need,
                done=views.progress,
                views=len(views.views),
                places=tuple(views.places),
                now=None if board is None else board.corners / board.size,
                size=(width, height),
            )
        )

    def _compute(self) -> None:
        self._tell(replace(self._progress, computing=True))
        try:
            result = self._calibrate([view.board for view in self._views.views])
        except BothhandsError as error:
            self._tell(replace(self._progress, computing=False, error=said(error)))
        else:
            self._tell(replace(self._progress, computing=False, result=result))

    def _tell(self, progress: BoardProgress) -> None:
        if not self._anew:  # what was asked for anew is not shown again
            self._progress = progress
