"""Clips of real hands: two cut-outs that move over each other before one background."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from evaluation.clips.clip import HEIGHT, SQUARE, WIDTH, ClipFrame, are_touching, rows_of_frame, sway, togetherness
from evaluation.clips.webcam import Webcam
from models.values import SIDES, Side
from training.data.cutout_drawing import PlacedCutOut, draw_cut_outs, sleeve_folds
from training.data.cutouts import CutOut, load_cut_outs
from training.datasets.image_folder import ImageFolder
from training.synthetic.backgrounds import Backgrounds

_MEETING, _STILL, _SHAPES = 13, 14, 15
"""Streams of random numbers of one seed; others are those of samples."""
_APART = (0.03, 0.08)
"""Metres between the hands where they are apart."""
_MEETINGS = ("touch", "overlap", "cross")
_OVERLAP: Mapping[str, tuple[float, float]] = {"touch": (0.005, 0.02), "overlap": (0.04, 0.08), "cross": (0.16, 0.22)}
"""Metres by which one hand's joints reach over the other's. Those that cross come out on the other side."""
_LEAN = (0.35, 0.3)
"""Radians, mean and standard deviation: elbows are farther apart than hands."""
_FILL = (0.72, 0.88)
"""Of the frame, the part that the hands' way takes."""
_LARGEST = 1500.0
"""Px a metre."""
_SWAY = np.array([0.012, 0.010, np.radians(7.0)])
"""Metres along x and y, and each hand's own turns."""
_FOLDS = 8


class _Actor(NamedTuple):
    """One hand of a clip.

    Attributes:
        linear: (2, 2) cut-out px to metres.
        cut_out: what it looks like.
    """

    linear: np.ndarray
    cut_out: CutOut

    @property
    def joints(self) -> np.ndarray:
        """(21, 2) metres about their middle."""
        return (self.cut_out.joints_px - self.cut_out.joints_px.mean(axis=0)) @ self.linear.T

    def placed(self, turn: float, place: np.ndarray) -> PlacedCutOut:
        """Turned by radians, its middle at a place (2,), metres."""
        linear = _rotation(turn) @ self.linear
        shift = place - linear @ self.cut_out.joints_px.mean(axis=0)
        return PlacedCutOut(self.cut_out, np.column_stack([linear, shift]))


class CompositeClips:
    """Clips of cut-out hands; a clip depends on the folder, seed and number alone.

    Args:
        folder: see `training.data.composites.Composites`; its held-out images are taken.
        seed: of everything.

    Raises:
        BothhandsError: the folder is missing or damaged, or has no held-out cut-outs.
    """

    name = "composed"

    def __init__(self, folder: Path, seed: int) -> None:
        self._seed = seed
        self._cut_outs = load_cut_outs(ImageFolder(folder, split="held-out"))
        shapes = np.random.default_rng([seed, _SHAPES])
        self._folds = [sleeve_folds(shapes) for _ in range(_FOLDS)]
        self._backgrounds = Backgrounds(seed, None)

    def meeting(self, number: int) -> Iterator[ClipFrame]:
        """See `ClipMaker`. Numbers go round touching, overlapping and crossing."""
        rng = np.random.default_rng([self._seed, _MEETING, number])
        actors = {side: self._actor(side, rng) for side in SIDES}
        behind: Side = SIDES[rng.integers(2)]
        kind = _MEETINGS[number % len(_MEETINGS)]
        angle = rng.normal(0.0, 0.25)
        towards = np.array([np.cos(angle), np.sin(angle)])
        left, right = actors["left"].joints @ towards, actors["right"].joints @ towards
        # The left hand's place, seen from the right hand's, is so far to the image's right.
        touching = float(right.max() - left.min())
        far, near = touching + rng.uniform(*_APART), touching - rng.uniform(*_OVERLAP[kind])
        aside = rng.normal(0.0, 0.02)
        moves = {side: sway(rng, _SWAY) for side in SIDES}
        frames: list[list[PlacedCutOut]] = []
        for index, share in enumerate(togetherness()):
            between = (far + share * (near - far)) * towards + aside * np.array([-towards[1], towards[0]])
            places: dict[Side, np.ndarray] = {"left": 0.5 * between, "right": -0.5 * between}
            # What sways towards the other hand and away from it would change how near they come.
            common = moves["left"][index, :2]
            hands = {side: actors[side].placed(moves[side][index, 2], places[side] + common) for side in SIDES}
            frames.append([hands[behind], *(hand for side, hand in hands.items() if side != behind)])
        yield from self._shoot(_in_frame(frames, rng), rng)

    def still(self, number: int, frames: int) -> Iterator[ClipFrame]:
        """See `ClipMaker`."""
        rng = np.random.default_rng([self._seed, _STILL, number])
        hand = self._actor(SIDES[rng.integers(2)], rng).placed(0.0, np.zeros(2))
        [hands] = _in_frame([[hand]], rng)
        webcam = Webcam(self._backgrounds, rng)
        layer, _ = self._draw(hands, int(rng.integers(1 << 32)))
        for _ in range(frames):
            yield ClipFrame(webcam.photograph(layer, rng), _joints_px(hands), False)

    def close(self) -> None:
        """Nothing is held outside Python's memory."""

    def _actor(self, side: Side, rng: np.random.Generator) -> _Actor:
        """A cut-out as the hand of a side, its arm coming from below, in metres."""
        cut_out = self._cut_outs[rng.integers(len(self._cut_outs))]
        mirror = np.diag([-1.0 if side != cut_out.side else 1.0, 1.0])
        arm = mirror @ cut_out.arm.direction
        lean = rng.normal(*_LEAN)
        wanted = np.pi / 2 + (lean if side == "right" else -lean)
        turn = _rotation(wanted - np.arctan2(arm[1], arm[0]))
        return _Actor(turn @ mirror / cut_out.px_per_metre, cut_out)

    def _shoot(self, frames: Sequence[Sequence[PlacedCutOut]], rng: np.random.Generator) -> Iterator[ClipFrame]:
        webcam = Webcam(self._backgrounds, rng)
        look = int(rng.integers(1 << 32))
        for hands in frames:
            layer, segmentation = self._draw(hands, look)
            yield ClipFrame(webcam.photograph(layer, rng), _joints_px(hands), are_touching(segmentation))

    def _draw(self, hands: Sequence[PlacedCutOut], look: int) -> tuple[np.ndarray, np.ndarray]:
        """Layer and segmentation of the frame. The same seed in every frame keeps skin, sleeves and light the same."""
        down = np.array([0.0, (SQUARE - HEIGHT) / 2.0])
        lowered = [hand.moved(down) for hand in hands]
        layer, segmentation = draw_cut_outs(lowered, SQUARE, self._folds, np.random.default_rng(look))
        return rows_of_frame(layer), rows_of_frame(segmentation)


def _rotation(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _in_frame(frames: Sequence[Sequence[PlacedCutOut]], rng: np.random.Generator) -> list[list[PlacedCutOut]]:
    """Hands in metres, put into px of the frame so that all of them stay in it, low, as arms come from below."""
    joints = np.concatenate([hand.joints for hands in frames for hand in hands])
    low, high = joints.min(axis=0), joints.max(axis=0)
    scale = min(float((rng.uniform(*_FILL) * np.array([WIDTH, HEIGHT]) / (high - low)).min()), _LARGEST)
    shift = np.array([WIDTH / 2.0, 0.94 * HEIGHT]) - scale * np.array([(low[0] + high[0]) / 2.0, high[1]])
    return [[hand.moved(shift, scale) for hand in hands] for hands in frames]


def _joints_px(hands: Sequence[PlacedCutOut]) -> dict[Side, np.ndarray]:
    return {hand.side: hand.joints for hand in hands}
