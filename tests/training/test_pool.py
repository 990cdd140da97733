"""Pools of images that are made once."""

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file
from test_examples import make_sample

from models.errors import BothhandsError
from training.config import TrainConfig
from training.data.mixture import BatchesOfStage
from training.data.pool import Pool
from training.data.sample_file import read_sample, write_sample
from training.data.samples import HandLabel, Knowledge, Sample


class Counting:
    """A source that notes what it was asked for."""

    name, spoilt = "counting", True

    def __init__(self) -> None:
        self.asked: list[int] = []

    def samples(self, indices) -> list[Sample]:
        self.asked += indices
        return [make_sample(seed=index) for index in indices]


def test_images_are_made_once_and_come_back_as_they_were(tmp_path):
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
    with pytest.raises(BothhandsError, match=r"image .*000001\.safetensors cannot be read"):
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


def test_a_stage_shows_each_pooled_image_again_and_again_and_changes_it_each_time(tmp_path):
    """Six of a pool of three, of which photographs are no part: two passes over it, each image turned anew."""
    config = TrainConfig.model_validate(
        {
            "model": "lwa-hand",
            "batch_size": 6,
            "pool": tmp_path,
            "pool_images": 3,
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


def assert_same(got: Sample, expected: Sample) -> None:
    assert vars(got.intrinsics) == vars(expected.intrinsics)
    assert (got.presence_known, got.source) == (expected.presence_known, expected.source)
    np.testing.assert_array_equal(got.image, expected.image)
    np.testing.assert_array_equal(got.segmentation, expected.segmentation)
    assert got.hands.keys() == expected.hands.keys()
    for side, label in expected.hands.items():
        for name in ("joints_px", "joints", "vertices"):
            np.testing.assert_array_equal(getattr(got.hands[side], name), getattr(label, name))
        assert (got.hands[side].parameters is None) == (label.parameters is None)
        if label.parameters is not None:
            for name in ("pose", "shape", "translation"):
                expected_array = getattr(label.parameters, name)
                np.testing.assert_array_equal(getattr(got.hands[side].parameters, name), expected_array)


@pytest.mark.parametrize("knowledge", list(Knowledge))
def test_a_file_holds_all_that_is_known_and_nothing_that_is_not(tmp_path, knowledge):
    full = make_sample(seed=3)
    joints_px = full.hands["left"].joints_px.copy()
    joints_px[4] = np.nan
    left = full.hands["left"]
    if knowledge == Knowledge.FULL:
        label = replace(left, joints_px=joints_px)
    else:
        label = HandLabel(knowledge, joints_px, left.joints if knowledge == Knowledge.WEAK_3D else None)
    sample = replace(full, hands={"left": label}, segmentation=None, presence_known=False)
    write_sample(tmp_path / "x", sample)
    assert_same(read_sample(tmp_path / "x"), sample)


class Runs:
    def __init__(self, proof) -> None:
        self.proof = proof

    def __reduce__(self):
        return open, (str(self.proof), "w")


def test_a_foreign_pool_runs_nothing(tmp_path):
    pool = Pool(Counting(), 1, tmp_path)
    (tmp_path / "000000.safetensors").write_bytes(pickle.dumps(Runs(tmp_path / "proof")))
    with pytest.raises(BothhandsError, match="cannot be read"):
        pool[0]
    assert not (tmp_path / "proof").exists()


def _changed(path, tensors=None, **notes):
    """The file's sample with other entries."""
    with safe_open(path, "numpy") as stored:
        old = json.loads(stored.metadata()["sample"])
        arrays = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    arrays |= tensors or {}
    kept = {name: array for name, array in arrays.items() if array is not None}
    save_file(kept, path, {"sample": json.dumps(old | notes)})


HAND = {"knowledge": 3, "holds": ["joints_px", "joints", "vertices", "pose", "shape", "translation"]}


@pytest.mark.parametrize(
    ("tensors", "notes", "said"),
    [
        ({"image": np.zeros((4, 5, 3), np.uint8)}, {}, "image is"),
        ({"image": np.zeros((0, 0, 3), np.uint8), "segmentation": None}, {}, "image is empty"),
        ({"image": np.zeros((4, 4, 3), np.float32)}, {}, "image is float32"),
        ({"segmentation": np.zeros((4, 4), np.uint8)}, {}, "segmentation is"),
        ({"left": np.zeros(7, np.float32)}, {}, "a hand is"),
        ({"left": np.full(2500, np.nan, np.float32)}, {}, "not numbers"),
        ({"left": None}, {}, "KeyError"),
        ({"foreign": np.zeros(1, np.uint8)}, {}, "no sample has: foreign"),
        ({}, {"version": "2"}, "version"),
        ({}, {"camera": {}}, "camera is not complete"),
        ({}, {"camera": dict.fromkeys(("fx", "fy", "cx", "cy", "width", "height"), 0.0)}, "none that there can be"),
        ({}, {"camera": dict.fromkeys(("fx", "fy", "cx", "cy", "width", "height"), float("inf"))}, "can be"),
        ({}, {"hands": {"left": HAND | {"knowledge": 9}, "right": HAND}}, "9 is not a valid"),
        ({}, {"hands": {"left": HAND | {"holds": ["pose"]}, "right": HAND}}, "a hand is"),
        ({}, {"hands": {"left": HAND, "right": HAND, "third": HAND}}, "another hand"),
        ({}, {"presence_known": "yes"}, "presence"),
        ({}, {"hands": []}, "cannot be read"),
        ({}, {"source": None}, "source"),
    ],
)
def test_what_no_sample_can_be_is_one_sentence(tmp_path, tensors, notes, said):
    pool = Pool(Counting(), 1, tmp_path)
    pool.fill()
    _changed(tmp_path / "000000.safetensors", tensors, **notes)
    with pytest.raises(BothhandsError, match=said):
        pool[0]
