"""Anchors, suppression and regions against closed forms and boxes made by hand."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.detector.anchors import anchor_centres
from tracking.detector.palm import blend_overlapping, decode, letterbox
from tracking.detector.regions import Region, region_from_landmarks, region_from_palm

ANGLES = st.floats(-3.1, 3.1)


def rotate(points: np.ndarray, angle: float, about: np.ndarray) -> np.ndarray:
    cos, sin = math.cos(angle), math.sin(angle)
    return (points - about) @ np.array([[cos, sin], [-sin, cos]]) + about


def upright_hand() -> np.ndarray:
    """21 joints of an open hand, fingers up, wrist at (100, 200)."""
    joints = [(100.0, 200.0)]
    for finger, base in enumerate([(-30, -20), (-20, -60), (0, -64), (18, -60), (34, -50)]):
        reach = np.array([-14.0, -16.0]) if finger == 0 else np.array([0.0, -18.0])
        joints += [tuple(np.array([100.0, 200.0]) + base + step * reach) for step in range(4)]
    return np.array(joints)


def test_anchors_are_two_per_fine_and_six_per_coarse_cell():
    centres = anchor_centres(192)
    assert centres.shape == (24 * 24 * 2 + 12 * 12 * 6, 2) == (2016, 2)
    fine, coarse = centres[:1152], centres[1152:]
    np.testing.assert_array_equal(fine[0], (4, 4))
    np.testing.assert_array_equal(fine[1], fine[0])
    np.testing.assert_array_equal(fine[2], (12, 4))
    np.testing.assert_array_equal(fine[48], (4, 12))
    np.testing.assert_array_equal(coarse[:6], [(8, 8)] * 6)
    np.testing.assert_array_equal(coarse[6], (24, 8))
    np.testing.assert_array_equal(centres[-1], (184, 184))


def test_layers_of_different_stride_do_not_share_cells():
    assert len(anchor_centres(64, (16, 32))) == 4 * 4 * 2 + 2 * 2 * 2


def candidate(x0, y0, x1, y1, keypoint=(0.0, 0.0)):
    return np.array([[x0, y0], [x1, y1], keypoint], float)


def test_overlapping_candidates_are_averaged_by_score():
    points = np.stack([candidate(0, 0, 10, 10, (1, 1)), candidate(2, 0, 12, 10, (4, 1)), candidate(50, 50, 60, 60)])
    scores, blended = blend_overlapping(np.array([0.9, 0.6, 0.95]), points)
    np.testing.assert_allclose(scores, [0.95, 0.9])
    np.testing.assert_allclose(blended[0], points[2])
    np.testing.assert_allclose(blended[1][0], (0.6 * 2 / 1.5, 0))
    np.testing.assert_allclose(blended[1][2], ((0.9 * 1 + 0.6 * 4) / 1.5, 1))


def test_little_overlap_keeps_both():
    points = np.stack([candidate(0, 0, 10, 10), candidate(6, 0, 16, 10)])  # 40 of 160: a quarter
    scores, blended = blend_overlapping(np.array([0.6, 0.7]), points)
    np.testing.assert_allclose(scores, [0.7, 0.6])
    np.testing.assert_allclose(blended, points[::-1])


def test_boxes_without_area_and_no_boxes_end():
    scores, blended = blend_overlapping(np.array([0.8, 0.7]), np.stack([candidate(5, 5, 5, 5)] * 2))
    assert len(scores) == len(blended) == 2
    scores, blended = blend_overlapping(np.zeros(0), np.zeros((0, 9, 2)))
    assert scores.shape == (0,)
    assert blended.shape == (0, 9, 2)


def test_candidates_are_decoded_relative_to_their_anchor():
    raw = np.zeros((3, 18), np.float32)
    raw[1, :4] = (2, -3, 20, 40)
    raw[1, 4:] = np.arange(14)
    scores, points = decode(raw, np.array([-5.0, math.log(3.0), -0.01]), np.array([(0, 0), (50, 60), (0, 0)]))
    np.testing.assert_allclose(scores, [0.75])
    np.testing.assert_allclose(points[0, :2], [(42, 37), (62, 77)])
    np.testing.assert_allclose(points[0, 2:], np.arange(14).reshape(7, 2) + np.array([50, 60]))


@pytest.mark.parametrize(("width", "height"), [(640, 360), (360, 640), (100, 100)])
def test_letterbox_centres_the_image(width, height):
    affine = letterbox(width, height, 192)
    np.testing.assert_allclose(affine @ (96, 96, 1), (width / 2, height / 2))
    assert affine[0, 0] == affine[1, 1] == max(width, height) / 192


def test_palm_region_is_larger_and_moved_towards_the_fingers():
    keypoints = np.zeros((7, 2))
    keypoints[0], keypoints[2] = (100, 120), (100, 80)
    region = region_from_palm(np.array([80, 70, 120, 120]), keypoints)
    assert region.rotation == 0.0
    assert region.side == pytest.approx(2.6 * 50)
    assert (region.x, region.y) == pytest.approx((100, 95 - 0.5 * 50))


@given(ANGLES)
def test_palm_region_moves_along_the_hand(angle):
    keypoints = np.zeros((7, 2))
    middle = np.array([100.0, 95.0])
    keypoints[0], keypoints[2] = rotate(np.array([(100.0, 120.0), (100.0, 80.0)]), angle, middle)
    region = region_from_palm(np.array([75, 70, 125, 120]), keypoints)
    assert region.rotation == pytest.approx(angle)
    expected = rotate(np.array([[100.0, 95.0 - 25.0]]), angle, middle)[0]
    assert (region.x, region.y) == pytest.approx(tuple(expected))


def test_landmark_region_of_an_upright_hand():
    region = region_from_landmarks(upright_hand())
    # Wrist to the weighted bases: x = 100 + (-20 + 2 * 0 + 18) / 4, y = 200 - (60 + 2 * 64 + 60) / 4.
    assert region.rotation == pytest.approx(math.atan2(-0.5, 62.0))
    assert region.side == pytest.approx(2.0 * (134.0 - 42.0), rel=0.01)  # thumb to little finger, tips left out


@given(ANGLES, st.floats(0.3, 4.0), st.floats(-500, 500))
def test_landmark_region_follows_the_hand(angle, scale, shift):
    hand = upright_hand()
    moved = rotate(hand, angle, hand[0]) * scale + shift
    before, after = region_from_landmarks(hand), region_from_landmarks(moved)
    assert math.remainder(after.rotation - before.rotation - angle, 2 * math.pi) == pytest.approx(0.0, abs=1e-6)
    assert after.side == pytest.approx(before.side * scale)
    centre = rotate(np.array([[before.x, before.y]]), angle, hand[0])[0] * scale + shift
    assert (after.x, after.y) == pytest.approx(tuple(centre), abs=1e-6 * before.side * scale + 1e-6)


@given(ANGLES, st.floats(5, 900), st.floats(-50, 700), st.floats(-50, 400))
def test_region_corners_and_round_trip(angle, side, x, y):
    affine = Region(x, y, side, angle).to_frame(224)
    corners = np.array([(0, 0, 1), (224, 0, 1), (224, 224, 1), (0, 224, 1)]) @ affine.T
    half = side / 2
    square = np.array([(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)])
    np.testing.assert_allclose(corners, rotate(square, angle, np.array([x, y])), atol=1e-6 * max(side, abs(x), abs(y)))
    points = np.array([(10.0, 20.0), (200.0, 3.0)])
    back = (points @ affine[:, :2].T + affine[:, 2]) @ cv2.invertAffineTransform(affine)[:, :2].T
    np.testing.assert_allclose(
        back + cv2.invertAffineTransform(affine)[:, 2], points, atol=1e-6 * (1 + abs(x) + abs(y))
    )


def test_hand_in_one_point_still_has_a_region():
    region = region_from_landmarks(np.full((21, 2), 50.0))
    assert region.side > 0.0
    assert np.isfinite(region.to_frame(224)).all()
