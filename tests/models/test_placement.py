"""View axes of a crop, and a hand's place before the camera."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from models.hand_model import load_hand_models
from models.placement import place_hand, view_rotation
from models.values import SIDES, Crop, HandParameters, Intrinsics

CAMERA = Intrinsics.from_fov(640, 480)


@pytest.fixture(scope="module")
def hand_models():
    return load_hand_models()


def crop_at(x: float, y: float, side: float, degrees: float = 0.0) -> Crop:
    """A square of the frame about (x, y), turned, as 256 px."""
    scale = 256.0 / side
    turn = scale * Rotation.from_euler("z", degrees, degrees=True).as_matrix()[:2, :2]
    offset = 127.5 - turn @ np.array([x, y])
    affine = np.concatenate([turn, offset[:, None]], axis=1).astype(np.float32)
    return Crop(np.zeros((256, 256, 3), np.uint8), affine, frozenset(SIDES), (), CAMERA)


@pytest.mark.parametrize(("x", "y", "degrees"), [(320, 240, 0), (100, 400, 0), (600, 60, 35), (10, 10, -120)])
def test_view_axes_look_through_the_crops_middle(x, y, degrees):
    crop = crop_at(x, y, 300.0, degrees)
    rotation = view_rotation(crop.frame_to_crop, 256, CAMERA)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    np.testing.assert_allclose(CAMERA.project(rotation[:, 2]), [x, y], atol=1e-2)
    # A step along x of the view goes to the right in the crop, and nowhere else.
    step = CAMERA.project(rotation[:, 2] + 1e-3 * rotation[:, 0]) - [x, y]
    right = crop.frame_to_crop[:, :2] @ step
    assert right[0] > 0
    assert abs(right[1]) < 0.02 * right[0]


def test_frame_centre_needs_no_turning():
    rotation = view_rotation(crop_at(CAMERA.cx, CAMERA.cy, 200.0).frame_to_crop, 256, CAMERA)
    np.testing.assert_allclose(rotation, np.eye(3), atol=1e-6)


@pytest.mark.parametrize("depth", [0.35, 0.7, 3.0])
@pytest.mark.parametrize(("x", "y"), [(320, 240), (120, 380)])
def test_hand_is_placed_where_it_was(hand_models, depth, x, y):
    """The weak-perspective camera that best explains a hand's true projection leads back to its place."""
    random = np.random.default_rng(3)
    crop = crop_at(x, y, 220.0 * 0.7 / depth)
    rotation = view_rotation(crop.frame_to_crop, 256, CAMERA)
    root = depth * np.array([0.02, -0.03, 1.0])
    pose = random.normal(0.0, 0.4, (16, 3)).astype(np.float32)
    hand = HandParameters(pose, random.normal(size=10).astype(np.float32), np.zeros(3, np.float32))
    points = hand_models["right"].mesh(hand)[1].astype(float)
    points -= points[9]
    pixels = CAMERA.project((points + root) @ rotation.T)
    seen = (pixels @ crop.frame_to_crop[:, :2].T + crop.frame_to_crop[:, 2] + 0.5) / 128.0 - 1.0
    columns = np.zeros((42, 3))
    columns[:, 0] = points[:, :2].ravel()
    columns[0::2, 1] = columns[1::2, 2] = 1.0
    camera = np.linalg.lstsq(columns, seen.ravel(), rcond=None)[0]
    placed = place_hand(points, camera, crop, rotation)
    assert placed[2] == pytest.approx(depth, rel=0.12)
    assert np.linalg.norm(CAMERA.project((points + placed) @ rotation.T) - pixels, axis=1).mean() < 6.0 * 0.7 / depth
