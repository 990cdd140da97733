"""How real hands hold each other: pairs of labelled images, to be rendered with other skin, from other sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.spatial import KDTree
from scipy.spatial.transform import Rotation

from models.errors import BothhandsError
from models.hand_model import HandModel
from models.values import MIDDLE_KNUCKLE, SIDES, WRIST, HandParameters, Side
from training.datasets.image_folder import ImageFolder, Split
from training.synthetic.hands import PlacedHand, bent_forearm
from training.synthetic.penetration import DEEPEST, PenetrationMeter

_BENT_SIGMA = np.radians(5.0)
"""By which each finger joint is turned beside its label, so that no two scenes are alike."""
_SHIFT_SIGMA = 4e-3
"""By which the hands are shifted beside each other, metres."""
_SHAPE_SIGMA = 0.6
_WITHIN_REACH, _NO_MATTER, _PLACES = 0.02, 0.005, 16
"""Metres, metres, places that are tried: hands that so come within reach of each other are brought together along the
view, of which an image tells least, but no nearer than needed."""
_ANY_SIZE = 1 << 15
"""Px: meshes do not depend on an image's size, which is known when it is read."""
_CORRECTIONS = 3
_ATTEMPTS = 40
_AWAY = np.array([0.0, 0.0, 1.0], np.float32)


class RealPairs:
    """The labelled pairs of a folder, both hands with their meshes.

    Args:
        folder: with labels of sequences (`python main.py label-sequences`).
        split: whose images are taken.
        models: the free hand model by side.
        meter: of how deep hands lie in each other.

    Raises:
        BothhandsError: the folder is missing or damaged, or no image of it has the meshes of both hands.
    """

    def __init__(
        self,
        folder: Path,
        split: Split,
        models: Mapping[Side, HandModel],
        meter: PenetrationMeter,
    ) -> None:
        self._models, self._meter = models, meter
        images = ImageFolder(folder, split=split)
        self._pairs: list[Mapping[Side, HandParameters]] = []
        for index in range(len(images)):
            _, hands = images.labels(index, _ANY_SIZE, _ANY_SIZE)
            known: dict[Side, HandParameters] = {
                side: hand.parameters for side, hand in hands.items() if hand.parameters is not None
            }
            if len(known) == len(SIDES):
                self._pairs.append(known)
        if not self._pairs:
            raise BothhandsError(
                f"{folder} has no image of the split {split!r} in which both hands have a mesh; label image sequences "
                "of hands that touch (`label-sequences`)."
            )

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self._pairs)

    def place(self, turn: Rotation, rng: np.random.Generator) -> dict[Side, PlacedHand]:
        """A pair, a little different from its label, before a camera that is turned so far about it."""
        for _ in range(_ATTEMPTS):
            pair = self._pairs[rng.integers(len(self._pairs))]
            shape = pair["left"].shape + rng.normal(0.0, _SHAPE_SIGMA, 10).astype(np.float32)
            hands: dict[Side, PlacedHand] = {side: self._varied(side, pair[side], shape, rng) for side in SIDES}
            if self._meet(hands):
                return {side: self._turned(side, hands[side], turn, rng) for side in SIDES}
        raise RuntimeError(f"no pair fitted in {_ATTEMPTS} attempts")

    def _varied(self, side: Side, label: HandParameters, shape: np.ndarray, rng: np.random.Generator) -> PlacedHand:
        model = self._models[side]
        pose = label.pose.copy()
        pose[1:] += rng.normal(0.0, _BENT_SIGMA, (15, 3))
        # Larger hands lie farther from each other by as much: about the camera, before which they stay where they were.
        _, labelled = model.mesh(label)
        vertices, joints = model.mesh(replace(label, pose=pose, shape=shape))
        scale = _palm_length(joints) / _palm_length(labelled)
        offset = scale * labelled[WRIST] - joints[WRIST] + rng.normal(0.0, _SHIFT_SIGMA, 3)
        hand = PlacedHand(HandParameters(pose, shape, label.translation), vertices, joints, np.zeros(3))
        return hand.moved(offset)

    def _meet(self, hands: dict[Side, PlacedHand]) -> bool:
        """Let hands touch whose fits lie in each other, or apart along the view; False where they cannot."""
        depths: dict[Side, float] = {side: float(hands[side].joints[:, 2].mean()) for side in SIDES}
        near, far = sorted(SIDES, key=depths.__getitem__)
        tree, ways = KDTree(hands[near].vertices), np.linspace(0.0, depths[far] - depths[near], _PLACES)
        gaps = np.array([tree.query(hands[far].vertices - way * _AWAY)[0].min() for way in ways])
        if gaps.min() < _WITHIN_REACH:  # others are apart sideways as well
            hands[far] = hands[far].moved(-ways[np.argmax(gaps < gaps.min() + _NO_MATTER)] * _AWAY)
        for _ in range(_CORRECTIONS):
            depth = self._meter.depth({side: hand.vertices for side, hand in hands.items()})
            if depth < DEEPEST:
                return True
            hands[far] = hands[far].moved(depth * _AWAY)
        return False

    def _turned(self, side: Side, hand: PlacedHand, turn: Rotation, rng: np.random.Generator) -> PlacedHand:
        pose = hand.parameters.pose.copy()
        pose[0] = (turn * Rotation.from_rotvec(pose[0])).as_rotvec()
        parameters = replace(hand.parameters, pose=pose)
        vertices, joints = self._models[side].mesh(parameters)
        turned = PlacedHand(parameters, vertices, joints, bent_forearm(side, pose[0], rng))
        return turned.moved(turn.apply(hand.joints[WRIST]) - joints[WRIST])


def _palm_length(joints: np.ndarray) -> float:
    return float(np.linalg.norm(joints[MIDDLE_KNUCKLE] - joints[WRIST]))
