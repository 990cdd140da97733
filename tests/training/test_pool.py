"""Pools of pictures that are made once."""

import numpy as np
import pytest
from test_examples import make_sample

from models.errors import BothhandsError
from training.config import TrainConfig
from training.mixture import BatchesOfStage
from training.pool import Pool
from training.samples import Sample


class Counting:
    """A source that notes what it was asked for."""

    name, spoilt = "counting", True

    def __init__(self) -> None:
        self.asked: list[int] = []

    def samples(self, indices) -> list[Sample]:
        self.asked += indices
        return [make_sample(seed=index) for index in indices]


def test_pictures_are_made_once_and_come_back_as_they_were(tmp_path):
    source = Counting()
    pool = Pool(source, 70, tmp_path / "pool")
    for part in range(2):
        pool.fill(part, 2)
    assert sorted(source.asked) == list(range(70))
    pool.fill()
    assert len(source.asked) == 70
    for index in (0, 69):
        expected = make_sample(seed=index)
        np.testing.assert_array_equal(pool[index].image, expected.image)
        np.testing.assert_array_equal(pool[index].hands["left"].joints_px, expected.hands["left"].joints_px)


def test_what_is_missing_or_damaged_is_said_and_made_anew(tmp_path):
    source = Counting()
    pool = Pool(source, 3, tmp_path)
    with pytest.raises(BothhandsError, match=r"picture .*000001\.safetensors cannot be read"):
        pool[1]
    pool.fill()
    (tmp_path / "000002.safetensors").write_bytes(b"\x80\x05half")
    with pytest.raises(BothhandsError, match="remove its folder"):
        pool[2]
    (tmp_path / "000002.safetensors").unlink()
    pool.fill()
    assert source.asked == [0, 1, 2, 2]


def test_a_pool_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "pool").write_text("a file")
    with pytest.raises(BothhandsError, match=r"pool .* cannot be written"):
        Pool(Counting(), 1, tmp_path / "pool").fill()


def test_a_stage_shows_each_pooled_picture_again_and_again_and_changes_it_each_time(tmp_path):
    """Six of a pool of three, of which photographs are no part: two passes over it, each picture turned anew."""
    config = TrainConfig.model_validate(
        {
            "model": "lwa-hand",
            "batch_size": 6,
            "pool": tmp_path,
            "pool_pictures": 3,
            "reuse": 1,
            "stages": [{"name": "x", "steps": 1, "size": 64, "data": {"synthetic:one": 1}}],
        }
    )
    dataset = BatchesOfStage(config, 0)
    dataset.prepare(0, 1)
    [folder] = tmp_path.iterdir()
    assert len(list(folder.glob("*.safetensors"))) == 3
    batch = dataset[0]
    shapes = batch.shape.sum(dim=1)
    assert len({tuple(shape.tolist()) for shape in shapes}) == 3
    assert len({picture.numpy().tobytes() for picture in batch.image}) == 6
    again = BatchesOfStage(config, 0)
    again.prepare(0, 1)
    np.testing.assert_array_equal(again[0].image, batch.image)
