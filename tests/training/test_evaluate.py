"""The whole evaluation, over pictures whose figures are known beforehand."""

import json

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from training.evaluate import Judged, evaluate, predict
from training.metrics.report import table, to_json, write
from training.samples import HandLabel, Knowledge, Sample

CAMERA = Intrinsics(500.0, 500.0, 127.5, 127.5, 256, 256)


@pytest.fixture(scope="module")
def hand_models():
    return load_hand_models()


def posed(hand_models, side: str, shift=(0.0, 0.0, 0.0), score: float = 0.9) -> HandReconstruction:
    x = 0.06 if side == "left" else -0.06
    translation = np.array([x, 0.0, 0.6]) + shift
    parameters = HandParameters(np.zeros((16, 3)), np.zeros(10), translation)
    vertices, joints = hand_models[side].mesh(parameters)
    return HandReconstruction(parameters, vertices, joints, CAMERA.project(joints), score)


def label_of(hand: HandReconstruction) -> HandLabel:
    return HandLabel(Knowledge.FULL, hand.joints_px, hand.joints, hand.vertices, hand.parameters)


def sample_of(hands, presence_known: bool = True) -> Sample:
    labels = {side: label_of(hand) for side, hand in hands.items()}
    return Sample(np.zeros((256, 256, 3), np.uint8), CAMERA, labels, presence_known, None, "test")


def judged(true, predicted, group=None, presence_known=True) -> Judged:
    return Judged(sample_of(true, presence_known), Reconstruction(predicted), group)


def test_figures_of_three_pictures(hand_models):
    left, right = (posed(hand_models, side) for side in ("left", "right"))
    moved = posed(hand_models, "right", shift=(0.006, 0.0, -0.008))
    evaluation = evaluate(
        [
            judged({"left": left, "right": right}, {"left": left, "right": moved}),  # a hand 10 mm away
            judged({"left": left}, {"left": left}),
            judged({"right": right}, {"left": posed(hand_models, "left")}),  # the wrong side
        ],
        hand_models,
    )
    assert (evaluation.pictures, evaluation.pairs, evaluation.hands, evaluation.found) == (3, 1, 4, 3)
    assert evaluation.protocols["interwild"]["mrrpe"]["two"] == pytest.approx(10.0, abs=1e-3)
    assert evaluation.protocols["interwild"]["mpjpe"]["all"] == pytest.approx(0.0, abs=1e-3)
    assert evaluation.pa_mpjpe == pytest.approx(0.0, abs=1e-3)
    assert evaluation.presence_accuracy == pytest.approx(4 / 6)
    assert evaluation.side_accuracy == pytest.approx(1 / 2)
    assert evaluation.both_right == pytest.approx(2 / 3)
    # 21 of the 84 labelled joints belong to the hand that was not found.
    assert np.isinf(evaluation.image_errors).sum() == 21


def test_error_in_the_picture_is_measured_in_hands(hand_models):
    right = posed(hand_models, "right")
    side = float(np.ptp(right.joints_px, axis=0).max())
    shifted = HandReconstruction(
        right.parameters, right.vertices, right.joints, right.joints_px + np.array([0.1 * side, 0.0]), 0.9
    )
    evaluation = evaluate([judged({"right": right}, {"right": shifted})], hand_models)
    assert evaluation.nme == pytest.approx(0.1, rel=1e-5)
    content = to_json(evaluation)
    assert content["pck"]["0.05"] == 0.0
    assert content["pck"]["0.2"] == 1.0


def test_presence_is_not_judged_where_it_is_not_known(hand_models):
    left = posed(hand_models, "left")
    evaluation = evaluate([judged({"left": left}, {}, presence_known=False)], hand_models)
    assert np.isnan([evaluation.presence_accuracy, evaluation.side_accuracy, evaluation.both_right]).all()
    assert evaluation.found == 0


def test_a_label_of_points_only_gives_figures_in_the_picture_only(hand_models):
    right = posed(hand_models, "right")
    label = HandLabel(Knowledge.POINTS_2D, right.joints_px)
    sample = Sample(np.zeros((256, 256, 3), np.uint8), CAMERA, {"right": label}, True, None, "test")
    content = to_json(evaluate([Judged(sample, Reconstruction({"right": right}))], hand_models))
    assert content["nme"] == 0.0
    assert content["pa_mpjpe_mm"] is None
    assert content["protocols_mm"]["interwild"]["mpjpe"] == {"single": None, "two": None, "all": None}


def test_views_of_a_shape_are_compared_within_their_group(hand_models):
    right = posed(hand_models, "right", score=0.8)
    larger = HandReconstruction(right.parameters, right.vertices, right.joints * 1.1, right.joints_px, 0.8)
    unsure = posed(hand_models, "left", score=0.2)
    evaluation = evaluate(
        [
            judged({"right": right}, {"right": right, "left": unsure}, "fist"),
            judged({"right": right}, {"right": larger}, "fist"),
            judged({"right": right}, {"right": right}, "flat"),
            judged({"right": right}, {"right": right}, "flat"),
        ],
        hand_models,
    )
    centred = right.joints - right.joints.mean(axis=0)
    fist = 1000.0 * 0.1 * np.linalg.norm(centred, axis=1).mean()
    assert evaluation.view_consistency == pytest.approx(fist / 2.0, rel=1e-4)


def test_networks_see_every_picture_once_and_are_not_told_the_sides(hand_models):
    right = posed(hand_models, "right")
    batches: list[int] = []

    class Network:
        def reconstruct(self, crops):
            batches.append(len(crops))
            assert all(crop.sides == {"left", "right"} for crop in crops)
            np.testing.assert_array_equal(crops[0].frame_to_crop, [[1, 0, 0], [0, 1, 0]])
            return [Reconstruction({"right": right}) for _ in crops]

        def warm_up(self): ...

        def close(self): ...

    samples = [(sample_of({"right": right}), f"group {index}") for index in range(5)]
    result = list(predict(Network(), iter(samples), batch_size=2))
    assert batches == [2, 2, 1]
    assert [entry.group for entry in result] == [group for _, group in samples]
    assert [entry.sample for entry in result] == [sample for sample, _ in samples]


def test_report_is_written_and_says_what_is_not_comparable(hand_models, tmp_path):
    left, right = (posed(hand_models, side) for side in ("left", "right"))
    evaluation = evaluate([judged({"left": left, "right": right}, {"left": left})], hand_models)
    write(evaluation, tmp_path / "report")
    content = json.loads((tmp_path / "report" / "evaluation.json").read_text())
    assert content == to_json(evaluation)
    assert content["hands_found"] == 1
    with Image.open(tmp_path / "report" / "evaluation.png") as picture:
        assert picture.size[0] > 900
    console = Console(width=120, record=True)
    console.print(table(evaluation))
    text = console.export_text()
    assert "1 of 2 hands found" in text
    assert "not comparable" in text


def test_a_folder_that_cannot_be_made_is_named(hand_models, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(BothhandsError, match="taken"):
        write(evaluate([], hand_models), tmp_path / "taken")


def test_nothing_to_judge_gives_an_empty_report(hand_models, tmp_path):
    write(evaluate([], hand_models), tmp_path)
    assert json.loads((tmp_path / "evaluation.json").read_text())["pictures"] == 0
