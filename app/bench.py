"""`bench`: every model and stage beside MediaPipe Hands alone, on the same frames in the same run.

The whole pipeline is measured as it runs live: one thread tracks, another draws the overlay. Contenders take turns in
blocks of frames, so that a machine that slows down slows them all; the metrics are ratios for the same reason.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, Protocol, runtime_checkable

import cv2
import numpy as np
from rich.table import Table

from app.compiled import use_what_is_compiled
from models.errors import BothhandsError
from models.registry import list_models
from models.runtime.torch_module import Runner
from render import create_renderer
from render.overlay import draw_hands
from render.protocol import OverlayStyle
from tracking.cropper import CROP_SIZE
from tracking.detector.mediapipe_detector import MediaPipeDetector
from tracking.smoothing import SmoothingSettings
from tracking.sources import open_source
from tracking.tracker import Tracker
from tracking.values import Frame, TrackedFrame

BLOCK = 60
"""Frames that one contender runs before the next has its turn."""
WARM_UP = 15
RATIO_ROUNDS, RATIO_CALLS = 6, 8
"""Turns of a network and of its eager twin, and timed calls in each."""


@runtime_checkable
class _HasRunners(Protocol):
    def runners(self) -> tuple[Runner, Runner]: ...


_SIDES = 16, 8192
"""Fewest and most px of a side that are measured: beyond, there is nothing to see, or no memory for it."""


def parse_size(text: str) -> tuple[int, int]:
    """Width and height from "640x360".

    Raises:
        BothhandsError: not of that form.
    """
    match = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    if match is None or not all(_SIDES[0] <= int(side) <= _SIDES[1] for side in match.groups()):
        raise BothhandsError(
            f"--size cannot be {text!r}; write WIDTHxHEIGHT, such as 640x360, of {_SIDES[0]} to {_SIDES[1]} px each."
        )
    return int(match[1]), int(match[2])


class _Contender:
    """Something that is timed block by block."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.frames = 0

    def run(self, frames: Sequence[Frame], count: bool) -> None:
        start = time.perf_counter()
        self._run(frames, count)
        if count:
            self.seconds += time.perf_counter() - start
            self.frames += len(frames)

    def _run(self, frames: Sequence[Frame], count: bool) -> None:
        raise NotImplementedError

    @property
    def rate(self) -> float:
        return self.frames / self.seconds

    def close(self) -> None:
        raise NotImplementedError


class _MediaPipeAlone(_Contender):
    def __init__(self) -> None:
        super().__init__()
        self._detector = MediaPipeDetector()
        self._last = ()
        self.hands = 0

    def _run(self, frames: Sequence[Frame], count: bool) -> None:
        for frame in frames:
            self._last = self._detector.detect(frame.image, self._last)
            self.hands += len(self._last) if count else 0

    def close(self) -> None:
        self._detector.close()


class _Pipeline(_Contender):
    """Tracking in the calling thread, overlay in a second one."""

    def __init__(self, model: str, device: str, renderer: str) -> None:
        super().__init__()
        use_what_is_compiled()
        self._tracker = Tracker.create(model, device=device, smoothing=SmoothingSettings())
        self._faces = self._tracker.faces
        self._queue: queue.Queue[tuple[TrackedFrame, bool] | None] = queue.Queue(maxsize=2)
        self._thread = threading.Thread(target=self._draw, args=(renderer,), name="bench-overlay", daemon=True)
        self._error: Exception | None = None
        self._thread.start()
        self.stages: dict[str, list[float]] = {}
        self.hands = 0

    def _run(self, frames: Sequence[Frame], count: bool) -> None:
        for frame in frames:
            tracked = self._tracker.track(frame)
            self._queue.put((tracked, count))
            if count:
                self.hands += len(tracked.hands.hands)
                for stage, milliseconds in tracked.milliseconds.items():
                    self.stages.setdefault(stage, []).append(milliseconds)
        self._queue.join()
        if self._error is not None:
            raise self._error

    def _draw(self, name: str) -> None:
        renderer = None
        style = OverlayStyle()
        while (item := self._queue.get()) is not None:
            tracked, count = item
            start = time.perf_counter()
            try:
                renderer = renderer or create_renderer(name, self._faces)
                draw_hands(renderer, tracked.frame.image, tracked.hands, tracked.intrinsics, style)
            except Exception as error:  # noqa: BLE001 - raised again in the measuring thread
                self._error = error
            if count:
                self.stages.setdefault("overlay", []).append((time.perf_counter() - start) * 1e3)
            self._queue.task_done()
        if renderer is not None:
            renderer.close()

    def ratio_to_eager(self) -> float | None:
        """Time of the network as it runs here over its time in eager torch; None for models without a network."""
        reconstructor = self._tracker.reconstructor
        if not isinstance(reconstructor, _HasRunners):
            return None
        image = np.random.default_rng(0).integers(0, 255, (1, CROP_SIZE, CROP_SIZE, 3), np.uint8)
        runners = reconstructor.runners()
        seconds: list[list[float]] = [[], []]
        for _ in range(RATIO_ROUNDS):
            for runner, times in zip(runners, seconds, strict=True):
                runner(image)  # brings its own weights back into the caches that the other's filled
                for _ in range(RATIO_CALLS):
                    start = time.perf_counter()
                    runner(image)
                    times.append(time.perf_counter() - start)
        fast, eager = map(median, seconds)
        return fast / eager

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()
        self._tracker.close()


def measure(
    source: str,
    frames: int,
    size: tuple[int, int],
    device: str,
    renderer: str,
    progress: Callable[[int, int | None], None],
) -> dict[str, Any]:
    """Run all contenders over the first frames of a source.

    Args:
        source: as for `process`.
        frames: how many at most.
        size: width and height that frames are brought to.
        device: as for `process`.
        renderer: as for `process`.
        progress: called with blocks done and in all.

    Returns:
        Metrics ready for JSON: frames per second of MediaPipe Hands alone and of each model's whole pipeline, the
        pipelines' rates as ratios to MediaPipe's, each network's time as a ratio to that of eager torch, each stage's
        median and 95th percentile in milliseconds, hands found a frame.
    """
    pictures = _load(source, frames, size)
    blocks = [pictures[i : i + BLOCK] for i in range(0, len(pictures), BLOCK)]
    mediapipe = _MediaPipeAlone()
    pipelines: dict[str, _Pipeline] = {}
    try:
        for name in list_models():
            pipelines[name] = _Pipeline(name, device, renderer)
        contenders: list[_Contender] = [mediapipe, *pipelines.values()]
        for contender in contenders:
            contender.run(pictures[:WARM_UP], count=False)
        total = len(blocks) * len(contenders)
        for number, block in enumerate(blocks):
            for place, contender in enumerate(contenders):
                contender.run(block, count=True)
                progress(number * len(contenders) + place + 1, total)
        ratios_to_eager = {
            name: round(ratio, 3)
            for name, pipeline in pipelines.items()
            if (ratio := pipeline.ratio_to_eager()) is not None
        }
    finally:
        for contender in [mediapipe, *pipelines.values()]:
            contender.close()
    return {
        "source": source,
        "size": list(size),
        "frames": len(pictures),
        "mediapipe": {
            "frames_per_second": round(mediapipe.rate, 2),
            "milliseconds": round(1e3 / mediapipe.rate, 3),
            "hands_per_frame": round(mediapipe.hands / mediapipe.frames, 3),
        },
        "models": {
            name: {
                "frames_per_second": round(pipeline.rate, 2),
                "hands_per_frame": round(pipeline.hands / pipeline.frames, 3),
                "stages_ms": {stage: _spread(values) for stage, values in pipeline.stages.items()},
            }
            for name, pipeline in pipelines.items()
        },
        "ratio_to_eager": ratios_to_eager,
        "ratio_to_mediapipe": {name: round(p.rate / mediapipe.rate, 3) for name, p in pipelines.items()},
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": round(median(values), 3), "p95": round(float(np.percentile(values, 95)), 3)}


def _load(source: str, frames: int, size: tuple[int, int]) -> list[Frame]:
    reader = open_source(source, sequence=True)
    try:
        pictures = []
        while len(pictures) < frames and (frame := reader.read()) is not None:
            image = cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA)
            pictures.append(Frame(frame.index, frame.captured_ns, image))
        return pictures
    finally:
        reader.close()


def bench_table(result: dict[str, Any]) -> Table:
    """The metrics for people."""
    width, height = result["size"]
    table = Table(
        "pipeline", "frames/s", "of MediaPipe", "hands/frame", "stages, median ms (p95)",
        title=f"{result['frames']} frames at {width}x{height}",
    )  # fmt: skip
    alone = result["mediapipe"]
    table.add_row(
        "MediaPipe Hands alone", f"{alone['frames_per_second']:.1f}", "1.00", f"{alone['hands_per_frame']:.2f}", ""
    )
    for name, figures in result["models"].items():
        stages = ", ".join(f"{k} {v['median']:.1f} ({v['p95']:.1f})" for k, v in figures["stages_ms"].items())
        ratio = result["ratio_to_mediapipe"][name]
        if name in result["ratio_to_eager"]:
            stages += f"; network {result['ratio_to_eager'][name]:.2f} of eager torch"
        table.add_row(
            name, f"{figures['frames_per_second']:.1f}", f"{ratio:.2f}", f"{figures['hands_per_frame']:.2f}", stages
        )
    return table
