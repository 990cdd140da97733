"""Where hands are: how arms come into the image, how wrists bend, and how two hands meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.spatial.transform import Rotation

from models.hand_model import HandModel
from models.values import SIDES, HandParameters, Intrinsics, Side
from training.data.poses import PosePrior
from training.datasets.image_folder import Split
from training.synthetic.camera import View, crop_around, random_frame
from training.synthetic.encounter import KINDS, bring_together, encounter
from training.synthetic.hands import PlacedHand, desk_forearm, outward, wrist_rotation
from training.synthetic.penetration import DEEPEST, PenetrationMeter
from training.synthetic.real_pairs import RealPairs

Stage = Literal["one", "apart", "contact", "mixed"]
STAGES: tuple[Stage, ...] = ("one", "apart", "contact", "mixed")
"""One hand; two hands apart, as at a desk; two hands that touch, hold, cross or hide each other; all of these."""

_RETREATS = 3
_MIXED_SHARES = (0.3, 0.25, 0.45)
_SHAPE_SIGMA = np.array([0.6] + [0.9] * 9)
"""The first direction is size, and its standard deviation is strong."""
_ATTEMPTS = 40
_CONTACT_SHARES = (0.35, 0.25, 0.25, 0.15)
"""Of `encounter.KINDS`."""
_MOST_BLACK, _BLACK_SHARE = 0.10, 0.15
"""Crops of which more lies outside the frame are mostly placed anew."""
_OWN_VIEW = 0.3
"""Share of the scenes that are seen as by the hands' owner: through a camera over the desk, or by one opposite whose
image the app turns so that the hands point upwards."""
_WIDE_GAP = (0.05, 0.35)
"""Metres, between hands that are well apart: small in their common crop."""
_NEAREST = 0.12
"""Metres; no joint comes closer to the camera."""


@dataclass(frozen=True, eq=False)
class Scene:
    """Hands before a camera, and the crop around them."""

    hands: Mapping[Side, PlacedHand]
    view: View


class Placer:
    """Makes scenes.

    Args:
        models: the free hand model by side.
        prior: of finger poses.
        size: of the crop, px.
        pairs: folder and split of labelled pairs, see `real_pairs`; None where there are none.

    Raises:
        BothhandsError: the folder has none.
    """

    def __init__(
        self,
        models: Mapping[Side, HandModel],
        prior: PosePrior,
        size: int,
        pairs: tuple[Path, Split] | None = None,
    ) -> None:
        self._models, self._prior, self._size = models, prior, size
        self._meter = PenetrationMeter({side: model.faces for side, model in models.items()})
        self._pairs = None if pairs is None else RealPairs(*pairs, models, self._meter)

    def scene(self, stage: Stage, rng: np.random.Generator) -> Scene:
        """One of the stage's scenes, or, where there are labelled pairs, one of these."""
        if self._pairs is not None:
            return self._before_camera(self._pairs.place(_camera_turn(rng, wide=True), rng), apart=False, rng=rng)
        if stage == "mixed":
            stage = STAGES[rng.choice(3, p=_MIXED_SHARES)]
        shape = rng.normal(0.0, _SHAPE_SIGMA).clip(-2.5, 2.5).astype(np.float32)
        own_view = bool(rng.random() < _OWN_VIEW)
        if stage == "one":
            side = SIDES[rng.integers(2)]
            forearm = _turned(desk_forearm(side, rng, own_view=own_view), _camera_turn(rng, wide=True))
            hands: dict[Side, PlacedHand] = {side: self._hand(side, forearm, shape, rng)}
        elif stage == "apart":
            hands = self._apart(shape, own_view, rng)
        else:
            hands = self._contact(shape, own_view, rng)
        return self._before_camera(hands, apart=stage == "apart", rng=rng)

    def _hand(
        self,
        side: Side,
        forearm: np.ndarray,
        shape: np.ndarray,
        rng: np.random.Generator,
        palm: np.ndarray | None = None,
    ) -> PlacedHand:
        """A hand at the end of a forearm, wrist at the origin; `palm` is where its palm should face."""
        if palm is None:
            palm = rng.normal(size=3)
        pose = np.empty((16, 3), np.float32)
        pose[0] = wrist_rotation(side, forearm, palm, rng)
        pose[1:] = self._prior.sample(rng, side)
        model = self._models[side]
        translation = -model.rest_wrist(shape).astype(np.float32)
        parameters = HandParameters(pose, shape, translation)
        vertices, joints = model.mesh(parameters)
        return PlacedHand(parameters, vertices, joints, forearm)

    def _apart(self, shape: np.ndarray, own_view: bool, rng: np.random.Generator) -> dict[Side, PlacedHand]:
        """As a person at a desk holds them: the right hand left in the image, or right in the person's own view."""
        turn = _camera_turn(rng, wide=False)
        hands: dict[Side, PlacedHand] = {
            side: self._hand(side, _turned(desk_forearm(side, rng, own_view=own_view), turn), shape, rng)
            for side in SIDES
        }
        still, moved = ("left", "right") if own_view else ("right", "left")
        width = hands[still].joints[:, 0].max() - hands[moved].joints[:, 0].min()
        gap = rng.gamma(2.0, 0.022) if rng.random() < 0.5 else rng.uniform(*_WIDE_GAP)
        between = width + gap + 0.015
        offset = np.array([between, rng.normal(0.0, 0.04), rng.normal(0.0, 0.03)])
        hands[moved] = hands[moved].moved(offset)
        return hands

    def _contact(self, shape: np.ndarray, own_view: bool, rng: np.random.Generator) -> dict[Side, PlacedHand]:
        for _ in range(_ATTEMPTS):
            kind = KINDS[rng.choice(len(KINDS), p=_CONTACT_SHARES)]
            turn = _camera_turn(rng, wide=True)
            forearms = {side: _turned(desk_forearm(side, rng, kind == "cross", own_view), turn) for side in SIDES}
            still_side, moving_side = SIDES if rng.random() < 0.5 else SIDES[::-1]
            # Hands that are about to meet mostly face each other.
            inward = np.array([-outward(still_side, own_view), 0.0, 0.0]) + rng.normal(0.0, 0.6, 3)
            still = self._hand(still_side, forearms[still_side], shape, rng, inward)
            plan = encounter(kind, still, rng)
            moving = self._hand(moving_side, forearms[moving_side], shape, rng, plan.palm)
            met = bring_together(still, moving, plan, rng)
            if met is None:
                continue
            for _ in range(_RETREATS):
                depth = self._meter.depth({still_side: still.vertices, moving_side: met.vertices})
                if depth < DEEPEST:
                    return {still_side: still, moving_side: met}
                met = met.moved(-depth * plan.direction)
        raise RuntimeError(f"no two hands met in {_ATTEMPTS} attempts")

    def _before_camera(self, hands: dict[Side, PlacedHand], apart: bool, rng: np.random.Generator) -> Scene:
        points = _joints(hands)
        middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
        frame, distance = random_frame(rng), float(np.exp(rng.normal(np.log(0.48), 0.32)).clip(0.22, 1.1))
        attempt = 0
        while True:
            x, y = rng.uniform(0.2, 0.8) * frame.width, rng.uniform(0.25, 0.8) * frame.height
            place = distance * np.array([(x - frame.cx) / frame.fx, (y - frame.cy) / frame.fy, 1.0])
            placed: dict[Side, PlacedHand] = {side: hand.moved(place - middle) for side, hand in hands.items()}
            if _is_visible(placed, frame) and not (apart and _boxes_meet(placed, frame)):
                view = crop_around(_joints(placed), frame, self._size, rng)
                if view.black <= _MOST_BLACK or rng.random() < _BLACK_SHARE:
                    return Scene(placed, view)
            # Hands too large or too close for this camera: a little farther off, and farther from each other.
            attempt += 1
            distance *= 1.04
            if apart and attempt % 4 == 0:
                hands["left"] = hands["left"].moved(np.array([0.02, 0.0, 0.0]))


def _joints(hands: Mapping[Side, PlacedHand]) -> np.ndarray:
    return np.concatenate([hand.joints for hand in hands.values()])


def _camera_turn(rng: np.random.Generator, wide: bool) -> Rotation:
    """From a camera straight before the person to where it stands; wide: also above the table, and anywhere."""
    kind = rng.random() if wide else 0.0
    if kind < 0.72:
        roll, pitch, yaw = rng.normal(0.0, (10.0, 14.0, 12.0))
    elif kind < 0.90:
        roll, pitch, yaw = rng.uniform(-180.0, 180.0), *rng.normal(0.0, (28.0, 20.0))
    else:
        return Rotation.random(rng=rng)
    return Rotation.from_euler("zxy", [roll, pitch, yaw], degrees=True)


def _turned(forearm: np.ndarray, turn: Rotation) -> np.ndarray:
    """A forearm seen by a turned camera; an arm that would come out of the camera, or show its end, is laid over."""
    turned = turn.apply(forearm)
    turned[2] = np.clip(turned[2], -0.25, 0.6)
    turned[:2] *= np.sqrt(1.0 - turned[2] ** 2) / np.linalg.norm(turned[:2])
    return turned


def _is_visible(hands: Mapping[Side, PlacedHand], frame: Intrinsics) -> bool:
    """All joints before the camera and in its frame."""
    points = _joints(hands)
    if points[:, 2].min() < _NEAREST:
        return False
    seen = frame.project(points)
    return bool((seen > 0).all() and (seen < (frame.width - 1, frame.height - 1)).all())


def _boxes_meet(hands: Mapping[Side, PlacedHand], frame: Intrinsics) -> bool:
    """Whether the boxes around the hands' meshes overlap in the image."""
    boxes = [frame.project(hand.vertices) for hand in hands.values()]
    (low, high), (other_low, other_high) = ((box.min(axis=0), box.max(axis=0)) for box in boxes)
    return bool((low < other_high).all() and (other_low < high).all())
