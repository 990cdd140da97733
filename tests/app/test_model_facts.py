"""What is said of models before they are chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.live.model_facts import model_facts
from app.live.model_speed import ModelSpeeds
from models.registry import ModelCard, list_models, model_card
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tracking.values import Frame, TrackedFrame

CARD = ModelCard("some", "Some network", "A paper", "MIT", weights="some.safetensors", parameters=6_000_000)


@pytest.mark.parametrize("name", list_models())
def test_every_model_says_what_it_is_good_at(name: str):
    facts = model_facts(model_card(name))
    assert facts.good_at.endswith(".")
    assert facts.usable != model_card(name).untrained
    for figure in facts.figures:
        assert figure.value
        assert figure.meaning


def test_figures_of_real_video_are_read_by_people():
    figures = model_facts(replace(CARD, real_video={"right": 0.934, "extra_per_frame": 0.037, "unknown": 1.0})).figures
    assert [(figure.name, figure.value) for figure in figures] == [("hands right", "93 %"), ("extra a frame", "0.04")]


def test_speed_is_said_as_it_was_measured_here():
    assert "Not run" in model_facts(CARD).speed
    assert model_facts(CARD, 20.0).speed == "20 ms a frame on this machine, at most 50 a second"
    assert "No weights" in model_facts(replace(CARD, weights=None), 20.0).speed


def tracked(model: str, milliseconds: float, hands: bool = True) -> TrackedFrame:
    hand = HandReconstruction(
        HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3)),
        np.zeros((778, 3)),
        np.zeros((21, 3)),
        np.zeros((21, 2)),
        1.0,
    )
    found = Reconstruction({"left": hand} if hands else {})
    frame = Frame(0, 0, np.zeros((4, 4, 3), np.uint8))
    stages = {"detect": milliseconds / 2, "reconstruct": milliseconds / 2}
    return TrackedFrame(frame, found, {}, frozenset(), Intrinsics.from_fov(4, 4), stages, model)


def test_a_model_is_timed_while_it_tracks_hands():
    speeds = ModelSpeeds({"before": 30.0, "some": 99.0})
    for spent in [500.0, *[20.0] * 58]:
        speeds.add(tracked("some", spent))
        speeds.add(tracked("some", 1.0, hands=False))
    assert speeds.milliseconds == {"before": 30.0, "some": 99.0}, "too few to be believed"
    speeds.add(tracked("some", 22.0))
    assert speeds.milliseconds == {"before": 30.0, "some": 20.0}
