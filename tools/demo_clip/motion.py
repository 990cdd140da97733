"""What the hands do: gestures as a few numbers a hand, keyframes in time, and the pose that they give."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.spatial.transform import Rotation

from models.values import FINGERS, HandParameters, Side
from tools.demo_clip.size import SECONDS


@dataclass(frozen=True)
class Gesture:
    """Fingers of one hand; 0 is straight, 1 is a fist.

    Attributes:
        index, middle, ring, little: curl of each finger.
        spread: how far the fingers fan out, 0 closed to 1.
        thumb: curl of the thumb's two outer joints.
        oppose: 0 thumb beside the palm, 1 before the palm.
    """

    index: float = 0.12
    middle: float = 0.12
    ring: float = 0.15
    little: float = 0.15
    spread: float = 0.35
    thumb: float = 0.1
    oppose: float = 0.1


OPEN = Gesture(0.02, 0.02, 0.03, 0.03, spread=0.9, thumb=0.0, oppose=0.0)
EASY = Gesture(0.15, 0.18, 0.22, 0.25, spread=0.35, thumb=0.15, oppose=0.25)
FIST = Gesture(0.95, 0.97, 0.97, 0.95, spread=0.0, thumb=0.75, oppose=0.75)
POINT = Gesture(0.03, 0.92, 0.95, 0.92, spread=0.1, thumb=0.7, oppose=0.75)
VICTORY = Gesture(0.03, 0.03, 0.92, 0.92, spread=0.8, thumb=0.75, oppose=0.9)
FRAME = Gesture(0.02, 0.02, 0.03, 0.03, spread=0.25, thumb=0.0, oppose=-0.15)
PINCH = Gesture(0.50, 0.27, 0.20, 0.14, spread=0.4, thumb=0.28, oppose=0.45)


@dataclass(frozen=True)
class Key:
    """One hand at one moment.

    Attributes:
        time: seconds.
        place: wrist joint, metres, camera frame, for the right hand; the left's mirrored in x.
        turn: degrees by which the upright hand, palm to the camera, is rolled (fingers towards the other hand),
            turned (palm towards the other hand) and tilted (fingers towards the camera).
        gesture: of the fingers.
    """

    time: float
    place: tuple[float, float, float]
    turn: tuple[float, float, float]
    gesture: Gesture


def _timeline() -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """Keys of the right and of the left hand; the last moment flows into the first."""
    home = (-0.135, 0.105, 0.56)
    far_out = (-0.165, 0.10, 0.57)
    relaxed = (4.0, 8.0, 6.0)
    # Thumbs and index fingers meet tip to tip.
    tips, tips_turn = (-0.1342, 0.12, 0.56), (36.0, 15.0, 8.0)
    right = (
        Key(0.0, home, relaxed, OPEN),
        Key(0.7, home, relaxed, EASY),
        Key(1.2, home, (2.0, 4.0, 12.0), FIST),
        Key(1.7, home, relaxed, OPEN),
        Key(2.3, far_out, (-6.0, -10.0, 8.0), PINCH),
        Key(2.8, far_out, (-8.0, -12.0, 4.0), replace(PINCH, index=0.30, thumb=0.12, oppose=0.35)),
        Key(3.2, far_out, (-6.0, -10.0, 8.0), PINCH),
        Key(3.9, home, (6.0, 4.0, 4.0), POINT),
        Key(4.4, home, (-6.0, 0.0, 4.0), POINT),
        Key(4.9, home, (2.0, 6.0, 6.0), EASY),
        # Crossing: the right hand in front.
        Key(5.9, (0.075, 0.10, 0.48), (8.0, 10.0, 6.0), OPEN),
        Key(6.3, (0.085, 0.10, 0.48), (4.0, 6.0, 8.0), OPEN),
        Key(7.1, (-0.12, 0.105, 0.55), (4.0, 10.0, 6.0), EASY),
        Key(7.9, tips, tips_turn, FRAME),
        Key(8.5, tips, tips_turn, FRAME),
        # The right hand's back on the left hand's palm.
        Key(9.2, (-0.052, 0.105, 0.533), (12.0, 4.0, 5.0), EASY),
        Key(9.7, (-0.046, 0.105, 0.533), (16.0, 4.0, 5.0), EASY),
        Key(10.4, home, relaxed, EASY),
        Key(11.0, far_out, (14.0, 0.0, 2.0), OPEN),
        Key(11.4, far_out, (-8.0, 2.0, 4.0), OPEN),
    )
    left = (
        Key(0.0, home, relaxed, OPEN),
        Key(0.85, home, relaxed, EASY),
        Key(1.35, home, (2.0, 4.0, 12.0), FIST),
        Key(1.9, home, relaxed, OPEN),
        Key(2.5, far_out, (-4.0, -8.0, 6.0), VICTORY),
        Key(3.1, far_out, (6.0, -4.0, 4.0), VICTORY),
        Key(3.8, home, (0.0, 2.0, 6.0), EASY),
        Key(4.4, home, (4.0, 6.0, 4.0), OPEN),
        Key(5.0, home, (2.0, 6.0, 6.0), EASY),
        Key(5.9, (0.085, 0.10, 0.64), (6.0, 8.0, 4.0), OPEN),
        Key(6.3, (0.09, 0.10, 0.64), (10.0, 6.0, 2.0), OPEN),
        Key(7.1, (-0.12, 0.105, 0.57), (4.0, 10.0, 6.0), EASY),
        Key(7.9, tips, tips_turn, FRAME),
        Key(8.5, tips, tips_turn, FRAME),
        Key(9.2, (-0.052, 0.105, 0.566), (10.0, 4.0, 5.0), OPEN),
        Key(9.7, (-0.046, 0.105, 0.566), (14.0, 4.0, 5.0), OPEN),
        Key(10.3, home, relaxed, EASY),
        Key(10.9, home, (0.0, 4.0, 6.0), PINCH),
        Key(11.4, home, (4.0, 8.0, 6.0), EASY),
    )
    return right, left


PHASES = {"apart": ((0.0, 5.0), (10.3, SECONDS)), "crossing": ((5.2, 6.9),), "touching": ((7.7, 8.7), (9.1, 9.8))}
"""What the hands do when, seconds."""


class _Track:
    """A hand's keys as smooth curves in time, the end joined to the beginning."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        rows = np.array([(*key.place, *key.turn, *astuple(key.gesture)) for key in keys])
        times = np.array([key.time for key in keys])
        # Two more periods around it: a curve without overshoot that knows no beginning.
        laps = np.concatenate([times - SECONDS, times, times + SECONDS])
        self._curve = PchipInterpolator(laps, np.tile(rows, (3, 1)))

    def __call__(self, time: float) -> tuple[np.ndarray, np.ndarray, Gesture]:
        """Place, turn and gesture; fingers follow each other by a few hundredths of a second."""
        row = self._curve(time)
        delays = dict(zip(FINGERS, (0.0, 0.0, 0.025, 0.05, 0.075), strict=True))
        values = {}
        for column, entry in enumerate(fields(Gesture), start=6):
            values[entry.name] = float(self._curve(time - delays.get(entry.name, 0.0))[column])
        return row[:3], row[3:6], Gesture(**values)


class Choreography:
    """Both hands' parameters at any moment.

    Args:
        rest_joints: (21, 3) of the right hand's template, metres, model frame (fingers along -x, palm along -y,
            thumb along +z).
    """

    def __init__(self, rest_joints: np.ndarray) -> None:
        self._rest_joints = rest_joints
        right, left = _timeline()
        self._tracks: dict[Side, _Track] = {"right": _Track(right), "left": _Track(left)}

    def hands(self, time: float) -> dict[Side, HandParameters]:
        """Parameters by side at a moment, seconds."""
        hands: dict[Side, HandParameters] = {}
        for number, (side, track) in enumerate(self._tracks.items()):
            place, turn, gesture = track(time)
            freedom = _freedom(time)
            place = place + 0.003 * freedom * _sway(time, 3, seed=number)
            turn = turn + 1.2 * freedom * _sway(time, 3, seed=10 + number)
            pose = np.concatenate([upright(turn).as_rotvec()[None], finger_pose(gesture, self._rest_joints)])
            if side == "left":
                pose, place = pose * (1.0, -1.0, -1.0), place * (-1.0, 1.0, 1.0)
            wrist = self._rest_joints[0] * ((1.0, 1.0, 1.0) if side == "right" else (-1.0, 1.0, 1.0))
            hands[side] = HandParameters(
                pose.astype(np.float32), np.zeros(10, np.float32), (place - wrist).astype(np.float32)
            )
        return hands


def _sway(time: float, count: int, seed: int) -> np.ndarray:
    """Nobody holds still: slow sums of sines of about unit size that fit into the clip's length."""
    rng = np.random.default_rng(seed)
    cycles = np.array([3.0, 7.0, 11.0])
    phases = rng.uniform(0.0, 2.0 * np.pi, (count, len(cycles)))
    return (np.sin(2.0 * np.pi * cycles * time / SECONDS + phases) / (1.0, 2.0, 4.0)).sum(axis=1)


def _freedom(time: float) -> float:
    """1 where a hand may sway by itself, 0 where it holds on to the other."""
    away = min(max(start - time, time - end, 0.0) for start, end in PHASES["touching"])
    return float(np.clip(away / 0.4, 0.0, 1.0))


def upright(turn: np.ndarray) -> Rotation:
    """The right hand's rotation: fingers up and palm to the camera, then tilted, turned and rolled (degrees)."""
    # Columns: where the model's x (away from the fingers), y (back of the hand) and z (thumb) go.
    base = Rotation.from_matrix([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    roll, yaw, tilt = turn
    return (
        Rotation.from_euler("z", roll, degrees=True)
        * Rotation.from_euler("y", -yaw, degrees=True)
        * Rotation.from_euler("x", tilt, degrees=True)
        * base
    )


CURL = {"knuckle": 82.0, "middle": 102.0, "end": 62.0}
"""Degrees of the three joints at a curl of 1."""
FAN = {"index": 9.0, "middle": 1.0, "ring": -6.0, "little": -15.0}
"""Degrees of sideways motion at a spread of 1, towards the thumb."""


def finger_pose(gesture: Gesture, rest_joints: np.ndarray) -> np.ndarray:
    """Rotation vectors (15, 3) of the right hand's finger joints, MANO's order."""
    rotations: list[Rotation] = []
    for name in ("index", "middle", "little", "ring"):
        curl = getattr(gesture, name)
        joints = rest_joints[list(FINGERS[name])]
        straight = (joints[-1] - joints[0]) / np.linalg.norm(joints[-1] - joints[0])
        axis = np.cross((0.0, 1.0, 0.0), straight)
        axis /= np.linalg.norm(axis)
        fan = Rotation.from_rotvec((0.0, np.radians(FAN[name]) * (gesture.spread - 0.35) * (1.0 - curl), 0.0))
        bends = [Rotation.from_rotvec(axis * np.radians(degrees) * curl) for degrees in CURL.values()]
        rotations += [fan * bends[0], bends[1], bends[2]]
    return np.stack([rotation.as_rotvec() for rotation in rotations + _thumb(gesture, rest_joints)])


def _thumb(gesture: Gesture, rest_joints: np.ndarray) -> list[Rotation]:
    joints = rest_joints[list(FINGERS["thumb"])]
    straight = (joints[-1] - joints[1]) / np.linalg.norm(joints[-1] - joints[1])
    pad = np.array([0.1, -0.65, -0.75])
    pad -= (pad @ straight) * straight
    axis = np.cross(straight, pad / np.linalg.norm(pad))
    # Opposition: round the hand's long axis before the palm, and a little towards the fingers.
    base = Rotation.from_rotvec((np.radians(48.0) * gesture.oppose, 0.0, 0.0)) * Rotation.from_rotvec(
        (0.0, -np.radians(14.0) * gesture.oppose, 0.0)
    )
    return [
        base,
        Rotation.from_rotvec(axis * np.radians(48.0) * gesture.thumb),
        Rotation.from_rotvec(axis * np.radians(66.0) * gesture.thumb),
    ]
