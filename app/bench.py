"""`bench`: models and stages beside MediaPipe Hands alone, on the same frames in the same run.

The whole pipeline is measured as it runs live: one thread tracks, another draws the overlay. Contenders take turns in
blocks of frames, so that a machine that slows down slows them all; the metrics are ratios for the same reason, each of
times that were taken side by side, on the same blocks. In every other block nothing is drawn: tracking alone.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol, runtime_checkable

import cv2
import numpy as np
from rich.table import Table

from app.compiled import use_what_is_compiled
from app.first_image import MEDIAPIPE, measure_start
from app.priority import go_behind
from models.amounts import frames_text
from models.errors import BothhandsError
from models.extras import is_installed
from models.registry import list_models, model_card, require_weights
from models.runtime.runner import Runner
from render import create_renderer
from render.overlay import draw_hands
from render.protocol import OverlayStyle
from tracking.cropper import CROP_SIZE
from tracking.detector.mediapipe_detector import MediaPipeDetector
from tracking.smoothing import SmoothingSettings
from tracking.sources import open_source
from tracking.tracker import Tracker
from tracking.values import Frame, TrackedFrame

BLOCK = 30
"""Frames that one contender runs before the next has its turn."""
SECONDS = 50.0
"""How long all may take, unless a person says otherwise; what is loading then is waited for."""
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


@dataclass(frozen=True)
class _Turn:
    """A contender's run through one block.

    Attributes:
        block: its number.
        overlay: whether hands were drawn.
        frames: of the block.
        seconds: wall time.
        cpu_seconds: of all threads of the process.
        hands: found, of all frames together.
    """

    block: int
    overlay: bool
    frames: int
    seconds: float
    cpu_seconds: float
    hands: int


class _Contender:
    """Something that is timed block by block."""

    def __init__(self) -> None:
        self.turns: list[_Turn] = []

    def warm_up(self, frames: Sequence[Frame]) -> None:
        self._run(frames, overlay=True, count=False)

    def run(self, number: int, frames: Sequence[Frame], overlay: bool) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        hands = self._run(frames, overlay, count=True)
        seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
        self.turns.append(_Turn(number, overlay, len(frames), seconds, cpu_seconds, hands))

    def _run(self, frames: Sequence[Frame], overlay: bool, count: bool) -> int:
        """Go through frames; returns how many hands were found in all."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class _MediaPipeAlone(_Contender):
    def __init__(self, complexity: int) -> None:
        super().__init__()
        self._detector = MediaPipeDetector(complexity)
        self._last = ()

    def _run(self, frames: Sequence[Frame], overlay: bool, count: bool) -> int:
        hands = 0
        for frame in frames:
            self._last = self._detector.detect(frame.image, self._last)
            hands += len(self._last)
        return hands

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

    def _run(self, frames: Sequence[Frame], overlay: bool, count: bool) -> int:
        hands = 0
        for frame in frames:
            tracked = self._tracker.track(frame)
            hands += len(tracked.hands.hands)
            if overlay:
                self._queue.put((tracked, count))
            if count:
                for stage, milliseconds in tracked.milliseconds.items():
                    self.stages.setdefault(stage, []).append(milliseconds)
        self._queue.join()
        if self._error is not None:
            raise self._error
        return hands

    def _draw(self, name: str) -> None:
        go_behind()
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
        if not isinstance(reconstructor, _HasRunners) or not is_installed("networks"):
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


def models_to_measure(names: Sequence[str]) -> list[str]:
    """The models that were named, or all whose hands mean something.

    Raises:
        BothhandsError: a model that is named has no weights, or there is none of this name.
    """
    for name in names:
        require_weights(name)
    return list(dict.fromkeys(names)) or [name for name in list_models() if not model_card(name).untrained]


def measure(
    source: str,
    frames: int,
    size: tuple[int, int],
    device: str,
    renderer: str,
    progress: Callable[[int, int | None], None],
    models: Sequence[str] = (),
    seconds: float = SECONDS,
) -> dict[str, Any]:
    """Run all contenders over the first frames of a source.

    Args:
        source: as for `process`.
        frames: how many at most.
        size: width and height that frames are brought to.
        device: as for `process`.
        renderer: as for `process`.
        progress: called with blocks done and in all.
        models: names; none measures all that have weights.
        seconds: after so many no further block is begun; two are measured at least, where there are so many.

    Returns:
        Metrics ready for JSON. Of MediaPipe Hands alone, with its full and its light networks, and of each model's
        whole pipeline: frames a second, CPU time and hands found a frame; of the pipelines also the rate without
        overlay, each stage's median and 95th percentile in milliseconds, resident memory and the time to the first
        image of a process of its own. `ratio_to_mediapipe`: rates with overlay over that of MediaPipe's full networks
        on the same blocks; `ratio_to_mediapipe_light` the same of its light ones, `cpu_ratio_to_mediapipe` of CPU time;
        `ratio_to_eager`: each network's time over that of eager torch.

    Raises:
        BothhandsError: a source that cannot be read, a model that cannot be loaded.
    """
    begun = time.perf_counter()
    names = models_to_measure(models)
    pictures = _load(source, frames, size)
    blocks = [pictures[i : i + BLOCK] for i in range(0, len(pictures), BLOCK)]
    full, light = _MediaPipeAlone(1), _MediaPipeAlone(0)
    pipelines: dict[str, _Pipeline] = {}
    contenders: list[_Contender] = [full, light]
    try:
        starts = {name: measure_start(name, source, size, device, renderer) for name in [MEDIAPIPE, *names]}
        for name in names:
            pipelines[name] = _Pipeline(name, device, renderer)
            contenders.append(pipelines[name])
        for contender in contenders:
            contender.warm_up(pictures[:WARM_UP])
        ratios_to_eager = {
            name: round(ratio, 3)
            for name, pipeline in pipelines.items()
            if (ratio := pipeline.ratio_to_eager()) is not None
        }
        total = len(blocks) * len(contenders)
        for number, block in enumerate(blocks):
            if number >= 2 and time.perf_counter() - begun > seconds:
                break
            for place, contender in enumerate(contenders):
                contender.run(number, block, overlay=number % 2 == 0)
                progress(number * len(contenders) + place + 1, total)
        progress(total, total)
    finally:
        for contender in contenders:
            contender.close()
    return {
        "source": source,
        "size": list(size),
        "frames": sum(turn.frames for turn in full.turns),
        "seconds": round(time.perf_counter() - begun, 1),
        "mediapipe": {**_figures(full.turns), **starts[MEDIAPIPE]},
        "mediapipe_light": _figures(light.turns),
        "models": {
            name: {
                **_figures(pipeline.turns, drawn=True),
                "stages_ms": {stage: _spread(values) for stage, values in pipeline.stages.items()},
                **starts[name],
            }
            for name, pipeline in pipelines.items()
        },
        "ratio_to_eager": ratios_to_eager,
        "ratio_to_mediapipe": {name: _ratio(p.turns, full.turns, "seconds") for name, p in pipelines.items()},
        "ratio_to_mediapipe_light": {name: _ratio(p.turns, light.turns, "seconds") for name, p in pipelines.items()},
        "cpu_ratio_to_mediapipe": {name: _ratio(full.turns, p.turns, "cpu_seconds") for name, p in pipelines.items()},
    }


def _figures(turns: Sequence[_Turn], drawn: bool = False) -> dict[str, float]:
    """Rates and counts of a contender's turns; of a pipeline (`drawn`) those with overlay, and the others apart."""
    shown = [turn for turn in turns if turn.overlay] if drawn else turns
    figures = {
        "frames_per_second": round(_sum(shown, "frames") / _sum(shown, "seconds"), 2),
        "milliseconds": round(1e3 * _sum(shown, "seconds") / _sum(shown, "frames"), 3),
        "cpu_milliseconds": round(1e3 * _sum(shown, "cpu_seconds") / _sum(shown, "frames"), 3),
        "hands_per_frame": round(_sum(turns, "hands") / _sum(turns, "frames"), 3),
    }
    if drawn and (bare := [turn for turn in turns if not turn.overlay]):
        figures["frames_per_second_without_overlay"] = round(_sum(bare, "frames") / _sum(bare, "seconds"), 2)
        figures["cpu_milliseconds_without_overlay"] = round(1e3 * _sum(bare, "cpu_seconds") / _sum(bare, "frames"), 3)
    return figures


def _ratio(turns: Sequence[_Turn], others: Sequence[_Turn], of: str) -> float:
    """What the others took of something, over what these took of it, in the blocks that are drawn."""
    return round(
        _sum((turn for turn in others if turn.overlay), of) / _sum((turn for turn in turns if turn.overlay), of), 3
    )


def _sum(turns: Iterable[_Turn], of: str) -> float:
    return float(sum(getattr(turn, of) for turn in turns))


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
        "pipeline", "frames/s", "of MediaPipe", "CPU ms", "its CPU", "hands/frame", "start s", "MB",
        "stages, median ms (p95)",
        title=f"{frames_text(result['frames'])} at {width}x{height}",
    )  # fmt: skip
    for title, key in (("MediaPipe Hands alone", "mediapipe"), ("the same, light networks", "mediapipe_light")):
        alone = result[key]
        ratio = alone["frames_per_second"] / result["mediapipe"]["frames_per_second"]
        cpu = alone["cpu_milliseconds"] / result["mediapipe"]["cpu_milliseconds"]
        table.add_row(
            title, f"{alone['frames_per_second']:.1f}", f"{ratio:.2f}", f"{alone['cpu_milliseconds']:.1f}",
            f"{cpu:.2f}", f"{alone['hands_per_frame']:.2f}", *_start_cells(alone), "",
        )  # fmt: skip
    for name, figures in result["models"].items():
        stages = ", ".join(f"{k} {v['median']:.1f} ({v['p95']:.1f})" for k, v in figures["stages_ms"].items())
        if name in result["ratio_to_eager"]:
            stages += f"; network {result['ratio_to_eager'][name]:.2f} of eager torch"
        if "frames_per_second_without_overlay" in figures:
            stages += f"; {figures['frames_per_second_without_overlay']:.1f} frames/s without overlay"
        table.add_row(
            name, f"{figures['frames_per_second']:.1f}", f"{result['ratio_to_mediapipe'][name]:.2f}",
            f"{figures['cpu_milliseconds']:.1f}", f"{result['cpu_ratio_to_mediapipe'][name]:.2f}",
            f"{figures['hands_per_frame']:.2f}", *_start_cells(figures), stages,
        )  # fmt: skip
    return table


def _start_cells(figures: dict[str, Any]) -> tuple[str, str]:
    if "resident_mb" not in figures:
        return "", ""
    return f"{figures['seconds_to_first_image']:.1f}", f"{figures['resident_mb']:.0f}"
