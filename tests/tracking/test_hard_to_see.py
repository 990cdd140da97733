"""Small hands are looked for in parts of an image, and dark images are lit."""

import cv2
import numpy as np
import pytest

from models.values import Intrinsics
from tests.tracking.test_hand_pair_tracker import World, follow, reading
from tracking.detector.palm import Palm
from tracking.hands.hard_to_see import lit, palms_in, tiles
from tracking.hands.pair_tracker import HandPairTracker
from tracking.hands.policy import TrackingPolicy


class SmallHand(World):
    """A bright spot is a hand; palm detection is blind to it in images that are wider than half of the whole one."""

    def palms(self, image, least_score):
        return super().palms(image, least_score) if image.shape[1] <= 320 and image.max() > 0 else []


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (640, 480), (480, 640), (300, 300), (64, 48), (1, 1)])
def test_parts_cover_the_image_and_overlap(width, height):
    parts = tiles(width, height)
    for share in (0.6, 0.3):
        side = int(np.ceil(share * max(width, height)))
        level = [part for part in parts if part.right - part.left == min(side, width)]
        covered = np.zeros((height, width), int)
        for part in level:
            assert 0 <= part.left < part.right <= width
            assert 0 <= part.top < part.bottom <= height
            covered[part.top : part.bottom, part.left : part.right] += 1
        assert covered.min() >= 1
        # A hand of a fifth of a part is whole in one of them, wherever it lies.
        small = max(side // 5, 1)
        for x in range(0, width - small + 1, max(width // 37, 1)):
            assert any(part.left <= x and x + small <= part.right for part in level)


def test_palms_of_a_part_lie_in_the_whole_image():
    class Reader(World):
        def palms(self, image, least_score):
            assert image.shape == (40, 50, 3)
            return [Palm(0.8, np.array([1.0, 2.0, 3.0, 4.0]), np.ones((7, 2)))]

    part = tiles(100, 100)[0]._replace(left=10, top=20, right=60, bottom=60)
    (palm,) = palms_in(Reader([]), np.zeros((100, 100, 3), np.uint8), part, 0.5)
    assert palm.box.tolist() == [11.0, 22.0, 13.0, 24.0]
    assert palm.keypoints[0].tolist() == [11.0, 21.0]


def test_a_hand_that_is_small_in_the_image_is_found_within_a_second():
    image = np.zeros((480, 640, 3), np.uint8)
    image[150:200, 100:150] = 255
    subject = HandPairTracker(SmallHand([reading("right", 0, 0)]), None, TrackingPolicy())
    camera = Intrinsics.assumed(640, 480)
    shown = [subject.observe(image, camera, (n + 1) * 33_000_000) for n in range(30)]
    assert any(shown)


def test_the_parts_are_left_alone_while_the_whole_shows_palms():
    world = World([reading("right", 200, 300)])
    subject = HandPairTracker(world, None, TrackingPolicy())
    follow(subject, 1)
    assert world.searches <= 2


def test_light_is_raised_where_it_is_missing():
    rng = np.random.default_rng(0)
    bright = rng.integers(0, 256, (48, 64, 3), dtype=np.uint8)
    assert lit(bright) is bright
    dark = (bright * 0.08).astype(np.uint8)
    assert np.percentile(lit(dark), 95) == pytest.approx(180, abs=15)
    assert np.corrcoef(lit(dark).ravel(), dark.ravel())[0, 1] > 0.999
    levels = [float(np.percentile(lit(cv2.convertScaleAbs(bright, alpha=a)), 95)) for a in np.linspace(0.2, 0.5, 60)]
    assert np.abs(np.diff(levels)).max() < 20.0  # no step at which an image would flicker
    assert lit(np.zeros((8, 8, 3), np.uint8)).max() == 0
