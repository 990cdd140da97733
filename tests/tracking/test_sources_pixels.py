"""Whatever cameras and files call an image becomes RGB in eight bits."""

import cv2
import numpy as np
import pytest

from tracking.sources.pixels import bits_used, to_rgb

RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16)


@pytest.mark.parametrize(
    "image",
    [
        RAMP,
        RAMP[..., None],
        np.dstack([RAMP] * 3),
        np.dstack([RAMP] * 3 + [np.zeros_like(RAMP)]),
        RAMP.astype(np.uint16) * 256 + 128,
        RAMP.astype(np.int32),
        RAMP.astype(np.float32) / 255.0,
        RAMP.astype(np.float64),
        np.dstack([RAMP.astype(np.float32) * 100.0] * 3),
    ],
    ids=["grey", "one channel", "colours", "four", "deep", "signed", "unit", "float", "radiance"],
)
def test_a_grey_ramp_stays_one(image: np.ndarray):
    rgb = to_rgb(image)
    assert (rgb.dtype, rgb.shape) == (np.uint8, (16, 16, 3))
    np.testing.assert_array_equal(rgb, np.dstack([RAMP] * 3))


def test_colours_in_opencvs_order():
    image = np.zeros((2, 2, 4), np.uint8)
    image[:] = (1, 2, 3, 4)
    assert to_rgb(image, bgr=True)[0, 0].tolist() == [3, 2, 1]
    assert to_rgb(image)[0, 0].tolist() == [1, 2, 3]


def test_two_channels_are_luma_and_chroma_in_turn():
    colours = np.zeros((4, 8, 3), np.uint8)
    colours[:, :4] = (200, 40, 90)
    colours[:, 4:] = (30, 160, 240)
    yuv = cv2.cvtColor(colours, cv2.COLOR_RGB2YUV_YUY2) if hasattr(cv2, "COLOR_RGB2YUV_YUY2") else None
    if yuv is None:
        pytest.skip("this OpenCV does not write YUYV")
    assert yuv.shape == (4, 8, 2)
    np.testing.assert_allclose(to_rgb(yuv).astype(int), colours, atol=4)


def test_ten_bits_in_sixteen_are_not_dark():
    image = RAMP.astype(np.uint16) * 4
    assert bits_used(image) == 10
    np.testing.assert_array_equal(to_rgb(image, bits=10)[..., 0], RAMP)


def test_not_a_number_is_black():
    assert to_rgb(np.full((2, 2), np.nan, np.float32)).max() == 0


@pytest.mark.parametrize(
    "image",
    [np.zeros(12, np.uint8), np.zeros((0, 4), np.uint8), np.zeros((2, 2, 5), np.uint8), np.zeros((2, 2), np.complex64)],
)
def test_what_is_no_image_is_refused(image: np.ndarray):
    with pytest.raises(ValueError, match="no image"):
        to_rgb(image)
