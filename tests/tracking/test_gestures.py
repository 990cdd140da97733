"""Gestures of hands whose joints are placed by formula: known lengths of bones, known angles between them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from models.values import FINGERS
from tracking.gestures import BEGIN_NS, GESTURES, GestureWatch, HandShape

BONES = (0.04, 0.025, 0.02)
PALM = 0.09
LONG = ("index", "middle", "ring", "little")
FRAME = 33_000_000


def rotation(axis: str, degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[i, i] = matrix[j, j] = np.cos(angle)
    matrix[i, j], matrix[j, i] = -np.sin(angle), np.sin(angle)
    return matrix


def a_hand(flexion: Mapping[str, float] | float = 0.0, thumb: np.ndarray | None = None) -> np.ndarray:
    """(21, 3) joints of a palm that faces the camera, its fingers straight up.

    Args:
        flexion: degrees of each long finger, a third in each of its joints.
        thumb: (4, 3) its joints, palms from the wrist; None spreads it straight to the side.
    """
    joints = np.zeros((21, 3))
    for place, name in enumerate(LONG):
        degrees = flexion if isinstance(flexion, (int, float)) else flexion[name]
        base = np.array([0.02 * (place - 1), -PALM if name == "middle" else -0.95 * PALM, 0.0])
        up = base / np.linalg.norm(base)  # straight on from the palm's bone
        point, turned = base, 0.0
        places = [base]
        for bone in BONES:
            turned += degrees / 3
            point = point + bone * (rotation("x", turned) @ up)
            places.append(point)
        joints[list(FINGERS[name])] = places
    if thumb is None:
        thumb = np.array([[-0.2, -0.2, 0], [-0.4, -0.4, 0], [-0.6, -0.6, 0], [-0.8, -0.8, 0]])
    joints[list(FINGERS["thumb"])] = PALM * thumb
    return joints + np.array([0.0, 0.0, 0.5])


def thumb_to(joints: np.ndarray, tip: np.ndarray) -> np.ndarray:
    """The hand with its thumb's tip at a place, metres, and the rest of the thumb straight towards it."""
    joints = joints.copy()
    base = joints[0] + [-0.02, -0.02, 0.0]
    joints[list(FINGERS["thumb"])] = base + np.linspace(0, 1, 4)[:, None] * (tip - base)
    return joints


def pinching(palms: float) -> np.ndarray:
    joints = a_hand({"index": 110.0, "middle": 40.0, "ring": 30.0, "little": 20.0})
    return thumb_to(joints, joints[FINGERS["index"][-1]] + [palms * PALM, 0.0, 0.0])


def fist(degrees: float = 240.0) -> np.ndarray:
    joints = a_hand(degrees)
    return thumb_to(joints, joints[FINGERS["index"][0]] + [0.0, 0.25 * PALM, -0.2 * PALM])


def thumb_up(tilt: float = 0.0) -> np.ndarray:
    """The fist turned on its side, its thumb up."""
    joints = fist()
    knuckle = joints[FINGERS["index"][0]]
    direction = rotation("z", tilt) @ np.array([0.0, -1.0, 0.0])
    joints[list(FINGERS["thumb"])] = knuckle + np.outer(np.linspace(0.1, 0.8, 4) * PALM, direction)
    return joints


POSES = {
    "open palm": a_hand(10.0),
    "fist": fist(),
    "pinch": pinching(0.1),
    "point": a_hand({"index": 5.0, "middle": 230.0, "ring": 230.0, "little": 230.0}),
    "thumb up": thumb_up(),
}


def gesture_of(watch: GestureWatch, joints: np.ndarray, start: int, frames: int = 5) -> str | None:
    made = None
    for number in range(frames):
        made = watch.update({"right": joints}, start + number * FRAME).get("right")
    return made


@pytest.mark.parametrize("degrees", [0.0, 30.0, 90.0, 240.0])
def test_flexion_is_the_sum_of_the_angles(degrees: float):
    assert HandShape.of(a_hand(degrees)).flexion["middle"] == pytest.approx(degrees, abs=1e-6)


def test_distances_are_in_palms_and_the_thumb_is_measured_against_up():
    for tilt in (0.0, 20.0, 90.0):
        shape = HandShape.of(thumb_up(tilt))
        assert shape.thumb_tilt == pytest.approx(tilt, abs=1e-6)
        assert shape.thumb_out == pytest.approx(0.8)
    assert HandShape.of(pinching(0.2)).pinch == pytest.approx(0.2)


@pytest.mark.parametrize("name", GESTURES)
@pytest.mark.parametrize("size", [0.6, 1.0, 1.3])
@pytest.mark.parametrize("mirrored", [False, True])
def test_each_pose_is_its_gesture_at_every_size_and_on_both_hands(name: str, size: float, mirrored: bool):
    joints = POSES[name] * size
    if mirrored:
        joints = joints * [-1.0, 1.0, 1.0]
    assert gesture_of(GestureWatch(), joints, 0) == name


@pytest.mark.parametrize("axis", ["x", "y", "z"])
@pytest.mark.parametrize("name", [name for name in GESTURES if name != "thumb up"])
def test_a_turned_hand_makes_the_same_gesture(name: str, axis: str):
    middle = POSES[name].mean(axis=0)
    joints = (POSES[name] - middle) @ rotation(axis, 70.0).T + middle
    assert gesture_of(GestureWatch(), joints, 0) == name


def test_a_thumb_that_points_elsewhere_is_not_up():
    assert gesture_of(GestureWatch(), thumb_up(90.0), 0) is None
    assert gesture_of(GestureWatch(), thumb_up(180.0), 0) is None


def test_a_half_closed_hand_makes_no_gesture():
    assert gesture_of(GestureWatch(), a_hand(100.0), 0) is None


def test_a_gesture_begins_only_when_it_lasts():
    watch = GestureWatch()
    made = [watch.update({"right": fist()}, number * FRAME).get("right") for number in range(5)]
    first = next(number for number, gesture in enumerate(made) if gesture)
    assert (first - 1) * FRAME < BEGIN_NS <= first * FRAME
    assert made[first:] == ["fist"] * (5 - first)


def test_what_jitters_at_a_limit_does_not_flicker():
    watch = GestureWatch()
    made = []
    for number in range(60):
        distance = 0.27 if number < 6 else 0.30 + 0.08 * np.sin(number)
        made.append(watch.update({"left": pinching(distance)}, number * FRAME).get("left"))
    assert made[6:] == ["pinch"] * 54
    assert watch.update({"left": pinching(0.6)}, 60 * FRAME) == {}
    for number in range(61, 70):
        assert watch.update({"left": pinching(0.35)}, number * FRAME) == {}, "it is kept there, but not begun"


def test_hands_are_followed_each_for_itself_and_one_that_goes_ends_its_gesture():
    watch = GestureWatch()
    for number in range(5):
        made = watch.update({"left": POSES["fist"], "right": POSES["point"]}, number * FRAME)
    assert made == {"left": "fist", "right": "point"}
    assert watch.update({"right": POSES["point"]}, 5 * FRAME) == {"right": "point"}
    assert watch.update({"left": POSES["fist"], "right": POSES["point"]}, 6 * FRAME) == {"right": "point"}
    watch.reset()
    assert watch.update({"right": POSES["point"]}, 7 * FRAME) == {}
