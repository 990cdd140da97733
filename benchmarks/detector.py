"""Hand detection by OpenVINO beside MediaPipe on the same frames: agreement, detection rates and time.

Run as `python -m benchmarks.detector CLIP...`; clips are videos or GIFs. The two take turns frame by frame, so that a
machine that slows down slows both.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import av
import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from models.runtime.openvino import Precision
from models.values import Detection
from tracking.detector.landmarks import LandmarkNetwork
from tracking.detector.mediapipe_detector import MediaPipeDetector
from tracking.detector.openvino_detector import OpenVinoDetector
from tracking.detector.palm import PalmDetector
from tracking.detector.reading import hand_size
from tracking.detector.regions import Region

PRECISIONS: tuple[Precision, ...] = ("f32", "f16", "bf16")
IMAGE = (640, 360)


def read_clip(path: Path) -> list[np.ndarray]:
    """All frames as RGB, scaled so that they fit into 640 x 360."""
    frames: list[np.ndarray] = []
    with path.open("rb") as file, av.open(file, "r") as container:
        for frame in container.decode(video=0):
            scale = min(IMAGE[0] / frame.width, IMAGE[1] / frame.height)
            size = (round(frame.width * scale), round(frame.height * scale))
            frames.append(cv2.resize(frame.to_ndarray(format="rgb24"), size, interpolation=cv2.INTER_AREA))
    return frames


def median_ms(work: Callable[[], object], repeats: int = 200) -> float:
    """Median duration of a call."""
    for _ in range(10):
        work()
    durations: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return 1e3 * float(np.median(durations))


def time_stages(image: np.ndarray) -> Table:
    """Milliseconds of each network with what stands before and after it."""
    table = Table("OpenVINO, ms", *PRECISIONS, title=f"stages at {image.shape[1]} x {image.shape[0]}")
    regions = [Region(200.0, 180.0, 200.0, 0.3), Region(430.0, 180.0, 220.0, -0.4)]
    palms = [median_ms(partial(palm.detect, image)) for palm in map(PalmDetector, PRECISIONS)]
    networks = [LandmarkNetwork(precision) for precision in PRECISIONS]
    one = [median_ms(partial(network.read, image, regions[:1])) for network in networks]
    two = [median_ms(partial(network.read, image, regions)) for network in networks]
    for name, row in (("palm detection", palms), ("landmarks, one hand", one), ("landmarks, two hands", two)):
        table.add_row(name, *(f"{value:.2f}" for value in row))
    return table


class Follower:
    """A detector that follows one clip: its hands and its time in every frame."""

    def __init__(self, detector: OpenVinoDetector | MediaPipeDetector) -> None:
        self._detector = detector
        self.hands: list[tuple[Detection, ...]] = []
        self.milliseconds: list[float] = []

    def follow(self, image: np.ndarray) -> None:
        """Take the next frame."""
        start = time.perf_counter()
        hands = self._detector.detect(image, self.hands[-1] if self.hands else ())
        self.milliseconds.append(1e3 * (time.perf_counter() - start))
        self.hands.append(hands)

    def row(self, reference: Follower) -> Iterable[str]:
        """Rates, agreement with the reference, time."""
        counts = np.array([len(hands) for hands in self.hands])
        errors, same_side = compare(self.hands, reference.hands)
        yield f"{(counts > 0).mean():.3f}"
        yield f"{(counts > 1).mean():.3f}"
        yield f"{np.median(errors):.2f}" if errors.size else "-"
        yield f"{np.percentile(errors, 95):.2f}" if errors.size else "-"
        yield f"{same_side:.3f}"
        for present in (1, 2):
            times = [ms for ms, count in zip(self.milliseconds, counts, strict=True) if count == present]
            yield f"{np.median(times):.2f}" if times else "-"


def compare(
    hands: Sequence[tuple[Detection, ...]], reference: Sequence[tuple[Detection, ...]]
) -> tuple[np.ndarray, float]:
    """Distances (px) of all landmarks to the nearest reference hand's, and how often the side is the same."""
    errors: list[np.ndarray] = []
    same_side: list[bool] = []
    for ours, theirs in zip(hands, reference, strict=True):
        for hand in ours:
            if not theirs:
                continue
            distances = [np.linalg.norm(hand.landmarks - other.landmarks, axis=1) for other in theirs]
            nearest = int(np.argmin([distance.mean() for distance in distances]))
            if distances[nearest].mean() > 0.5 * hand_size(hand.landmarks):
                continue  # a hand that the reference missed
            errors.append(distances[nearest])
            same_side.append(hand.side == theirs[nearest].side)
    return np.concatenate(errors or [np.zeros(0)]), float(np.mean(same_side or [np.nan]))


def main() -> None:
    """Measure the clips named on the command line and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="+", type=Path)
    console = Console(width=140)
    clips = {path.name: read_clip(path) for path in parser.parse_args().clips}
    console.print(time_stages(np.zeros((IMAGE[1], IMAGE[0], 3), np.uint8)))
    mediapipe = MediaPipeDetector()
    detectors = {precision: OpenVinoDetector(precision) for precision in PRECISIONS}
    columns = ("one or more", "two", "px median", "px p95", "same side", "ms, one hand", "ms, two hands")
    for name, frames in clips.items():
        table = Table("", *columns, title=f"{name}, {len(frames)} frames, against MediaPipe")
        reference = Follower(mediapipe)
        followers = {precision: Follower(detector) for precision, detector in detectors.items()}
        for image in frames:
            for follower in (reference, *followers.values()):
                follower.follow(image)
        table.add_row("MediaPipe", *reference.row(reference))
        for precision, follower in followers.items():
            table.add_row(f"OpenVINO {precision}", *follower.row(reference))
        console.print(table)


if __name__ == "__main__":
    main()
