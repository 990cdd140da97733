"""Parts of labelled photographs in which no hand is."""

import json

import cv2
import numpy as np
import pytest

from models.errors import BothhandsError
from training.data.negatives import Negatives
from training.data.samples import Sample
from training.data.sources import open_source

WIDTH, HEIGHT, FOCAL = 640, 480, 500.0
SKIN, WALL = (214, 160, 130), (70, 110, 90)
HAND, ELBOW, ELBOW_RADIUS = (200, 150), (520, 380), 55
HAND_RADIUS = 60


def write_photographs(folder, *, presence_known=True, joints_known=True, radius=HAND_RADIUS) -> None:
    """Two images of a hand and an elbow, both round and of one colour."""
    folder.mkdir()
    angles = np.linspace(0.0, 2 * np.pi, 21, endpoint=False)
    joints = np.array(HAND) + radius * np.column_stack([np.cos(angles), np.sin(angles)])
    image = np.full((HEIGHT, WIDTH, 3), WALL, np.uint8)
    cv2.circle(image, HAND, radius + 5, SKIN, cv2.FILLED)
    cv2.circle(image, ELBOW, ELBOW_RADIUS, SKIN, cv2.FILLED)
    entry = {
        "split": "train",
        "presence_known": presence_known,
        "camera": {"fx": FOCAL, "fy": FOCAL, "cx": 319.5, "cy": 239.5},
        "hands": {"right": {"joints_px": joints.tolist() if joints_known else [None] * 21}},
    }
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(folder / name), image[..., ::-1])
    content = {"source": "us", "licence": "CC0", "pictures": {"a.png": entry, "b.png": entry}}
    (folder / "labels.json").write_text(json.dumps(content))


def square_of(sample: Sample) -> np.ndarray:
    """(2, 2) corners of the square in the photograph, as the crop's camera tells them."""
    scale = sample.intrinsics.fx / FOCAL
    low = np.array([319.5 - sample.intrinsics.cx / scale, 239.5 - sample.intrinsics.cy / scale])
    return np.stack([low, low + len(sample.image) / scale])


def test_no_square_shows_a_hand_and_most_show_what_looks_like_one(tmp_path):
    write_photographs(tmp_path / "in")
    negatives = Negatives(tmp_path / "in", seed=0)
    samples = [negatives.sample(index) for index in range(40)]
    skin_like = 0
    for sample in samples:
        assert sample.presence_known
        assert not sample.hands
        assert sample.segmentation is not None
        assert not sample.segmentation.any()
        low, high = square_of(sample)
        assert (low > -1.0).all()
        assert (high < (WIDTH + 1, HEIGHT + 1)).all()
        apart = np.maximum(low - HAND, HAND - high).max()
        assert apart > HAND_RADIUS + 5
        skin_like += float((np.abs(sample.image.astype(int) - SKIN).max(axis=-1) < 8).mean()) > 0.05
    # By chance it would be ten.
    assert skin_like > 20
    assert len({square_of(sample).tobytes() for sample in samples}) == 40


def test_a_sample_depends_on_its_number_alone(tmp_path):
    write_photographs(tmp_path / "in")
    source = open_source(f"negatives:{tmp_path / 'in'}", 3, "train", 256, 1)
    assert source.name == "us, CC0"
    assert not source.spoilt
    first, second = source.samples([5, 6])
    again = open_source(f"negatives:{tmp_path / 'in'}", 3, "train", 256, 1).samples([6])[0]
    assert np.array_equal(second.image, again.image)
    assert not np.array_equal(first.image, second.image)


@pytest.mark.parametrize("unknown", [{"presence_known": False}, {"joints_known": False}])
def test_images_in_which_a_hand_may_be_anywhere_are_not_used(tmp_path, unknown):
    write_photographs(tmp_path / "in", **unknown)
    with pytest.raises(BothhandsError, match="no image in which it is known where all hands are"):
        Negatives(tmp_path / "in", seed=0)


def test_hands_that_fill_every_image_are_said(tmp_path):
    write_photographs(tmp_path / "in", radius=200)
    with pytest.raises(BothhandsError, match="leave no room beside them"):
        Negatives(tmp_path / "in", seed=0).sample(0)
