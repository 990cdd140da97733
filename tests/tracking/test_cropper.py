"""Crops: where they lie to a fraction of a pixel, what they hold, and what is outside."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.cropper import CROP_SIZE, crop_hands, crop_to_frame, full_frame_crop, make_crop, upright_turn


def apply(affine, points):
    return np.asarray(points, float) @ affine[:, :2].T + affine[:, 2]


def blobs(width, height, centres, sigma):
    """Image with a Gaussian spot of light at each place."""
    y, x = np.mgrid[:height, :width]
    spots = sum(np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * sigma**2)) for cx, cy in centres)
    return np.repeat((np.clip(spots, 0, 1) * 255).astype(np.uint8)[..., None], 3, axis=2)


def centroid(image):
    weights = image[..., 0].astype(float)
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    return np.array([(weights * x).sum(), (weights * y).sum()]) / weights.sum()


def test_points_fill_the_square_as_asked():
    image = np.zeros((360, 640, 3), np.uint8)
    points = np.array([(200.0, 100.0), (300.0, 140.0)])
    crop, affine = make_crop(image, points)
    assert crop.shape == (256, 256, 3)
    assert affine.shape == (2, 3)
    assert affine.dtype == np.float32
    inside = apply(affine, points)
    assert inside[1, 0] - inside[0, 0] == pytest.approx(0.72 * 256, rel=1e-5)
    np.testing.assert_allclose(inside.mean(axis=0), (127.5, 127.5), atol=1e-3)
    assert affine[0, 1] == affine[1, 0] == 0.0
    assert affine[0, 0] == affine[1, 1]


def test_union_of_both_hands_and_widening():
    image = np.zeros((360, 640, 3), np.uint8)
    left, right = np.array([(400.0, 100.0), (500.0, 200.0)]), np.array([(100.0, 120.0), (180.0, 260.0)])
    _, affine = crop_hands(image, [left, right])
    _, wide = crop_hands(image, [left, right], widen=1.25)
    both = apply(affine, np.concatenate([left, right]))
    extent = both.max(axis=0) - both.min(axis=0)
    assert 0.64 <= extent.max() / CROP_SIZE <= 0.80
    assert affine[0, 0] / wide[0, 0] == pytest.approx(1.25)
    _, boxes = make_crop(image, [np.array([400.0, 100, 500, 200]).reshape(2, 2), right])
    np.testing.assert_allclose(boxes, affine)


@pytest.mark.parametrize(("width", "height", "half"), [(640, 360, 60), (1280, 720, 300), (3840, 2160, 1000)])
def test_crop_shows_what_the_affine_says(width, height, half):
    """Also where the image is shrunk by averaging first."""
    spot = np.array([width * 0.5 + 3.25, height * 0.5 - 7.5])
    image = blobs(width, height, [spot], sigma=half / 12)
    box = np.array([spot - half + (11, 5), spot + half + (11, 5)])
    crop, affine = make_crop(image, box)
    np.testing.assert_allclose(centroid(crop), apply(affine, spot), atol=0.05)


def test_scale_one_copies_pixels():
    image = np.random.default_rng(0).integers(1, 255, (400, 400, 3), np.uint8)
    crop, affine = full_frame_crop(image[:256, :256])
    np.testing.assert_array_equal(crop, image[:256, :256])
    np.testing.assert_allclose(affine, [[1, 0, 0], [0, 1, 0]], atol=1e-6)


def test_outside_the_frame_is_zero():
    image = np.full((100, 100, 3), 200, np.uint8)
    crop, affine = make_crop(image, np.array([(-50.0, 40.0), (50.0, 60.0)]))
    y, x = np.mgrid[:256, :256]
    frame = apply(crop_to_frame(affine), np.stack([x, y], axis=-1))
    assert (crop[frame[..., 0] < -1.0] == 0).all()
    assert (crop[((frame > 0.5) & (frame < 98.5)).all(axis=-1)] == 200).all()


@pytest.mark.parametrize("centre", [(-5000.0, -5000.0), (5000.0, 50.0)])
def test_wholly_outside_is_black(centre):
    image = np.full((100, 100, 3), 200, np.uint8)
    for half in (30, 3000):
        crop, _ = make_crop(image, np.array([np.array(centre) - half, np.array(centre) + half]))
        assert not crop.any()


def test_large_image_keeps_its_edge_to_the_last_pixel():
    image = np.full((1999, 1999, 3), 200, np.uint8)
    crop, _ = full_frame_crop(image)
    assert crop[1:-1, 1:-1].min() == crop[1:-1, 1:-1].max() == 200


@given(
    st.tuples(st.floats(-300, 900), st.floats(-300, 600)),
    st.floats(0, 800),
    st.floats(0.5, 2.0),
)
def test_affine_and_its_inverse_agree(corner, extent, widen):
    image = np.zeros((36, 64, 3), np.uint8)
    points = np.array([corner, (corner[0] + extent, corner[1] + extent / 3)])
    _, affine = crop_hands(image, [points], widen=widen)
    np.testing.assert_allclose(apply(crop_to_frame(affine), apply(affine, points)), points, atol=0.02)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (4320, 7680)])
def test_absurd_sizes(shape):
    image = np.full((*shape, 3), 90, np.uint8)
    crop, affine = full_frame_crop(image)
    assert crop.shape == (256, 256, 3)
    middle = apply(affine, ((shape[1] - 1) / 2, (shape[0] - 1) / 2))
    np.testing.assert_allclose(middle, (127.5, 127.5), atol=0.01)


def test_full_frame_is_padded_to_a_square():
    crop, affine = full_frame_crop(np.full((360, 640, 3), 255, np.uint8))
    rows = np.flatnonzero(crop[:, 128, 0] > 127)
    assert len(rows) == pytest.approx(256 * 360 / 640, abs=1)
    assert affine[0, 0] == pytest.approx(256 / 640)


def test_shrinking_averages_instead_of_skipping():
    stripes = np.zeros((2560, 2560, 3), np.uint8)
    stripes[:, ::2] = 255
    crop, _ = full_frame_crop(stripes)
    assert abs(crop[10:-10, 10:-10].astype(int) - 127).max() <= 2


def test_flipped_view_is_taken():
    image = np.random.default_rng(0).integers(0, 255, (300, 300, 3), np.uint8)
    mirrored, _ = full_frame_crop(image[:, ::-1])
    straight, _ = full_frame_crop(np.ascontiguousarray(image[:, ::-1]))
    np.testing.assert_array_equal(mirrored, straight)


def test_points_must_be_finite():
    with pytest.raises(ValueError, match="finite"):
        make_crop(np.zeros((10, 10, 3), np.uint8), np.array([(np.nan, 1.0)]))


def test_read_only_image_is_taken():
    image = np.zeros((300, 300, 3), np.uint8)
    cv2.circle(image, (150, 150), 40, (255, 255, 255), -1)
    image.flags.writeable = False
    crop, affine = make_crop(image, np.array([(110.0, 110.0), (190.0, 190.0)]))
    np.testing.assert_allclose(centroid(crop), apply(affine, (150, 150)), atol=0.1)


def test_a_turned_crop_shows_what_its_affine_says():
    """A spot beside the middle, turned by 100 degrees: seen where the affine puts it, at the size of the square."""
    centre, spot = np.array([300.0, 200.0]), np.array([330.0, 210.0])
    image = blobs(640, 480, [spot], 3.0)
    turn = np.radians(100.0)
    corners = centre + np.array([[-40.0, -40.0], [40.0, 40.0]]) @ np.array(
        [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    )
    crop, affine = make_crop(image, corners, turn=turn)
    np.testing.assert_allclose(centroid(crop), apply(affine, spot[None])[0], atol=0.3)
    np.testing.assert_allclose(apply(affine, centre[None])[0], [127.5, 127.5], atol=1e-3)
    assert np.sqrt(np.linalg.det(affine[:, :2])) == pytest.approx(0.72 * 256 / 80.0, rel=1e-4)
    along = apply(affine, np.array([[1.0, 0.0], [0.0, 0.0]]))
    assert np.arctan2(*(along[0] - along[1])[::-1]) == pytest.approx(turn, abs=1e-5)


def test_a_turned_crop_of_a_large_image_is_whole_to_its_corners():
    image = np.full((1080, 1920, 3), 200, np.uint8)
    crop, _ = make_crop(image, np.array([[500.0, 200.0], [1300.0, 800.0]]), turn=np.radians(45.0), fill=1.0)
    inside = crop[[8, -9, 128, 128], [128, 128, 8, -9]]
    np.testing.assert_allclose(inside, 200, atol=1)


def hand_towards(degrees, length=50.0):
    """A hand's joints with the middle finger's knuckle in this direction from the wrist, degrees from x towards y."""
    joints = np.zeros((21, 2), np.float32)
    direction = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    joints[9:13] = direction * np.array([[1.0], [1.4], [1.7], [2.0]]) * length
    joints[1:9, 1], joints[13:, 1] = 20.0, -20.0
    return joints


def test_hands_that_point_down_or_aside_are_turned_up():
    for degrees in (90.0, 0.0, 180.0, 30.0):
        turn = upright_turn([hand_towards(degrees)])
        assert np.degrees(turn) % 360 == pytest.approx((-90.0 - degrees) % 360)
    assert upright_turn([hand_towards(-90.0)]) == 0.0
    assert upright_turn([hand_towards(-60.0)]) == 0.0  # leans, but is upright


def test_a_turn_is_kept_while_hands_stay_upright_in_it():
    turn = upright_turn([hand_towards(80.0)])
    assert upright_turn([hand_towards(110.0)], turn) == turn
    assert upright_turn([hand_towards(150.0)], turn) != turn
    assert upright_turn([hand_towards(80.0), hand_towards(-100.0)], turn) == turn  # against each other
    assert upright_turn([hand_towards(0.0, length=5.0)], turn) == turn  # at the camera
    both = upright_turn([hand_towards(60.0), hand_towards(120.0)])
    assert abs(both) == pytest.approx(np.pi)
