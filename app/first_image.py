"""How long a person waits for the first image with hands, and what memory it takes: a process of its own measures it.

It loads what a run loads, tracks a few frames and draws them; the clock starts with the process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from models.errors import BothhandsError

MEDIAPIPE = "mediapipe"
"""In a model's place: MediaPipe Hands alone."""
_FRAMES = 10
_START = f"import sys; sys.path[:] = {{path!r}}; from {__package__}.first_image import main; main(sys.argv[1:])"


def measure_start(
    model: str, source: str, size: tuple[int, int], device: str, renderer: str
) -> dict[str, float | None]:
    """Start a process with a model and wait for its first images.

    Args:
        model: of the registry, or `MEDIAPIPE`.
        source: video.
        size: width and height that frames are brought to.
        device: as for `process`.
        renderer: as for `process`.

    Returns:
        seconds_to_first_image, from the start of the process; seconds_to_first_hands, None where there were none;
        resident_mb, after some frames.

    Raises:
        BothhandsError: the process fails.
    """
    command = [sys.executable, "-c", _START.format(path=sys.path), model, source, *map(str, size), device, renderer]
    started = time.time()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise BothhandsError(f"The start of {model} cannot be measured ({lines[-1] if lines else done.returncode}).")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    hands = found["hands_at"]
    return {
        "seconds_to_first_image": round(found["image_at"] - started, 3),
        "seconds_to_first_hands": None if hands is None else round(hands - started, 3),
        "resident_mb": round(found["resident"] / 1e6, 1),
    }


def main(arguments: Sequence[str]) -> None:
    """What runs in that process."""
    model, source, width, height, device, renderer = arguments
    import cv2
    import psutil

    from tracking.sources import open_source

    reader = open_source(source, sequence=True)
    see = _mediapipe() if model == MEDIAPIPE else _pipeline(model, device, renderer)
    image_at: float | None = None
    hands_at: float | None = None
    for _ in range(_FRAMES):
        frame = reader.read()
        if frame is None:
            break
        image = cv2.resize(frame.image, (int(width), int(height)), interpolation=cv2.INTER_AREA)
        hands = see(type(frame)(frame.index, frame.captured_ns, image))
        now = time.time()
        image_at = image_at or now
        hands_at = hands_at or (now if hands else None)
    resident = psutil.Process().memory_info().rss
    print(json.dumps({"image_at": image_at, "hands_at": hands_at, "resident": resident}))  # noqa: T201 - to the parent


def _mediapipe() -> Any:
    from tracking.detector.mediapipe_detector import MediaPipeDetector

    detector = MediaPipeDetector()
    last: list[Any] = [()]

    def see(frame: Any) -> int:
        last[0] = detector.detect(frame.image, last[0])
        return len(last[0])

    return see


def _pipeline(model: str, device: str, renderer: str) -> Any:
    from app.compiled import use_what_is_compiled
    from render import create_renderer
    from render.overlay import draw_hands
    from render.protocol import OverlayStyle
    from tracking.smoothing import SmoothingSettings
    from tracking.tracker import Tracker

    use_what_is_compiled()
    tracker = Tracker.create(model, device=device, smoothing=SmoothingSettings())
    painter = create_renderer(renderer, tracker.faces)
    style = OverlayStyle()

    def see(frame: Any) -> int:
        tracked = tracker.track(frame)
        draw_hands(painter, tracked.frame.image, tracked.hands, tracked.intrinsics, style)
        return len(tracked.hands.hands)

    return see
