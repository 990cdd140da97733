"""Clips of rendered hands: scenes of contact, approached and left again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from evaluation.clips.clip import HEIGHT, SQUARE, WIDTH, ClipFrame, are_touching, rows_of_frame, sway, togetherness
from evaluation.clips.webcam import Webcam
from models.hand_model import HandModel, load_hand_models, load_twin
from models.rotations import exp_so3, log_so3
from models.values import SIDES, WRIST, HandParameters, Intrinsics, Side
from training.data.poses import PosePrior
from training.synthetic.appearance import Look, random_look
from training.synthetic.backgrounds import Backgrounds
from training.synthetic.camera import View
from training.synthetic.capsules import arm_capsules, gap_between
from training.synthetic.drawing import SLOTS, Drawer
from training.synthetic.hands import PlacedHand
from training.synthetic.placement import Placer, Scene, Stage

_MEETING, _STILL = 11, 12
"""Streams of random numbers of one seed; others are those of samples."""
_FOV = (55.0, 75.0)
_DISTANCE = (0.40, 0.70)
_MARGIN = 0.05
"""Of the frame that hands stay out of."""
_GAP = (0.02, 0.08)
"""Metres between hands that are apart, across the image."""
_SWAY = np.array([0.015, 0.012, 0.01, np.radians(5.0)])
"""Metres along x, y and z, and turns of the image."""
_WRIST_TURN = np.radians(12.0)
_FINGERS_READY = 0.75
"""Fingers have their pose of contact when so much of the way is gone: they must not close through the other hand."""
_PATH_CHECKS = np.linspace(0.0, 1.0, 7)
_DEEPER = 2e-3
"""Metres; a way apart along which arms run so much deeper into each other than where they meet is not taken."""


class _Actor(NamedTuple):
    """One hand of a clip.

    Attributes:
        shape: (10,).
        together: (16, 3) pose where the hands meet.
        apart: (16, 3) pose where they are apart.
        wrist: (3,) metres, where they meet.
        away: (3,) metres, from there to where they are apart.
        forearm: (3,) unit.
    """

    shape: np.ndarray
    together: np.ndarray
    apart: np.ndarray
    wrist: np.ndarray
    away: np.ndarray
    forearm: np.ndarray


class RenderedClips:
    """Clips of the free hand model; a clip depends on seed and number alone. One thread uses it.

    Args:
        seed: of everything.

    Raises:
        Exception: no OpenGL 3.3 on this machine (plain `Exception`, by moderngl's design).
    """

    name = "drawn"

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._models = load_hand_models()
        self._prior = PosePrior(dict(self._models))
        self._placer = Placer(self._models, self._prior, 256)
        self._drawer = Drawer({side: load_twin(side) for side in SIDES}, SQUARE)
        self._backgrounds = Backgrounds(seed, None)

    def meeting(self, number: int) -> Iterator[ClipFrame]:
        """See `ClipMaker`."""
        rng = np.random.default_rng([self._seed, _MEETING, number])
        actors = self._actors(rng)
        camera = Intrinsics.from_fov(WIDTH, HEIGHT, rng.uniform(*_FOV))
        moves = sway(rng, _SWAY)
        hands: list[dict[Side, PlacedHand]] = [
            {side: _act(self._models[side], actor, share, move) for side, actor in actors.items()}
            for share, move in zip(togetherness(), moves, strict=True)
        ]
        yield from self._shoot(_before(camera, hands, rng), camera, rng)

    def still(self, number: int, frames: int) -> Iterator[ClipFrame]:
        """See `ClipMaker`."""
        rng = np.random.default_rng([self._seed, _STILL, number])
        camera = Intrinsics.from_fov(WIDTH, HEIGHT, rng.uniform(*_FOV))
        [hands] = _before(camera, [self._centred("one", rng)], rng)
        look, webcam = random_look(rng), Webcam(self._backgrounds, rng)
        [tile] = self._drawer.draw([(0, _scene(hands, camera), look)])
        layer = rows_of_frame(tile.layer)
        for _ in range(frames):
            yield ClipFrame(webcam.photograph(layer, rng), _joints_px(hands, camera), False)

    def close(self) -> None:
        """Release the OpenGL context."""
        self._drawer.close()

    def _centred(self, stage: Stage, rng: np.random.Generator) -> dict[Side, PlacedHand]:
        """Hands of a scene about the origin."""
        hands = self._placer.scene(stage, rng).hands
        joints = np.concatenate([hand.joints for hand in hands.values()])
        middle = (joints.min(axis=0) + joints.max(axis=0)) / 2.0
        return {side: hand.moved(-middle) for side, hand in hands.items()}

    def _actors(self, rng: np.random.Generator) -> dict[Side, _Actor]:
        hands = self._centred("contact", rng)
        away = _way_apart(hands, rng.uniform(*_GAP))
        return {side: self._actor(side, hand, away[side], rng) for side, hand in hands.items()}

    def _actor(self, side: Side, hand: PlacedHand, away: np.ndarray, rng: np.random.Generator) -> _Actor:
        together = hand.parameters.pose.astype(np.float64)
        turn = exp_so3(rng.normal(0.0, _WRIST_TURN, 3))
        apart = np.concatenate([log_so3(turn @ exp_so3(together[0]))[None], self._prior.sample(rng, side)])
        return _Actor(hand.parameters.shape, together, apart, hand.joints[WRIST].astype(np.float64), away, hand.forearm)

    def _shoot(
        self, hands: Sequence[Mapping[Side, PlacedHand]], camera: Intrinsics, rng: np.random.Generator
    ) -> Iterator[ClipFrame]:
        look: Look = random_look(rng)
        webcam = Webcam(self._backgrounds, rng)
        for start in range(0, len(hands), SLOTS):
            part = hands[start : start + SLOTS]
            tiles = self._drawer.draw([(slot, _scene(each, camera), look) for slot, each in enumerate(part)])
            for each, tile in zip(part, tiles, strict=True):
                image = webcam.photograph(rows_of_frame(tile.layer), rng)
                yield ClipFrame(image, _joints_px(each, camera), are_touching(tile.segmentation))


def _act(model: HandModel, actor: _Actor, share: float, move: np.ndarray) -> PlacedHand:
    """A hand somewhere on its way.

    Args:
        model: of its side.
        actor: what it does.
        share: 0 apart to 1 together.
        move: (4,) metres and radians by which both hands are moved and turned about the origin.
    """
    ready = min(share / _FINGERS_READY, 1.0)
    pose = actor.apart + ready * (actor.together - actor.apart)
    turn = exp_so3(np.array([0.0, 0.0, move[3]]))
    between = exp_so3(actor.together[0]).T @ exp_so3(actor.apart[0])
    pose[0] = log_so3(turn @ exp_so3(actor.together[0]) @ exp_so3((1.0 - ready) * log_so3(between)))
    wrist = turn @ (actor.wrist + (1.0 - share) * actor.away) + move[:3]
    translation = wrist - model.rest_wrist(actor.shape)
    parameters = HandParameters(pose.astype(np.float32), actor.shape, translation.astype(np.float32))
    vertices, joints = model.mesh(parameters)
    return PlacedHand(parameters, vertices, joints, turn @ actor.forearm)


def _way_apart(hands: Mapping[Side, PlacedHand], gap: float) -> dict[Side, np.ndarray]:
    """(3,) metres by side, from where the hands meet to where they are `gap` apart across the image.

    Hands part as a person's do, the left one to the image's right, unless their arms would run through each other
    on that way; then by the way nearest to it that is free.
    """
    left, right = (
        arm_capsules(hand.joints, hand.palm_normal, hand.forearm) for hand in (hands["left"], hands["right"])
    )
    tolerated = gap_between(left, right) - _DEEPER
    best: tuple[tuple[float, float], np.ndarray] | None = None
    for degrees in range(0, 360, 30):
        for depth in (0.0, -0.5, 0.5):
            flat = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees)), 0.0])
            towards = np.array([flat[0], flat[1], depth])
            overlap = float((hands["right"].vertices @ flat).max() - (hands["left"].vertices @ flat).min())
            way = (overlap + gap) * towards
            clearance = min(gap_between(left.moved(share * way), right) for share in _PATH_CHECKS)
            score = min(clearance - tolerated, 0.0), float(flat[0]) - 0.1 * abs(depth)
            if best is None or score > best[0]:
                best = score, way
    assert best is not None
    return {"left": 0.5 * best[1], "right": -0.5 * best[1]}


def _before(
    camera: Intrinsics, frames: Sequence[Mapping[Side, PlacedHand]], rng: np.random.Generator
) -> list[dict[Side, PlacedHand]]:
    """Hands about the origin, placed before a camera so that all joints of all frames are in the image."""
    distance = rng.uniform(*_DISTANCE)
    joints = np.concatenate([hand.joints for hands in frames for hand in hands.values()])
    middle = (joints.min(axis=0) + joints.max(axis=0)) / 2.0
    low, high = _MARGIN * np.array([WIDTH, HEIGHT]), (1.0 - _MARGIN) * np.array([WIDTH, HEIGHT])
    while True:
        place = np.array([0.0, 0.02, distance]) - middle
        seen = camera.project(joints + place)
        if (joints[:, 2] + place[2]).min() > 0.15 and (seen > low).all() and (seen < high).all():
            return [{side: hand.moved(place) for side, hand in hands.items()} for hands in frames]
        distance *= 1.04


def _scene(hands: Mapping[Side, PlacedHand], camera: Intrinsics) -> Scene:
    """For the drawer, whose images are square."""
    top = (SQUARE - HEIGHT) / 2.0
    square = Intrinsics(camera.fx, camera.fy, camera.cx, camera.cy + top, SQUARE, SQUARE)
    return Scene(hands, View(square, float(SQUARE), (-0.5, top - 0.5, WIDTH - 0.5, top + HEIGHT - 0.5)))


def _joints_px(hands: Mapping[Side, PlacedHand], camera: Intrinsics) -> dict[Side, np.ndarray]:
    return {side: camera.project(hand.joints) for side, hand in hands.items()}
