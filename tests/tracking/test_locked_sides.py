"""How a lock of sides gets from a tracker to the hands that it follows, and into its config."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from models.hand_model import load_hand_models
from models.registry import ModelCard
from tracking.config import TrackerConfig
from tracking.hands.fused import FusedHands
from tracking.tracker import Tracker
from tracking.values import Frame

CARD = ModelCard("stub", "a stub", "", "MIT")
DETECTOR: Any = SimpleNamespace(name="stub")
NETWORK: Any = None


class HandsThatCanBeLocked:
    """A source of hands that notes whether sides are locked."""

    def __init__(self) -> None:
        self.locked: list[bool] = []

    def lock_sides(self, locked):
        self.locked.append(locked)

    def use_shape(self, rule):
        pass

    def reset(self):
        pass

    def reconstruct(self, frame, intrinsics, independent, stages):
        return {}, {}


def test_locked_sides_hold_from_the_next_frame_on_and_stand_in_the_config(monkeypatch):
    hands = HandsThatCanBeLocked()
    monkeypatch.setattr(Tracker, "_hand_source", lambda self: hands)
    config = TrackerConfig(model="stub", lock_sides=True)
    subject = Tracker(CARD, NETWORK, load_hand_models(), DETECTOR, config)
    for index, locked in enumerate((True, False, True)):
        if index:  # at first what the config says
            subject.lock_sides = locked
        subject.track(Frame(index, index * 33_000_000, np.zeros((36, 64, 3), np.uint8)))
        assert subject.config.lock_sides is locked
    assert hands.locked == [True, False, True]


def test_the_followed_hands_are_locked():
    hands = FusedHands(DETECTOR, None, load_hand_models())
    assert not hands._tracker.lock_sides
    hands.lock_sides(True)
    assert hands._tracker.lock_sides
