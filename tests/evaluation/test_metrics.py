"""Every metric against numbers worked out by hand."""

from types import MappingProxyType

import numpy as np
import pytest

from evaluation.metrics.distances import (
    align,
    aligned_error,
    bone_scale,
    box_side,
    normalised_errors,
    pck,
    point_errors,
    relative_root_error,
    view_consistency,
)
from evaluation.metrics.protocols import (
    PROTOCOLS,
    Hand,
    collect,
    joints_halved,
    joints_pooled,
    pairs_by_hand,
    vertices_by_hand,
    vertices_by_image,
)
from models.hand_model import TIP_VERTICES, joints_of_mesh, load_hand_models
from models.rotations import exp_so3

NAN = float("nan")


@pytest.fixture(scope="module")
def hand_models():
    return load_hand_models()


def some_joints(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 0.05, (21, 3))


def test_point_errors_are_euclidean_and_unknown_truth_is_not_a_number():
    predicted = np.array([[3.0, 4.0, 0.0], [1.0, 2.0, 2.0]])
    np.testing.assert_array_equal(point_errors(predicted, np.zeros((2, 3))), [5.0, 3.0])
    np.testing.assert_array_equal(point_errors(predicted, np.zeros((2, 3)), np.array([False, True])), [NAN, 3.0])


def test_bone_scale_brings_the_middle_metacarpal_to_its_true_length():
    predicted, true = np.zeros((21, 3)), np.zeros((21, 3))
    predicted[0], predicted[9] = (0.0, 0.0, 1.0), (0.0, 0.08, 1.0)
    true[9] = (0.06, 0.08, 0.0)
    assert bone_scale(predicted, true) == pytest.approx(1.25)


def test_relative_root_error_ignores_where_the_pair_is():
    true = np.array([0.1, 0.0, 0.5]), np.array([-0.1, 0.0, 0.5])
    predicted = true[0] + (7.0, 8.0, 9.03), true[1] + (7.0, 8.04, 9.0)
    # The left hand 3 cm too far relative to the right one, and 4 cm too high.
    assert relative_root_error(predicted, true) == pytest.approx(0.05)


def test_similarity_alignment_undoes_a_similarity():
    target = some_joints()
    moved = 1.7 * target @ exp_so3(np.array([0.3, -1.2, 2.0])).T + (0.1, 0.2, 0.3)
    np.testing.assert_allclose(align(moved, target, scale=True), target, atol=1e-12)
    assert aligned_error(moved, target) < 1e-12


def test_alignment_never_mirrors():
    # The mirror image of four unit axes' tips: best motions leave a residue that a reflection would not.
    target = np.concatenate([np.eye(3), [[0.0, 0.0, 0.0]]])
    assert aligned_error(target * (-1.0, 1.0, 1.0), target) > 0.1


def test_rigid_alignment_keeps_the_size():
    target = np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, -0.5, 0.0]])
    np.testing.assert_allclose(align(3.0 * target + 5.0, target, scale=False), 3.0 * target, atol=1e-12)


def test_aligned_error_of_known_joints_only():
    true, predicted = some_joints(), some_joints()
    predicted[4] += 1.0
    known = np.ones(21, dtype=bool)
    known[4] = False
    assert aligned_error(predicted, true, known) < 1e-12
    assert np.isnan(aligned_error(predicted, true, np.arange(21) < 2))


def test_normalised_errors_are_parts_of_the_longer_side_of_the_known_joints_box():
    true = np.zeros((21, 2))
    true[1] = (50.0, 20.0)
    true[2] = (1000.0, 0.0)  # not known, so that it does not widen the box
    known = np.arange(21) < 2
    errors = normalised_errors(true + np.array([3.0, 4.0]), true, known)
    assert box_side(true[:2]) == 50.0
    np.testing.assert_allclose(errors[:2], 0.1)
    assert np.isnan(errors[2:]).all()
    assert np.isnan(normalised_errors(true, true, np.arange(21) < 0)).all()


def test_pck_counts_what_is_known_and_lost_hands_as_wrong():
    errors = np.array([[0.1, 0.2, NAN], [0.3, np.inf, NAN]])
    np.testing.assert_array_equal(pck(errors, np.array([0.05, 0.1, 0.25, 9.0])), [0.0, 0.25, 0.5, 0.75])
    assert np.isnan(pck(np.array([NAN]), np.array([0.1]))).all()


def test_view_consistency_is_zero_for_one_shape_and_grows_with_size():
    shape = np.zeros((21, 3))
    shape[0], shape[1] = (-1.0, 0.0, 0.0), (1.0, 0.0, 0.0)
    turned = shape @ exp_so3(np.array([0.4, 0.5, 0.6])).T + 3.0
    assert view_consistency([shape, turned, turned + 1.0]) < 1e-12
    # Twice as large: two joints are off by 1, nineteen by nothing; of three pairs, two differ so.
    assert view_consistency([shape, turned, 2.0 * shape]) == pytest.approx(2.0 / 21.0 * 2.0 / 3.0)
    assert np.isnan(view_consistency([shape]))


def test_mesh_joints_are_the_models_own(hand_models):
    model = hand_models["right"]
    vertices = model.template.numpy().astype(np.float64)
    joints = joints_of_mesh(vertices, model, TIP_VERTICES)
    np.testing.assert_allclose(joints[0], model.joint_regressor.numpy()[0] @ vertices, atol=1e-7)
    np.testing.assert_array_equal(joints[[4, 8, 12, 16, 20]], vertices[list(TIP_VERTICES)])


# Averages: three images of one hand and one of two, joints of constant error per hand.


def test_averages_of_joints_by_protocol():
    errors = np.full((4, 2, 21), NAN)
    errors[0, 1], errors[1, 1], errors[2, 0] = 10.0, 20.0, 30.0
    errors[3, 0], errors[3, 1] = 50.0, 70.0
    two = np.array([False, False, False, True])
    # One hand: right joints 15, left joints 30. Pooled: right (10 + 20 + 70) / 3, left (30 + 50) / 2.
    assert joints_pooled(errors, two) == pytest.approx({"single": 22.5, "two": 60.0, "all": (100 / 3 + 40.0) / 2})
    assert joints_halved(errors, two) == pytest.approx({"single": 22.5, "two": 60.0, "all": 41.25})
    assert pairs_by_hand(errors, two) == pytest.approx({"two": 60.0})


def test_joints_count_alike_however_often_they_are_known():
    errors = np.full((2, 2, 21), NAN)
    errors[:, 0, 0] = 1.0, 3.0
    errors[0, 0, 1] = 8.0
    two = np.array([False, False])
    assert joints_pooled(errors, two)["single"] == pytest.approx(5.0)  # not the 4 of a plain mean


def test_a_joint_known_in_one_half_only_counts_once_in_halved_means():
    errors = np.full((2, 2, 21), NAN)
    errors[0, 1, 0], errors[1] = 6.0, 2.0
    means = joints_halved(errors, np.array([False, True]))
    assert means["all"] == pytest.approx((6.0 + 42 * 2.0) / 43)


def test_averages_of_vertices_by_protocol():
    errors = np.array([[NAN, 10.0], [20.0, NAN], [40.0, 60.0], [80.0, NAN]])
    two = np.array([False, False, True, True])
    assert vertices_by_hand(errors, two) == pytest.approx({"single": 15.0, "two": 60.0, "all": 42.0})
    # Of the pairs only the one with both meshes counts.
    assert vertices_by_image(errors, two) == pytest.approx({"single": 15.0, "two": 50.0, "all": 80.0 / 3.0})
    assert pairs_by_hand(errors, two) == pytest.approx({"two": 60.0})


def test_nothing_known_gives_not_a_number():
    empty = np.zeros((0, 2, 21))
    assert np.isnan(joints_pooled(empty, np.zeros(0, dtype=bool))["all"])
    assert np.isnan(vertices_by_hand(np.zeros((0, 2)), np.zeros(0, dtype=bool))["two"])


# The protocols on the hand model's own meshes.


def true_pair(hand_models) -> dict[str, Hand]:
    hands = {}
    for side, x in (("left", 0.1), ("right", -0.1)):
        vertices = hand_models[side].template.numpy().astype(np.float64) + np.array([x, 0.0, 0.5])
        hands[side] = Hand(joints_of_mesh(vertices, hand_models[side], TIP_VERTICES), vertices)
    return hands


def changed(hands, side, scale=1.0, shift=(0.0, 0.0, 0.0)):
    grown = Hand(*(points * scale + np.array(shift) for points in hands[side]))
    return MappingProxyType({**hands, side: grown})


def test_perfect_hands_have_no_error_under_any_protocol(hand_models):
    true = true_pair(hand_models)
    for protocol in PROTOCOLS.values():
        errors = protocol.compare(true, true, hand_models)
        assert np.nanmax(errors.joints) < 1e-9
        assert errors.vertices.max() < 1e-9
        assert errors.roots < 1e-9 if protocol.judges_roots else np.isnan(errors.roots)


def test_a_moved_hand_costs_only_the_relative_root(hand_models):
    true = true_pair(hand_models)
    moved = changed(true, "right", shift=(0.003, 0.0, -0.004))
    for name in ("internet", "interwild"):
        errors = PROTOCOLS[name].compare(moved, true, hand_models)
        assert errors.joints.max() < 1e-6
        assert errors.roots == pytest.approx(5.0)
    assert PROTOCOLS["eanet"].compare(moved, true, hand_models).joints.max() < 1e-6


def test_a_larger_hand_costs_in_the_wrist_family_and_nothing_in_the_knuckle_family(hand_models):
    true = true_pair(hand_models)
    grown = changed(true, "left", scale=1.1)
    joints = true["left"].joints
    assert joints is not None
    expected = 1000.0 * 0.1 * np.linalg.norm(joints - joints[0], axis=1)
    wrist = PROTOCOLS["interwild"].compare(grown, true, hand_models)
    np.testing.assert_allclose(wrist.joints[0], expected, atol=1e-6)
    assert wrist.joints[1].max() < 1e-9
    vertices = true["left"].vertices
    assert vertices is not None
    expected_vertices = 1000.0 * 0.1 * np.linalg.norm(vertices - joints[0], axis=1).mean()
    assert wrist.vertices[0] == pytest.approx(expected_vertices)
    for name in ("intaghand", "eanet"):
        knuckle = PROTOCOLS[name].compare(grown, true, hand_models)
        assert knuckle.joints.max() < 1e-6
        assert knuckle.vertices.max() < 1e-6


def test_the_families_take_their_truth_from_different_places(hand_models):
    true = true_pair(hand_models)
    keypoints = true["left"].joints
    assert keypoints is not None
    keypoints = keypoints.copy()
    keypoints[8] += (0.0, 0.012, 0.0)  # the annotator's finger tip is 12 mm from the mesh's
    keypoints[5] = NAN
    labelled = {**true, "left": Hand(keypoints, true["left"].vertices)}
    wrist = PROTOCOLS["interwild"].compare(true, labelled, hand_models).joints[0]
    assert wrist[8] == pytest.approx(12.0)
    assert np.isnan(wrist[5])
    assert PROTOCOLS["eanet"].compare(true, labelled, hand_models).joints[0].max() < 1e-9


def test_without_a_known_root_a_hand_is_not_judged(hand_models):
    true = true_pair(hand_models)
    keypoints = true["left"].joints
    assert keypoints is not None
    keypoints = keypoints.copy()
    keypoints[0] = NAN
    labelled = {**true, "left": Hand(keypoints, None)}
    errors = PROTOCOLS["internet"].compare(true, labelled, hand_models)
    assert np.isnan(errors.joints[0]).all()
    assert not np.isnan(errors.joints[1]).any()
    assert np.isnan(errors.vertices[0])
    assert np.isnan(errors.roots)


def test_a_hand_that_was_not_predicted_leaves_no_numbers(hand_models):
    true = true_pair(hand_models)
    errors = PROTOCOLS["interwild"].compare({"right": true["right"]}, true, hand_models)
    assert np.isnan(errors.joints[0]).all()
    assert np.isnan(errors.roots)


def test_summary_has_what_each_protocol_publishes(hand_models):
    true = true_pair(hand_models)
    pictures = [protocol.compare(true, true, hand_models) for protocol in PROTOCOLS.values()]
    published = {
        name: {metric: set(means) for metric, means in protocol.summarise(collect([row], [True])).items()}
        for (name, protocol), row in zip(PROTOCOLS.items(), pictures, strict=True)
    }
    every = {"single", "two", "all"}
    assert published == {
        "internet": {"mpjpe": every, "mrrpe": {"two"}},
        "interwild": {"mpjpe": every, "mpvpe": every, "mrrpe": {"two"}},
        "intaghand": {"mpjpe": {"two"}, "mpvpe": {"two"}},
        "eanet": {"mpjpe": every, "mpvpe": every},
    }
