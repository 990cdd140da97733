"""A tracker's configuration, written down and read again."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from models.errors import BothhandsError
from models.registry import default_model
from tracking.config import TrackerConfig, checked_shape
from tracking.smoothing import SmoothingSettings

FULL = TrackerConfig(
    model="eanet",
    readings="network",
    device="cuda:1",
    detector="mediapipe",
    crop_mode="full-frame",
    mano_dir=Path("somewhere") / "mano",
    fov=73.5,
    camera_file=Path("camera.yml"),
    smoothing=SmoothingSettings().scaled(0.8, 0.3),
    hand_shape=(0.5, -1.25) + (0.0,) * 8,
    lock_sides=True,
)


@pytest.mark.parametrize("config", [FULL, TrackerConfig.default(), TrackerConfig(model="lwa-hand", smoothing=None)])
def test_what_is_written_is_read(config: TrackerConfig):
    assert TrackerConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_what_is_not_named_is_as_by_default():
    assert TrackerConfig.from_dict({}) == TrackerConfig(model=default_model())


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"modell": "eanet"}, "modell"),
        ({"model": 3}, "model cannot be 3"),
        ({"fov": "60"}, "fov cannot be '60'"),
        ({"fov": True}, "fov cannot be True"),
        ({"fov": 171.0}, "fov cannot be 171.0"),
        ({"device": "tpu"}, "no device 'tpu'"),
        ({"detector": "full-frame"}, "'auto', 'openvino' or 'mediapipe'"),
        ({"crop_mode": "whole"}, "crop_mode cannot be 'whole'"),
        ({"readings": None}, "readings cannot be None"),
        ({"mano_dir": 3}, "mano_dir cannot be 3"),
        ({"smoothing": {"min_cutoff": 1.5}}, "smoothing.min_cutoff cannot be 1.5"),
        ({"smoothing": {"wrist_beta": "12"}}, "smoothing.wrist_beta cannot be '12'"),
        ({"smoothing": {"wrist_beta": -1.0}}, "smoothing.wrist_beta cannot be -1.0"),
        ({"smoothing": {"wrist_beta": float("nan")}}, "smoothing.wrist_beta cannot be nan"),
        ({"smoothing": {"wrist_beta": float("inf")}}, "smoothing.wrist_beta cannot be inf"),
        ({"smoothing": {"predicted_frames": 2.5}}, "smoothing.predicted_frames cannot be 2.5"),
        ({"smoothing": True}, "smoothing cannot be True"),
        ({"hand_shape": [0.0] * 9}, "hand_shape cannot be"),
        ({"hand_shape": [0.0] * 11}, "hand_shape cannot be"),
        ({"hand_shape": [5.1] + [0.0] * 9}, "hand_shape.0 cannot be 5.1"),
        ({"hand_shape": [0.0] * 9 + [float("nan")]}, "hand_shape.9 cannot be nan"),
        ({"hand_shape": ["0"] * 10}, "hand_shape.0 cannot be '0'"),
        ({"lock_sides": 1}, "lock_sides cannot be 1"),
        ({"hand_shape": "Me"}, "hand_shape cannot be 'Me'"),
        ({"mano_dir": Path("mano")}, "JSON values only"),
        ([], r"an object of names and values, not \[\]"),
    ],
)
def test_what_does_not_fit_is_named_in_one_sentence(values: object, says: str):
    with pytest.raises(BothhandsError, match=says) as caught:
        TrackerConfig.from_dict(values)  # type: ignore[arg-type]
    assert str(caught.value).count("\n") == 0
    assert str(caught.value).endswith(".")


def test_a_record_gives_what_still_fits():
    older = {"smoothing": {"min_cutoff": 1.5}, "detector": None, "crop_mode": "full-frame", "fov": 50, "independent": 1}
    assert FULL.with_recorded(older) == TrackerConfig(**{**vars(FULL), "crop_mode": "full-frame", "fov": 50.0})
    assert FULL.with_recorded({"smoothing": None}).smoothing is None
    assert FULL.with_recorded({}) == FULL
    assert FULL.with_recorded({"hand_shape": None}).hand_shape is None
    assert FULL.with_recorded({"hand_shape": [9.0] * 10}).hand_shape == FULL.hand_shape


@pytest.mark.parametrize("shape", [[0.0] * 9, [7.0] * 10, [float("inf")] * 10])
def test_a_program_that_gives_no_shape_is_told_so(shape: list[float]):
    with pytest.raises(BothhandsError, match="hand_shape"):
        checked_shape(shape)
    assert checked_shape(np.full(10, 0.5)) == (0.5,) * 10


def test_names_of_folders_that_are_no_text_are_written(tmp_path: Path):
    folder = tmp_path / os.fsdecode(b"\xff")
    assert json.loads(json.dumps(TrackerConfig(model="eanet", mano_dir=folder).to_dict()))["mano_dir"] == str(folder)
