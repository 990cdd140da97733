"""`bothhands` as a library: no window, no torch and no mediapipe for what runs on a processor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import bothhands

ROOT = Path(__file__).parents[2]
TRACK = """
import sys
from contextlib import closing
from itertools import islice

from bothhands import HandModel, SmoothingSettings, TrackedFrame, Tracker, load_hand_models, load_session, open_source

tracker = Tracker.create("landmark-fit", device=sys.argv[2], smoothing=SmoothingSettings())
found = []
with closing(open_source(sys.argv[1])) as source:
    for frame in islice(iter(source.read, None), 12):
        tracked = tracker.track(frame)
        assert isinstance(tracked, TrackedFrame)
        found.append(tracked.hands.hands)
assert isinstance(tracker.hand_models["left"], HandModel)
assert any(len(hands) == 2 for hands in found), found
assert all(hand.vertices.shape == (778, 3) for hands in found for hand in hands.values())
loaded = {"PyQt5", "torch", "mediapipe", "jax", "matplotlib"} & {name.partition(".")[0] for name in sys.modules}
assert not loaded, loaded
"""


def run(code: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_tracking_loads_neither_a_window_nor_torch_nor_mediapipe():
    run(TRACK, "assets/demo.mp4", "cpu")


def test_importing_it_loads_nothing():
    run("import bothhands, sys; assert not {'numpy', 'cv2', 'openvino', 'tracking', 'app.sessions'} & set(sys.modules)")


@pytest.mark.parametrize("name", bothhands.__all__)
def test_every_name_is_there(name: str):
    assert getattr(bothhands, name) is not None
    assert name in dir(bothhands)


def test_what_is_not_there_is_told_as_python_does():
    with pytest.raises(AttributeError, match="has no attribute 'Trackers'"):
        bothhands.Trackers  # noqa: B018
    with pytest.raises(ImportError, match="Trackers"):
        exec("from bothhands import Trackers")
