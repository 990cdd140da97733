"""Landmark points: the asset is the free model's, other models take them over, other assets are refused."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from models.errors import BothhandsError
from models.fitting.chain import Chain, ChainState, Marks
from models.fitting.landmark_points import (
    MIRROR,
    identity,
    landmark_points,
    marked_points,
    transferred,
    write_landmark_points,
)
from models.hand_model import HandModel, asset, load_hand_models
from models.values import SIDES, HandParameters, HandReconstruction

FREE = load_hand_models()
SCALE = 1.12
ARRAYS = {"v_template": "template", "shapedirs": "shape_dirs", "J_regressor": "joint_regressor"}


def other_model(side, pose: np.ndarray) -> HandModel:
    """A hand model as another maker might have it: larger, and fingers held otherwise in the rest pose."""
    with np.load(asset("hand_model") / f"free_{side}.npz") as arrays:
        arrays = dict(arrays)
    parameters = HandParameters(pose.astype(np.float32), np.zeros(10, np.float32), np.zeros(3, np.float32))
    vertices, joints = FREE[side].mesh(parameters)
    arrays["v_template"] = vertices.astype(np.float64) * SCALE
    # A regressor that finds the posed joints: the least change of the old one.
    wanted = joints[[0, 5, 6, 7, 9, 10, 11, 17, 18, 19, 13, 14, 15, 1, 2, 3]] * SCALE
    extended = np.hstack([arrays["v_template"], np.ones((778, 1))])
    missing = np.hstack([wanted, np.ones((16, 1))]) - arrays["J_regressor"] @ extended
    arrays["J_regressor"] = arrays["J_regressor"] + missing @ np.linalg.pinv(extended)
    return HandModel("other", side, arrays)


def bent_pose(side) -> np.ndarray:
    """Four fingers bent evenly, each about its own axes of flexion."""
    state = ChainState(np.eye(3)[None].repeat(2, 0), np.zeros((2, 3)), np.zeros((2, 5, 3, 3)), np.zeros((2, 10)))
    state.angles[:, 1:, :, 0] = np.radians(12)
    return Chain.of(FREE).parameters(state)[SIDES.index(side)].pose


def test_the_projects_asset_belongs_to_its_hand_model_and_is_mirrored():
    points = landmark_points(FREE)
    for right, left in zip(points["right"], points["left"], strict=True):
        np.testing.assert_array_equal(left, right * MIRROR)
        distances = np.linalg.norm(right, axis=1)
        assert distances.max() < 0.015, "a landmark lies near its joint"
        assert distances.mean() > 0.001


def test_an_asset_of_another_hand_model_is_refused(tmp_path):
    path = tmp_path / "points.npz"
    np.savez(path, picture=np.zeros((21, 3)), space=np.zeros((21, 3)), hand_model=np.array("0" * 64))
    with pytest.raises(BothhandsError, match="another hand model"):
        landmark_points(FREE, path)


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "points.npz"
    points = Marks(*np.random.default_rng(0).normal(0.0, 0.005, (2, 21, 3)))
    write_landmark_points(path, points, FREE["right"])
    read = landmark_points(FREE, path)["right"]
    np.testing.assert_allclose(read.image, points.image, atol=1e-8)
    np.testing.assert_allclose(read.space, points.space, atol=1e-8)


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_damaged_or_missing_asset_is_named(tmp_path, content):
    path = tmp_path / "points.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BothhandsError, match=r"points\.npz"):
        landmark_points(FREE, path)


@pytest.mark.parametrize("bad", [np.zeros((20, 3)), np.full((21, 3), np.nan)])
def test_points_that_are_no_places_are_refused(tmp_path, bad):
    path = tmp_path / "points.npz"
    np.savez(path, picture=bad, space=np.zeros((21, 3)), hand_model=np.array(identity(FREE["right"])))
    with pytest.raises(BothhandsError, match="damaged"):
        landmark_points(FREE, path)


def test_the_identity_tells_hand_models_apart():
    assert identity(FREE["right"]) == identity(load_hand_models()["right"])
    assert identity(FREE["right"]) != identity(FREE["left"])
    with np.load(asset("hand_model") / "free_right.npz") as arrays:
        moved = {**arrays, "v_template": arrays["v_template"] + np.array([0.0, 0.0, 1e-4])}
    changed = HandModel("free", "right", moved)
    assert identity(changed) != identity(FREE["right"])


def test_points_taken_over_to_the_same_model_are_the_same():
    points = landmark_points(FREE)
    for side, again in transferred(points["right"], FREE, FREE).items():
        for part, other in zip(again, points[side], strict=True):
            np.testing.assert_allclose(part, other, atol=1e-6)


def test_a_larger_model_at_rest_with_bent_fingers_has_them_at_the_same_places_of_the_hand():
    others = {side: other_model(side, bent_pose(side)) for side in SIDES}
    points, taken_over = landmark_points(FREE), landmark_points(others)
    for side in SIDES:
        turns = Rotation.from_rotvec(bent_pose(side)).as_matrix()
        for part in range(2):
            expected = points[side][part].copy()
            for finger, joints in enumerate([[13, 14, 15], [1, 2, 3], [4, 5, 6], [10, 11, 12], [7, 8, 9]]):
                carrier = turns[0]
                for level, joint in enumerate(joints):
                    carrier = carrier @ turns[joint]
                    expected[2 + 4 * finger + level] = carrier @ expected[2 + 4 * finger + level]
            apart = np.linalg.norm(taken_over[side][part] - SCALE * expected, axis=1)
            assert apart.max() < 7e-4, "by the bones' own axes"
            assert np.linalg.norm(taken_over[side][part] - points[side][part], axis=1).max() > 1.5e-3


def test_marks_ride_on_the_bones_that_carry_them():
    """Turning the whole hand turns them along; a bent finger takes its own along and leaves the others."""
    chain = Chain.of(FREE, {side: Marks(np.full((21, 3), 0.01), np.zeros((21, 3))) for side in SIDES})
    flat = ChainState(np.eye(3)[None].repeat(2, 0), np.zeros((2, 3)), np.zeros((2, 5, 3, 3)), np.zeros((2, 10)))
    bent = flat._replace(angles=flat.angles.copy())
    bent.angles[:, 1, 1, 0] = 0.5
    before, after = (chain.forward(state, False)[0] - chain.pose(state).joints for state in (flat, bent))
    moved = np.linalg.norm(after - before, axis=-1)
    np.testing.assert_allclose(np.delete(moved, [7, 8], axis=1), 0.0, atol=1e-12)
    assert moved[:, [7, 8]].min() > 1e-3


@pytest.mark.parametrize("side", SIDES)
def test_a_fitted_hand_is_marked_where_the_chain_marks_it(side):
    points = landmark_points(FREE)
    chain, rng = Chain.of(FREE, points), np.random.default_rng(1)
    root = Rotation.random(2, random_state=1).as_matrix()
    state = ChainState(root, np.array([[0, 0, 0.5]] * 2), rng.uniform(-0.2, 0.6, (2, 5, 3, 3)), np.zeros((2, 10)))
    posed, hand = chain.pose(state), SIDES.index(side)
    parameters = chain.parameters(state)[hand]
    vertices, joints = FREE[side].mesh(parameters)
    marked = marked_points(HandReconstruction(parameters, vertices, joints, joints[:, :2], 1.0), points[side])
    inner = [j for j in range(21) if j not in (4, 8, 12, 16, 20)]  # tips are skinned there and rigid here
    for places, marks in zip(marked, (chain.marks, chain.space_marks), strict=True):
        np.testing.assert_allclose(places[inner], posed.points(marks)[hand][inner], atol=1e-5)
