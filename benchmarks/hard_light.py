"""Hands that are hard to see: in the dark, in glare, far away, and of two people at once.

Run as `python -m benchmarks.hard_light CLIP... [--model NAME ...] [--frames 60]` on clips of one hand in good light.
What a tracker finds in them as they are, is the truth; then the same frames are darkened, overexposed, shrunk, and laid
beside another person's, and the table says how many hands are still found, how many have changed sides, and how many
are none.

`situations` and `evaluate` are for tests as well: any object with `reset` and `track` can be evaluated.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from models.errors import BothhandsError
from models.registry import list_models
from models.values import OTHER_SIDE, SIDES, Side
from tracking.sources import open_source
from tracking.tracker import Tracker
from tracking.values import Frame, TrackedFrame

STEP_NS = 33_333_333
_NEAR = 0.5
"""Of a hand's length: a found hand whose joints lie nearer on average is that hand."""
_FAR_SCALE = 0.55
"""Size of the second person's hand, of the first one's."""


class Follows(Protocol):
    """What is evaluated: a `Tracker`."""

    def track(self, frame: Frame, *, independent: bool = False) -> TrackedFrame:
        """See `Tracker.track`."""
        ...

    def reset(self) -> None:
        """See `Tracker.reset`."""
        ...


class Hand(NamedTuple):
    """A hand that is there.

    Attributes:
        side: the person's own.
        joints_px: (21, 2) frame px.
        wanted: whether not to find it is a fault: a second person's hand may be left alone.
    """

    side: Side
    joints_px: np.ndarray
    wanted: bool = True

    def moved(self, scale: float, shift: tuple[float, float], wanted: bool) -> Hand:
        """In an image that was scaled and moved."""
        return Hand(self.side, self.joints_px * scale + np.array(shift), wanted)

    @property
    def length(self) -> float:
        """Longer side of the box around it, px."""
        return float(np.ptp(self.joints_px, axis=0).max())


class Situation(NamedTuple):
    """Frames in a row, (H, W, 3) uint8 RGB, and the hands in each."""

    name: str
    frames: Sequence[np.ndarray]
    hands: Sequence[Sequence[Hand]]


@dataclass(frozen=True)
class Figures:
    """How a tracker fared.

    Attributes:
        frames: how many.
        wanted: hands that it should have found.
        found: of them, those that it found on their side.
        wrong_side: hands that it found where one is, and called the other one's.
        false: hands that it found where none is.
    """

    frames: int = 0
    wanted: int = 0
    found: int = 0
    wrong_side: int = 0
    false: int = 0


def darkened(image: np.ndarray, light: float, rng: np.random.Generator) -> np.ndarray:
    """The image at this share of its light, with the noise of a webcam's sensor; 0.08 is a room at night.

    Light adds up linearly, which sRGB's numbers do not. A pixel holds some 4,000 electrons, and reading it adds three.
    """
    electrons = 4000.0 * light * _linear(image)
    seen = rng.poisson(electrons) + rng.normal(0.0, 3.0, image.shape)
    return _coded(seen / 4000.0)


def dimmed(image: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Every value at this share of itself, rounded, with noise of one step: 0.08 leaves a score of greys.

    So a camera sees a room that is far too dark for it and does not lengthen its exposure; of the light itself, 8 % of
    the values are less than a hundredth.
    """
    seen = share * image.astype(np.float32) + rng.normal(0.0, 1.0, image.shape)
    return np.clip(np.rint(seen), 0, 255).astype(np.uint8)


def overexposed(image: np.ndarray, gain: float) -> np.ndarray:
    """The image with so many times its light: what is bright is white, and glows."""
    light = gain * _linear(image)
    glow = cv2.GaussianBlur(np.maximum(light - 1.0, 0.0), (0, 0), max(image.shape[:2]) / 60.0)
    return _coded(light + 0.5 * glow)


def shrunk(image: np.ndarray, scale: float, size: tuple[int, int]) -> tuple[np.ndarray, tuple[float, float]]:
    """The image scaled down in the middle of a larger one, whose walls go on from its edges.

    Args:
        image: (H, W, 3).
        scale: at most 1.
        size: width, height of the new image, px.

    Returns:
        It, and the shift x, y: a point of the old image lies at `point * scale + shift`.
    """
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    left, top = max((size[0] - width) // 2, 0), max((size[1] - height) // 2, 0)
    right, bottom = max(size[0] - width - left, 0), max(size[1] - height - top, 0)
    framed = cv2.copyMakeBorder(small, top, bottom, left, right, cv2.BORDER_REPLICATE)
    # Pixels are counted from their centres: (0, 0) is the middle of the first one.
    off = 0.5 * scale - 0.5
    return framed, (left + off, top + off)


def beside(near: np.ndarray, far: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
    """Two people in one image: the nearer one's as it is, the other one's smaller to its right.

    Returns:
        The image, and the shift of the second one, as in `shrunk` with `_FAR_SCALE`.
    """
    small = cv2.resize(far, None, fx=_FAR_SCALE, fy=_FAR_SCALE, interpolation=cv2.INTER_AREA)
    height, width = near.shape[:2]
    top = (height - small.shape[0]) // 2
    beside_it = cv2.copyMakeBorder(
        small, top, height - small.shape[0] - top, 0, 0, cv2.BORDER_REPLICATE | cv2.BORDER_ISOLATED
    )
    off = 0.5 * _FAR_SCALE - 0.5
    return np.hstack([near, beside_it]), (width + off, top + off)


def situations(frames: Sequence[np.ndarray], hands: Sequence[Hand | None], seed: int = 0) -> Iterator[Situation]:
    """A clip of one hand as it is, and in every way in which hands are hard to see.

    Args:
        frames: (H, W, 3) uint8 RGB, at most 1280 x 720.
        hands: in each, see `truth`.
        seed: of the noise.

    Raises:
        BothhandsError: there is no hand in any of them.
    """
    if not any(hands):
        raise BothhandsError("No hand is found in the clip as it is; name one of a hand in good light.")
    truth = [[hand] if hand is not None else [] for hand in hands]
    yield Situation("as it is", frames, truth)
    for light in (0.08, 0.02):
        rng = np.random.default_rng(seed)
        yield Situation(f"{light:.0%} light", [darkened(frame, light, rng) for frame in frames], truth)
    for share in (0.16, 0.08):
        rng = np.random.default_rng(seed)
        yield Situation(f"values at {share:.0%}", [dimmed(frame, share, rng) for frame in frames], truth)
    for gain in (4.0, 10.0):
        yield Situation(f"{gain:g} times overexposed", [overexposed(frame, gain) for frame in frames], truth)
    length = float(np.median([hand.length for hand in hands if hand is not None]))
    for px in (51, 38, 26):
        scale = px / length
        placed = [shrunk(frame, scale, (1280, 720)) for frame in frames]
        moved = [
            [hand.moved(scale, shift, True) for hand in found] for found, (_, shift) in zip(truth, placed, strict=True)
        ]
        yield Situation(f"hands of {px} px", [picture for picture, _ in placed], moved)
    half = len(frames) // 2
    pairs = [beside(frame, frames[(number + half) % len(frames)]) for number, frame in enumerate(frames)]
    both = [
        [*truth[number], *(hand.moved(_FAR_SCALE, shift, False) for hand in truth[(number + half) % len(frames)])]
        for number, (_, shift) in enumerate(pairs)
    ]
    side = next(hand.side for hand in hands if hand is not None)
    yield Situation(f"two people, a {side} hand each", [picture for picture, _ in pairs], both)


def truth(tracker: Follows, frames: Sequence[np.ndarray]) -> list[Hand | None]:
    """The one hand of each frame of a good clip, as a tracker sees it; its side is the one that most frames say."""
    tracker.reset()
    seen = [tracker.track(frame).hands.hands for frame in _in_time(frames)]
    if not any(seen):
        return [None] * len(frames)
    side = max(SIDES, key=lambda side: sum(side in hands for hands in seen))
    chosen = [hands.get(side) or hands.get(OTHER_SIDE[side]) for hands in seen]
    return [Hand(side, hand.joints_px.astype(np.float64)) if hand is not None else None for hand in chosen]


def evaluate(tracker: Follows, situation: Situation) -> Figures:
    """Let a tracker follow the frames, and count."""
    tracker.reset()
    counts = Counter[str]()
    for frame, hands in zip(_in_time(situation.frames), situation.hands, strict=True):
        left = list(hands)
        counts["wanted"] += sum(hand.wanted for hand in hands)
        for side, got in tracker.track(frame).hands.hands.items():
            # The nearest that is left: two found on one hand are one found and one false.
            errors = [
                float(np.linalg.norm(got.joints_px - hand.joints_px, axis=1).mean()) / hand.length for hand in left
            ]
            place = int(np.argmin(errors)) if errors else -1
            if place < 0 or errors[place] > _NEAR:
                counts["false"] += 1
                continue
            hand = left.pop(place)
            if hand.side != side:
                counts["wrong_side"] += 1
            elif hand.wanted:
                counts["found"] += 1
    return Figures(len(situation.frames), counts["wanted"], counts["found"], counts["wrong_side"], counts["false"])


def read_frames(path: Path, count: int, largest: tuple[int, int] = (1280, 720)) -> list[np.ndarray]:
    """The first frames of a clip, none larger than that."""
    source = open_source(str(path))
    try:
        frames: list[np.ndarray] = []
        while len(frames) < count and (frame := source.read()) is not None:
            scale = min(largest[0] / frame.image.shape[1], largest[1] / frame.image.shape[0], 1.0)
            frames.append(cv2.resize(frame.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
        return frames
    finally:
        source.close()


def _in_time(frames: Sequence[np.ndarray]) -> Iterator[Frame]:
    for number, image in enumerate(frames):
        yield Frame(number, number * STEP_NS, np.ascontiguousarray(image))


def _linear(image: np.ndarray) -> np.ndarray:
    """Light, 0..1, of sRGB bytes."""
    value = image.astype(np.float32) / 255.0
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _coded(light: np.ndarray) -> np.ndarray:
    """SRGB bytes of light, cut off at 1."""
    value = np.clip(light, 0.0, 1.0)
    coded = np.where(value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055)
    return np.rint(255.0 * coded).astype(np.uint8)


def report(clips: Sequence[Path], models: Sequence[str], count: int, make: Callable[[str], Tracker]) -> Table:
    """Metrics of each model in each situation, summed over the clips."""
    table = Table(
        "situation", *(f"{model}: found, wrong side, false" for model in models), title=f"{count} frames a clip"
    )
    rows: dict[str, list[str]] = {}
    teacher = make("landmark-fit")
    prepared = [(frames, truth(teacher, frames)) for frames in (read_frames(clip, count) for clip in clips)]
    teacher.close()
    for model in models:
        tracker, sums = make(model), dict[str, Counter[str]]()
        for frames, hands in prepared:
            for situation in situations(frames, hands):
                sums.setdefault(situation.name, Counter()).update(vars(evaluate(tracker, situation)))
        tracker.close()
        for name, total in sums.items():
            share = total["found"] / max(total["wanted"], 1)
            rows.setdefault(name, []).append(
                f"{share:.0%} of {total['wanted']}, {total['wrong_side']}, {total['false']}"
            )
    for name, cells in rows.items():
        table.add_row(name, *cells)
    return table


def main() -> None:
    """Evaluate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path, nargs="+", metavar="CLIP", help="of one hand in good light")
    parser.add_argument(
        "--model", action="append", metavar="NAME", help="may be repeated; default: landmark-fit, lwa-hand"
    )
    parser.add_argument("--frames", type=int, default=60, help="of each clip")
    options = parser.parse_args()
    models = options.model or ["landmark-fit", "lwa-hand"]
    if unknown := set(models) - set(list_models()):
        parser.error(f"no such model: {', '.join(sorted(unknown))}")
    Console().print(report(options.clips, models, options.frames, Tracker.create))


if __name__ == "__main__":
    main()
