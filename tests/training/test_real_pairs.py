"""Rendered pairs that hold each other as labelled ones do. Needs no OpenGL."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial import KDTree
from scipy.spatial.transform import Rotation

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import SIDES, WRIST, HandParameters, Intrinsics, Side
from training.data.poses import PosePrior
from training.data.sources import open_source
from training.labelling.entries import hand_entry
from training.synthetic.hands import bent_forearm, desk_forearm, wrist_rotation
from training.synthetic.penetration import DEEPEST, PenetrationMeter
from training.synthetic.placement import Placer
from training.synthetic.real_pairs import RealPairs

MODELS = load_hand_models()
METER = PenetrationMeter({side: model.faces for side, model in MODELS.items()})
PRIOR = PosePrior(MODELS)
CAMERA = Intrinsics.from_fov(640, 480, 60.0)
STRAIGHT = Rotation.identity()
TOUCHING = 5
"""Number of a pair whose hands touch."""


def labelled_pair(seed: int) -> dict[Side, HandParameters]:
    scene = Placer(MODELS, PRIOR, 256).scene("contact", np.random.default_rng(seed))
    return {side: hand.parameters for side, hand in scene.hands.items()}


def write_labels(folder: Path, pairs: dict[str, dict[Side, HandParameters]], split: str = "train") -> Path:
    """Labels as `label-sequences` writes them; poses need no images."""
    pictures: dict[str, Any] = {}
    for name, pair in pairs.items():
        hands = {
            side: hand_entry(CAMERA.project(MODELS[side].mesh(parameters)[1]), parameters)
            for side, parameters in pair.items()
        }
        pictures[name] = {"split": split, "hands": hands}
    folder.mkdir(exist_ok=True)
    content = {"source": "somebody", "licence": "CC0", "pictures": pictures}
    (folder / "labels.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def real_pairs(folder: Path, pairs: dict[str, dict[Side, HandParameters]]) -> RealPairs:
    return RealPairs(write_labels(folder, pairs), "train", MODELS, METER)


def turns(hands: Any) -> dict[Side, Rotation]:
    return {side: Rotation.from_rotvec(getattr(hands[side], "parameters", hands[side]).pose[0]) for side in SIDES}


@pytest.mark.parametrize("turn", [STRAIGHT, Rotation.from_euler("xyz", [20, -70, 130], degrees=True)])
def test_hands_hold_each_other_as_the_label_says_from_whatever_side(tmp_path: Path, turn: Rotation):
    pair = labelled_pair(3)
    placed = real_pairs(tmp_path, {"a.jpg": pair}).place(turn, np.random.default_rng(0))
    labelled, seen = turns(pair), turns(placed)
    for side in SIDES:
        assert (seen[side] * (turn * labelled[side]).inv()).magnitude() < 1e-3
        vertices, joints = MODELS[side].mesh(placed[side].parameters)
        np.testing.assert_allclose(placed[side].vertices, vertices, atol=1e-6)
        np.testing.assert_allclose(placed[side].joints, joints, atol=1e-6)
    wrists = {side: MODELS[side].mesh(pair[side])[1][WRIST] for side in SIDES}
    between = placed["right"].joints[WRIST] - placed["left"].joints[WRIST]
    wanted = turn.apply(wrists["right"] - wrists["left"])
    assert np.linalg.norm(between - wanted) < 0.25 * np.linalg.norm(wanted) + 0.02, "but for size and a little shift"


def test_no_two_scenes_are_alike_and_no_hand_lies_in_the_other(tmp_path: Path):
    pairs = real_pairs(tmp_path, {f"{seed}.jpg": labelled_pair(seed) for seed in range(4)})
    assert len(pairs) == 4
    made = [pairs.place(STRAIGHT, np.random.default_rng(seed)) for seed in range(8)]
    assert all(METER.depth({side: hands[side].vertices for side in SIDES}) < DEEPEST for hands in made)
    poses = {hands["left"].parameters.pose[1:].tobytes() for hands in made}
    assert len(poses) == len(made)
    assert all((hands["left"].parameters.shape == hands["right"].parameters.shape).all() for hands in made)


@pytest.mark.parametrize("depth", [0.08, 0.3])
def test_hands_that_a_fit_put_apart_along_the_view_are_brought_together(tmp_path: Path, depth: float):
    pair = labelled_pair(TOUCHING)
    far = pair["right"]
    pair["right"] = replace(far, translation=far.translation + np.array([0.0, 0.0, depth], np.float32))
    placed = real_pairs(tmp_path, {"a.jpg": pair}).place(STRAIGHT, np.random.default_rng(1))
    gap = KDTree(placed["left"].vertices).query(placed["right"].vertices)[0].min()
    assert gap < 0.02


def test_a_forearm_continues_its_hand_but_for_the_bend_of_a_wrist():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        for side in SIDES:
            forearm = desk_forearm(side, rng)
            rotation = wrist_rotation(side, forearm, rng.normal(size=3), rng)
            back = bent_forearm(side, rotation, rng)
            assert np.linalg.norm(back) == pytest.approx(1.0)
            assert np.degrees(np.arccos(back @ forearm)) < 2 * np.hypot(50.0, 20.0) + 1.0


class _Straight:
    """Wrists that do not bend."""

    def normal(self, *_: float) -> float:
        return 0.0


def test_without_a_bend_the_forearm_is_the_one_the_hand_was_put_to():
    rng = np.random.default_rng(5)
    for side in SIDES:
        forearm = desk_forearm(side, rng)
        rotation = wrist_rotation(side, forearm, rng.normal(size=3), _Straight())  # type: ignore[arg-type]
        np.testing.assert_allclose(bent_forearm(side, rotation, _Straight()), forearm, atol=1e-6)  # type: ignore[arg-type]


def test_a_folder_without_pairs_is_told_and_its_splits_are_kept_apart(tmp_path: Path):
    pair = labelled_pair(3)
    alone = write_labels(tmp_path / "alone", {"a.jpg": {"left": pair["left"]}})
    with pytest.raises(BothhandsError, match="in which both hands have a mesh"):
        RealPairs(alone, "train", MODELS, METER)
    held_out = write_labels(tmp_path / "held", {"a.jpg": pair}, "held-out")
    assert len(RealPairs(held_out, "held-out", MODELS, METER)) == 1
    with pytest.raises(BothhandsError, match="split"):
        open_source(f"pairs:{held_out}", 0, "train", 64, 1)


def test_the_source_says_whose_poses_they_are(tmp_path: Path):
    folder = write_labels(tmp_path, {"a.jpg": labelled_pair(3)})
    source = open_source(f"pairs:{folder}", 0, "train", 64, 1)
    assert "free hand model" in source.name
    assert "somebody" in source.name
    assert "CC0" in source.name
    assert source.spoilt
