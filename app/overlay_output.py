"""Draws and writes the overlay of tracked frames beside the tracking thread."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from app.priority import go_behind
from app.sessions.video import VideoWriter
from models.errors import BothhandsError
from models.values import Side
from render import create_renderer
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle
from tracking.values import TrackedFrame

QUEUE_SIZE = 8


class OverlayOutput:
    """A thread that owns the renderer and writes one overlay image per tracked frame.

    `put` waits where the thread is behind, so that every frame is drawn and memory stays bounded.

    Args:
        target: a video file, or a folder that takes one PNG a frame.
        faces: triangles by side.
        renderer: "auto", "moderngl", "pyrender" or "cpu".
        style: how hands are drawn.
        offer: gets every frame with the hands drawn into its image.
    """

    def __init__(
        self,
        target: Path,
        faces: Mapping[Side, np.ndarray],
        renderer: str,
        style: OverlayStyle,
        offer: Callable[[TrackedFrame], None],
    ) -> None:
        self._target = target
        self._faces = faces
        self._renderer_name = renderer
        self._style = style
        self._offer = offer
        self._queue: queue.Queue[TrackedFrame | None] = queue.Queue(QUEUE_SIZE)
        self._drawing = True  # until `finish` was called and all is drawn: to complete the file may still fail
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="overlay-output", daemon=True)
        self._thread.start()

    def put(self, tracked: TrackedFrame) -> None:
        """Hand over a frame.

        Raises:
            BothhandsError: drawing or writing failed.
        """
        self._check()
        self._queue.put(tracked)

    def finish(self) -> None:
        """Wait until all is written.

        Raises:
            BothhandsError: drawing or writing failed.
        """
        self._queue.put(None)
        self._thread.join()
        self._check()

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        go_behind()
        try:
            self._write_all()
        except Exception as error:  # noqa: BLE001 - raised again in the tracking thread
            self._error = self._told(error)
            while self._next() is not None:  # nobody waits on a full queue
                pass

    def _next(self) -> TrackedFrame | None:
        """The next frame; None once all are drawn, and from then on."""
        if not self._drawing:
            return None
        tracked = self._queue.get()
        self._drawing = tracked is not None
        return tracked

    def _told(self, error: Exception) -> Exception:
        if not isinstance(error, OSError):
            return error
        reason = error.strerror or error
        return BothhandsError(
            f"The overlay {self._target} cannot be written: {reason}; free some space or use --video."
        )

    def _write_all(self) -> None:
        painter = OverlayPainter(create_renderer(self._renderer_name, self._faces))
        try:
            with _Images(self._target) if self._target.suffix == "" else _Video(self._target) as sink:
                while (tracked := self._next()) is not None:
                    picture = painter.paint(tracked.frame.image, tracked.hands, tracked.intrinsics, self._style)
                    sink.write(tracked, picture)
                    self._offer(replace(tracked, frame=replace(tracked.frame, image=picture)))
        finally:
            painter.close()


class _Images:
    """One PNG a frame, named by the frame's place."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def write(self, tracked: TrackedFrame, picture: np.ndarray) -> None:
        path = self._folder / f"{tracked.frame.index:06d}.png"
        _, png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        try:
            path.write_bytes(png.tobytes())
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)  # half an image must not look like a whole one
            raise

    def __enter__(self) -> _Images:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing stays open."""


class _Video:
    """A video of the first image's size; the writer fits others into it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: VideoWriter | None = None

    def write(self, tracked: TrackedFrame, picture: np.ndarray) -> None:
        if self._writer is None:
            self._writer = VideoWriter(self._path, picture.shape[1], picture.shape[0])
        self._writer.add(picture, tracked.frame.captured_ns)

    def __enter__(self) -> _Video:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if self._writer is None:
            return
        if kind is None:
            self._writer.close()
        else:
            self._writer.discard()  # a broken file must not look like a whole one
