"""The real parts of a live session, as settings name them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import render
from app.live.factories import Factories
from app.live.recording import RecordingStart
from app.sessions.info import read_info
from app.sessions.recorded_config import recorded_config
from app.settings import Settings
from models.errors import BothhandsError
from models.values import Intrinsics, Reconstruction
from tracking.smoothing import SmoothingSettings
from tracking.values import Frame, TrackedFrame


def first_frame(model: str) -> TrackedFrame:
    frame = Frame(0, 0, np.zeros((48, 64, 3), np.uint8))
    return TrackedFrame(frame, Reconstruction(), {}, frozenset(), Intrinsics.from_fov(64, 48), {}, model)


def test_a_recording_says_what_its_hands_are_tracked_with(tmp_path: Path):
    settings = Settings(
        model="eanet", recordings=tmp_path, fov=75.0, readings="network", steadiness=0.8, mano_dir=Path("mano")
    )
    in_use = replace(settings.tracker, model="landmark-fit", detector="openvino")  # eanet could not be loaded
    start = RecordingStart(first_frame("landmark-fit"), "demo", "free", in_use, mirrored=True, title="a wave")
    recorder, folder = Factories.real(settings).create_recorder(start)
    recorder.stop()
    info = read_info(folder)
    assert folder.parent == tmp_path
    assert recorded_config(info) == in_use
    assert recorded_config(info).smoothing == SmoothingSettings().scaled(0.8, 0.5)
    assert (info.model, info.source, info.hand_model) == ("landmark-fit", "demo", "free")
    assert {name: info.settings[name] for name in ("mirrored", "title")} == {"mirrored": True, "title": "a wave"}
    assert "notes" not in info.settings


def test_the_renderer_of_the_settings_is_made(monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(render, "create_renderer", lambda name, faces: asked.append((name, list(faces))))
    Factories.real(Settings(renderer="cpu")).create_renderer({"left": np.zeros((1, 3), int)})
    assert asked == [("cpu", ["left"])]


def test_a_source_that_is_not_there_is_one_sentence():
    with pytest.raises(BothhandsError, match="nowhere"):
        Factories.real(Settings()).open_source("nowhere.mp4", lambda notice: None, None)
