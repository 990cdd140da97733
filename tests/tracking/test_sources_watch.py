"""A camera that hangs or is covered is said, once, and again when it is over."""

import numpy as np
import pytest

from tracking.sources.watch import ImageWatch

STEP = 100_000_000


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def watch(notices: list[str]) -> ImageWatch:
    return ImageWatch("camera 0", notices.append)


def moving(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(90, 110, (48, 64, 3), dtype=np.uint8)


def see(watch: ImageWatch, images: list[np.ndarray], start: int) -> int:
    for place, image in enumerate(images):
        watch.see(image, (start + place) * STEP)
    return start + len(images)


def test_a_camera_that_moves_is_not_mentioned(watch: ImageWatch, notices: list[str]):
    see(watch, [moving(n) for n in range(100)], 0)
    assert notices == []


def test_a_frozen_camera_is_said_once_and_when_it_moves_again(watch: ImageWatch, notices: list[str]):
    then = see(watch, [moving(0)] * 39, 0)
    assert notices == []
    then = see(watch, [moving(0).copy() for _ in range(60)], then)
    assert len(notices) == 1
    assert "very same image for 4 seconds" in notices[0]
    see(watch, [moving(n) for n in range(5)], then)
    assert notices[1:] == ["camera 0 shows a moving image again."]


def test_one_value_that_changes_is_a_image_that_moves(watch: ImageWatch, notices: list[str]):
    images = []
    for number in range(100):
        image = moving(0)
        image[47, 63, 2] = number
        images.append(image)
    see(watch, images, 0)
    assert notices == []


def test_a_covered_camera_is_black_and_not_frozen(watch: ImageWatch, notices: list[str]):
    noise = [np.random.default_rng(n).integers(0, 9, (48, 64, 3), dtype=np.uint8) for n in range(40)]
    then = see(watch, noise, 0)
    then = see(watch, [np.zeros((48, 64, 3), np.uint8)] * 60, then)
    assert len(notices) == 1
    assert "black image" in notices[0]
    see(watch, [moving(n) for n in range(5)], then)
    assert len(notices) == 2


def test_a_dim_room_is_not_black(watch: ImageWatch, notices: list[str]):
    images = [np.random.default_rng(n).integers(0, 30, (48, 64, 3), dtype=np.uint8) for n in range(100)]
    see(watch, images, 0)
    assert notices == []


def test_another_size_is_another_image(watch: ImageWatch, notices: list[str]):
    see(watch, [np.full((48, 64 + 2 * (n % 2), 3), 90, np.uint8) for n in range(100)], 0)
    assert notices == []
