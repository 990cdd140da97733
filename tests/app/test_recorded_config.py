"""A tracker's configuration as sessions of every version hold it."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.sessions.info import read_info, write_info
from app.sessions.recorded_config import recorded_config, recorded_settings
from app.settings import Settings
from tests.fakes import session_info
from tracking.camera_model import KnownCamera
from tracking.config import TrackerConfig
from tracking.smoothing import SmoothingSettings

UNSMOOTHED = TrackerConfig(model="eanet", smoothing=None)
GAINS = SmoothingSettings().scaled(0.8, 0.3)


@pytest.mark.parametrize(
    "config",
    [
        TrackerConfig(model="landmark-fit"),
        TrackerConfig(model="eanet", smoothing=None, readings="network", fov=75.0, detector="openvino"),
        TrackerConfig(model="lwa-hand", lock_sides=True),
        TrackerConfig(model="lwa-hand", hand_shape=(0.25, -1.5) + (0.0,) * 8),
        TrackerConfig(model="lwa-hand", camera=KnownCamera(610.25, 612.5, 321.75, 238.5, 640, 480)),
        Settings(model="lwa-hand", steadiness=0.2, camera_file=Path("camera.json"), mano_dir=Path("mano")).tracker,
    ],
)
def test_a_session_gives_the_config_back(tmp_path: Path, config: TrackerConfig):
    info = replace(session_info(), model=config.model, settings=recorded_settings(config, title="a wave"))
    write_info(tmp_path, info)
    back = read_info(tmp_path)
    assert recorded_config(back) == config
    assert back.settings["title"] == "a wave"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, TrackerConfig(model="eanet", smoothing=None)),
        (
            {"camera": {"fx": 0, "fy": 1, "cx": 1, "cy": 1, "width": 4, "height": 4}},
            TrackerConfig(model="eanet", smoothing=None),
        ),
        ({"lock_sides": True}, TrackerConfig(model="eanet", smoothing=None, lock_sides=True)),
        ({"hand_shape": None}, TrackerConfig(model="eanet", smoothing=None)),
        ({"hand_shape": [0.0] * 9}, TrackerConfig(model="eanet", smoothing=None)),
        ({"hand_shape": [1] * 10}, TrackerConfig(model="eanet", smoothing=None, hand_shape=(1.0,) * 10)),
        ({"smoothing": vars(GAINS)}, TrackerConfig(model="eanet", smoothing=GAINS)),
        ({"smoothing": {"min_cutoff": 1.5}}, TrackerConfig(model="eanet")),  # names of another version
        ({"smoothing": {"wrist_beta": "12"}}, TrackerConfig(model="eanet")),
        (
            {"smoothing": None, "detector": None, "readings": 3, "fov": "wide", "model": "lwa-hand", "device": "tpu"},
            TrackerConfig(model="eanet", smoothing=None),
        ),
        (
            {"smoothing": None, "crop_mode": "full-frame", "detector": "mediapipe", "mano_dir": "mano"},
            TrackerConfig(
                model="eanet", smoothing=None, crop_mode="full-frame", detector="mediapipe", mano_dir=Path("mano")
            ),
        ),
    ],
)
def test_older_sessions_give_what_they_say(settings: dict, expected: TrackerConfig):
    assert recorded_config(replace(session_info(), model="eanet", settings=settings)) == expected
