"""The whole evaluation, over images whose figures are known beforehand."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hands_folder import write_hands_folder
from PIL import Image
from rich.console import Console

from app.evaluation import EvaluationOptions, evaluate_model
from evaluation.candidates import DetectedHands, load_candidate
from evaluation.labelled_images import evaluate
from evaluation.metrics.report import table, to_json, write
from evaluation.predictions import DETECTOR_MARGIN, PredictedSample, predict, second_crop_pass
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.registry import CropPolicy, model_card
from models.values import Detection, HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tracking.crop_planner import APART_WIDEN
from tracking.cropper import FILL
from training.data.samples import HandLabel, Knowledge, Sample
from training.data.sources import open_images

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


def judged(true, predicted, group=None, presence_known=True) -> PredictedSample:
    return PredictedSample(sample_of(true, presence_known), Reconstruction(predicted), group)


def test_figures_of_three_images(hand_models):
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
    assert (evaluation.images, evaluation.pairs, evaluation.hands, evaluation.found) == (3, 1, 4, 3)
    assert evaluation.protocols["interwild"]["mrrpe"]["two"] == pytest.approx(10.0, abs=1e-3)
    assert evaluation.protocols["interwild"]["mpjpe"]["all"] == pytest.approx(0.0, abs=1e-3)
    assert evaluation.pa_mpjpe == pytest.approx(0.0, abs=1e-3)
    assert evaluation.presence_accuracy == pytest.approx(4 / 6)
    assert evaluation.side_accuracy == pytest.approx(1 / 2)
    assert evaluation.both_right == pytest.approx(2 / 3)
    # 21 of the 84 labelled joints belong to the hand that was not found.
    assert np.isinf(evaluation.image_errors).sum() == 21


def test_error_in_the_image_is_measured_in_hands(hand_models):
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


def test_what_a_model_expects_of_its_errors_is_compared_with_them(hand_models):
    """Errors of 5 px along x and none along y, where 4 px are expected of ten joints and 2 px of the others."""
    right = posed(hand_models, "right")
    shifted = right.joints_px + np.array([5.0, 0.0])
    expected = np.where(np.arange(21) < 10, 4.0, 2.0)
    hand = replace(right, joints_px=shifted, errors_px=expected)
    evaluation = evaluate([judged({"right": right}, {"right": hand})], hand_models)
    assert evaluation.within_expected == pytest.approx((21 / 42, 31 / 42))
    silent = evaluate([judged({"right": right}, {"right": right})], hand_models)
    assert to_json(silent)["within_expected_error"] is None


def test_presence_is_not_judged_where_it_is_not_known(hand_models):
    left = posed(hand_models, "left")
    evaluation = evaluate([judged({"left": left}, {}, presence_known=False)], hand_models)
    assert np.isnan([evaluation.presence_accuracy, evaluation.side_accuracy, evaluation.both_right]).all()
    assert evaluation.found == 0


def test_a_label_of_points_only_gives_figures_in_the_image_only(hand_models):
    right = posed(hand_models, "right")
    label = HandLabel(Knowledge.POINTS_2D, right.joints_px)
    sample = Sample(np.zeros((256, 256, 3), np.uint8), CAMERA, {"right": label}, True, None, "test")
    content = to_json(evaluate([PredictedSample(sample, Reconstruction({"right": right}))], hand_models))
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


def test_networks_see_every_image_once_and_are_not_told_the_sides(hand_models):
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


def test_a_second_look_is_at_the_squares_that_the_app_cuts_around_each_hand(hand_models):
    card = replace(model_card("lwa-hand"), crops=CropPolicy(crop_each_hand=True))
    left, right = (posed(hand_models, side) for side in ("left", "right"))
    far = {"left": replace(left, joints_px=left.joints_px + np.array([120.0, 0.0])), "right": right}
    better = {side: posed(hand_models, side, shift=(0.0, 0.0, 0.1)) for side in far}
    asked = []

    class Network:
        def reconstruct(self, crops):
            asked.extend(crops)
            # Of the hand that a square is not for, it talks nonsense.
            return [
                Reconstruction({side: better[side] if crop.sides == {side} else far[side] for side in far})
                for crop in crops
            ]

    sample = sample_of(far)
    again = second_crop_pass(
        Network(),
        card,
        [PredictedSample(sample, Reconstruction(far), "g"), PredictedSample(sample, Reconstruction({}))],
    )
    [first, empty] = list(again)
    assert first.prediction.hands == better
    assert (first.group, first.sample) == ("g", sample)
    assert empty.prediction.hands == {}
    assert [crop.sides for crop in asked] == [{"left"}, {"right"}]
    for crop, side in zip(asked, far, strict=True):
        points = far[side].joints_px @ crop.frame_to_crop[:, :2].T + crop.frame_to_crop[:, 2]
        low, high = points.min(axis=0), points.max(axis=0)
        np.testing.assert_allclose((low + high) / 2.0, 127.5, atol=1e-3)
        assert (high - low).max() == pytest.approx(256 * FILL / APART_WIDEN, rel=1e-4)


def test_a_model_that_reads_landmarks_is_not_asked_twice():
    options = EvaluationOptions(source="synthetic:one", model="landmark-fit", count=1, crop_passes=2)
    with pytest.raises(BothhandsError, match="leave out --crop-passes"):
        evaluate_model(options, lambda done, total: None)


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
    assert json.loads((tmp_path / "evaluation.json").read_text())["images"] == 0


def test_shown_hands_are_counted_by_what_is_there(hand_models):
    left, right = (posed(hand_models, side) for side in ("left", "right"))
    both = {"left": left, "right": right}
    evaluation = evaluate(
        [
            judged({"left": left}, both),  # a second hand that is not there
            judged({"left": left}, {"right": right}),  # the wrong side, but one hand
            judged({"left": left}, {"left": left}),
            judged({"left": left}, both, presence_known=False),  # nobody knows
            judged(both, both),
            judged(both, {"left": left}),
        ],
        hand_models,
    )
    assert evaluation.second_hand_shown == pytest.approx(1 / 3)
    assert evaluation.both_kept == pytest.approx(1 / 2)
    assert evaluation.found_rate == pytest.approx(6 / 8)
    assert evaluation.nme == pytest.approx(0.0)
    assert evaluation.nme_all == pytest.approx(2 / 8)  # a hand that was not found is off by its box


class OneHandAt:
    """A detector that sees a right hand with given landmarks, px of an image with its margin."""

    name = "one hand"

    def __init__(self, landmarks, world_landmarks) -> None:
        box = np.concatenate([landmarks.min(axis=0), landmarks.max(axis=0)])
        self.found = Detection("right", 0.8, box, landmarks, world_landmarks)
        self.sizes: list[tuple[int, int]] = []

    def detect(self, image, previous=(), search=True):
        assert not previous
        self.sizes.append(image.shape[:2])
        return (self.found,)

    def close(self): ...


def test_detected_hands_are_judged_beside_models(hand_models):
    """The detector gets a margin and its hands come back in px of the image, with joints that project there."""
    right = posed(hand_models, "right")
    margin = round(DETECTOR_MARGIN * 256)
    detector = OneHandAt(right.joints_px + margin, right.joints - right.joints.mean(axis=0))
    evaluation = evaluate(
        predict(DetectedHands(), [(sample_of({"right": right}), None)], detector),
        hand_models,
    )
    assert detector.sizes == [(256 + 2 * margin, 256 + 2 * margin)]
    assert evaluation.found == 1
    assert evaluation.nme == pytest.approx(0.0, abs=1e-5)
    assert evaluation.protocols["interwild"]["mpjpe"]["single"] == pytest.approx(0.0, abs=1e-2)
    assert np.isnan(evaluation.protocols["interwild"]["mpvpe"]["single"])


def test_the_place_of_detected_joints_is_where_they_project_to_their_landmarks(hand_models):
    right = posed(hand_models, "right", shift=(0.1, -0.05, 0.2))
    detector = OneHandAt(right.joints_px + round(DETECTOR_MARGIN * 256), right.joints - right.joints[9])
    [judgement] = predict(DetectedHands(), [(sample_of({"right": right}), None)], detector)
    np.testing.assert_allclose(judgement.prediction.hands["right"].joints, right.joints, atol=1e-4)


def test_splits_and_counts_of_a_folder(hand_models, tmp_path):
    folder = write_hands_folder(tmp_path / "hands", 6, held_out=3)
    everything = open_images(f"images:{folder}", hand_models)
    held_out = open_images(f"images:{folder}", hand_models, split="held-out")
    some = open_images(f"images:{folder}", hand_models, count=3)
    assert (everything.total, held_out.total, some.total) == (9, 3, 3)
    every = [sample for sample, _ in everything.samples]
    for index, (sample, _) in zip((6, 7, 8), held_out.samples, strict=True):
        np.testing.assert_array_equal(sample.image, every[index].image)
    for index, (sample, _) in zip((0, 3, 6), some.samples, strict=True):  # spread over the folder
        np.testing.assert_array_equal(sample.image, every[index].image)
    with pytest.raises(BothhandsError, match="no split 'test'"):
        open_images(f"images:{folder}", hand_models, split="test")


def test_weights_that_are_not_installed_are_judged(hand_models, tmp_path):
    from models.lwa_hand.reconstructor import create_network
    from models.weights_io import save_weights

    network = create_network(hand_models)
    save_weights(tmp_path / "new.safetensors", network)
    candidate = load_candidate("lwa-hand", tmp_path / "new.safetensors", hand_models, "cpu")
    assert candidate.card.name == "lwa-hand"
    candidate.reconstructor.close()
    (tmp_path / "new.json").write_text('{"sha256": "0"}')
    with pytest.raises(BothhandsError, match="sha256"):
        load_candidate("lwa-hand", tmp_path / "new.safetensors", hand_models, "cpu")
