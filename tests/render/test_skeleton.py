from __future__ import annotations

import numpy as np
import pytest
from spheres import picture

from models.values import FINGERS
from render.protocol import SIDE_COLOURS, OverlayStyle
from render.skeleton import BONES, draw_skeleton

STYLE = OverlayStyle(view="skeleton")


def open_hand(scale: float = 1.0) -> np.ndarray:
    """Wrist at (160, 200); fingers fan out upwards, thumb at the left."""
    joints = np.zeros((21, 2))
    for number, finger in enumerate(FINGERS.values()):
        angle = np.radians(-130.0 + 20.0 * number)
        reach = np.array([60.0, 85.0, 105.0, 125.0])[:, None]
        joints[list(finger)] = reach * (np.cos(angle), np.sin(angle))
    return joints * scale + (160.0, 200.0)


def test_bones_join_all_joints_around_the_palm_and_along_the_fingers() -> None:
    neighbours = [sum(joint in bone for bone in BONES) for joint in range(21)]
    assert [joint for joint, count in enumerate(neighbours) if count == 1] == [4, 8, 12, 16, 20]
    assert min(neighbours) == 1
    assert len(set(BONES)) == len(BONES) == 21


def test_pixels_along_every_bone_change_and_those_far_off_do_not() -> None:
    joints = open_hand()
    image = np.zeros((240, 320, 3), np.uint8)
    drawn = draw_skeleton(image, {"right": joints}, STYLE)
    assert not image.any()
    for start, end in BONES:
        for share in (0.0, 0.5, 1.0):
            column, row = np.rint(joints[start] + share * (joints[end] - joints[start])).astype(int)
            assert drawn[row, column].any()
    rows, columns = np.nonzero(drawn.any(axis=2))
    assert columns.min() > joints[:, 0].min() - 8
    assert rows.max() < joints[:, 1].max() + 8


def test_bones_have_the_sides_hue() -> None:
    joints = open_hand()
    drawn = draw_skeleton(np.zeros((240, 320, 3), np.uint8), {"left": joints}, STYLE)
    column, row = np.rint((joints[0] + joints[5]) / 2).astype(int)
    np.testing.assert_array_equal(drawn[row, column], SIDE_COLOURS["left"])


def test_lines_grow_with_the_hand() -> None:
    def share_covered(scale: float) -> float:
        joints = (open_hand() - (160, 200)) * scale + (400, 700)
        drawn = draw_skeleton(np.zeros((800, 800, 3), np.uint8), {"left": joints}, STYLE)
        return drawn.any(axis=2).sum() / scale**2

    assert share_covered(4.0) == pytest.approx(share_covered(2.0), rel=0.25)


@pytest.mark.parametrize("joints", [np.full((21, 2), np.nan), np.full((21, 2), 1e9), open_hand() + 5000])
def test_what_cannot_be_drawn_leaves_the_image(joints: np.ndarray) -> None:
    np.testing.assert_array_equal(draw_skeleton(picture(), {"left": joints}, STYLE), picture())


def test_tiny_images_and_tiny_hands() -> None:
    pixel = np.zeros((1, 1, 3), np.uint8)
    assert draw_skeleton(pixel, {"left": open_hand(1e-3) - (160, 200)}, STYLE).shape == (1, 1, 3)
