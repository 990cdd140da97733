from collections import Counter

import numpy as np
import pytest
import smplx
import torch
from scipy.spatial.transform import Rotation
from smplx.utils import Struct

from models.errors import BothhandsError
from models.hand_model import (
    MANO_TO_JOINTS,
    PARENTS,
    TIP_VERTICES,
    HandModel,
    asset,
    load_hand_models,
    load_twin,
)
from models.values import FINGERS, SIDES, HandParameters

MODELS = load_hand_models()
TWINS = {side: load_twin(side) for side in SIDES}
MIRROR = np.array([-1.0, 1.0, 1.0])
MIRROR_AXIS = np.array([1.0, -1.0, -1.0])


def arrays_of(side):
    with np.load(asset("hand_model") / f"free_{side}.npz") as arrays:
        return dict(arrays)


def random_parameters(rng, count):
    return rng.normal(0, 0.6, (count, 16, 3)), rng.normal(size=(count, 10)), rng.normal(size=(count, 3))


def with_correctives(side, rng):
    """The free model with correctives of a few millimetres, to exercise what the free model leaves at zero."""
    return arrays_of(side) | {"posedirs": rng.normal(0, 1e-3, (778, 3, 135))}


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("side", SIDES)
def test_agrees_with_smplx(side, corrected):
    rng = np.random.default_rng(1)
    arrays = with_correctives(side, rng) if corrected else arrays_of(side)
    model = HandModel("free", side, arrays).double()
    # smplx takes a path even where it reads nothing from it.
    oracle = smplx.MANO(
        "",
        data_struct=Struct(**arrays),
        is_rhand=side == "right",
        use_pca=False,
        flat_hand_mean=True,
        dtype=torch.float64,
    )
    pose, shape, translation = (torch.from_numpy(array) for array in random_parameters(rng, 5))
    expected = oracle(global_orient=pose[:, 0], hand_pose=pose[:, 1:].reshape(5, 45), betas=shape, transl=translation)
    mesh = model(pose, shape, translation)
    torch.testing.assert_close(mesh.vertices, expected.vertices, atol=1e-6, rtol=0)
    reference = torch.cat([expected.joints[:, :16], expected.vertices[:, list(TIP_VERTICES)]], dim=1)
    torch.testing.assert_close(mesh.joints, reference[:, list(MANO_TO_JOINTS)], atol=1e-6, rtol=0)


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("side", SIDES)
def test_numpy_path_is_the_torch_path(side, corrected):
    rng = np.random.default_rng(2)
    model = HandModel("free", side, with_correctives(side, rng)) if corrected else MODELS[side]
    pose, shape, translation = (array.astype(np.float32) for array in random_parameters(rng, 8))
    batch = model(*(torch.from_numpy(array) for array in (pose, shape, translation)))
    for index in range(8):
        parameters = HandParameters(pose[index], shape[index], translation[index])
        vertices, joints = model.mesh(parameters)
        assert vertices.dtype == joints.dtype == np.float32
        np.testing.assert_allclose(vertices, batch.vertices[index].numpy(), atol=1e-6)
        np.testing.assert_allclose(joints, batch.joints[index].numpy(), atol=1e-6)
        rest = model.rest_joints(torch.from_numpy(shape[index : index + 1]))[0]
        np.testing.assert_allclose(model.rest_wrist(shape[index]), rest[0].numpy(), atol=1e-6)


@pytest.mark.parametrize("side", SIDES)
def test_wrist_moves_everything_rigidly(side):
    rng = np.random.default_rng(3)
    pose, shape, translation = random_parameters(rng, 1)
    pose[0, 0] = 0.0
    model = MODELS[side]
    still, joints = model.mesh(HandParameters(pose[0], shape[0], np.zeros(3)))
    turn = Rotation.from_rotvec([0.3, -2.0, 1.1])
    pose[0, 0] = turn.as_rotvec()
    moved, moved_joints = model.mesh(HandParameters(pose[0], shape[0], translation[0]))
    wrist = model.rest_wrist(shape[0])
    np.testing.assert_allclose(moved, turn.apply(still - wrist) + wrist + translation[0], atol=1e-6)
    np.testing.assert_allclose(moved_joints[0], wrist + translation[0], atol=1e-6)
    np.testing.assert_allclose(joints[0], wrist, atol=1e-6)


@pytest.mark.parametrize("side", SIDES)
def test_rest_pose_is_the_template(side):
    model = MODELS[side]
    mesh = model(torch.zeros(1, 16, 3), torch.zeros(1, 10), torch.zeros(1, 3))
    torch.testing.assert_close(mesh.vertices[0], model.template, atol=1e-7, rtol=0)
    np.testing.assert_allclose(mesh.joints[0, [4, 8, 12, 16, 20]], model.template[list(TIP_VERTICES)], atol=1e-7)


@pytest.mark.parametrize(("finger", "first"), [("thumb", 13), ("index", 1), ("middle", 4), ("ring", 10), ("little", 7)])
def test_each_joint_moves_its_own_finger_and_no_other(finger, first):
    model = MODELS["right"]
    flat = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
    _, rest = model.mesh(flat)
    for level in range(3):
        pose = np.zeros((16, 3))
        pose[first + level] = (0.3, 0.4, 0.5)
        _, joints = model.mesh(HandParameters(pose, flat.shape, flat.translation))
        moved = np.flatnonzero(np.linalg.norm(joints - rest, axis=1) > 1e-5)
        assert moved.tolist() == list(FINGERS[finger][level + 1 :])


def test_gradients_flow_to_pose_shape_and_translation():
    model = HandModel("free", "right", with_correctives("right", np.random.default_rng(4))).double()
    pose, shape, translation = (
        torch.from_numpy(a).requires_grad_() for a in random_parameters(np.random.default_rng(4), 1)
    )
    pose.data[0, 5] = 0.0  # where the exponential changes to its series

    def chosen_points(*inputs):
        mesh = model(*inputs)
        return mesh.joints, mesh.vertices[:, [5, 300, 700]]

    assert torch.autograd.gradcheck(chosen_points, (pose, shape, translation), atol=1e-6, fast_mode=True)


def test_rotations_and_vectors_give_one_mesh_and_batches_do_not_mix():
    rng = np.random.default_rng(5)
    pose, shape, translation = (torch.from_numpy(array.astype(np.float32)) for array in random_parameters(rng, 3))
    model = MODELS["left"]
    matrices = torch.from_numpy(Rotation.from_rotvec(pose.reshape(-1, 3)).as_matrix().astype(np.float32)).view(
        3, 16, 3, 3
    )
    together = model(pose, shape, translation)
    torch.testing.assert_close(model.forward_rotations(matrices, shape, translation).vertices, together.vertices)
    alone = model(pose[1:2], shape[1:2], translation[1:2])
    torch.testing.assert_close(alone.vertices[0], together.vertices[1], atol=1e-6, rtol=0)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("kind", ["free", "twin"])
def test_surface_is_one_disc_open_at_the_wrist(side, kind):
    faces, vertices, loop = (
        (MODELS[side].faces, MODELS[side].template.numpy(), 16)
        if kind == "free"
        else (TWINS[side].faces, TWINS[side].mesh(HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))), 20)
    )
    directed = [edge for a, b, c in faces.tolist() for edge in ((a, b), (b, c), (c, a))]
    assert max(Counter(directed).values()) == 1  # manifold, and wound one way
    edges = {frozenset(edge) for edge in directed}
    assert len(vertices) - len(edges) + len(faces) == 1
    following = {b: a for a, b in set(directed) - {(b, a) for a, b in directed}}
    assert sorted(following) == sorted(following.values())
    vertex = start = next(iter(following))
    for _ in range(loop - 1):
        vertex = following[vertex]
        assert vertex != start
    assert following[vertex] == start
    assert len(following) == loop
    rim = np.array(list(following))
    assert ((vertices[rim, 0] > 0.1) if side == "right" else (vertices[rim, 0] < -0.1)).all()
    # Closed with a fan at the wrist, a surface wound outward holds a positive volume: that of a hand.
    fan = [(start, end, len(vertices)) for start, end in following.items()]
    closed = np.concatenate([faces, fan])
    points = np.concatenate([vertices, vertices[rim].mean(0, keepdims=True)]).astype(np.float64)
    volume = np.einsum("fi,fi->", points[closed[:, 0]], np.cross(points[closed[:, 1]], points[closed[:, 2]])) / 6
    assert 2e-4 < volume < 6e-4


@pytest.mark.parametrize("side", SIDES)
def test_weights_and_regressor_are_averages(side):
    model = MODELS[side]
    for matrix in (model.skinning_weights, model.joint_regressor):
        assert (matrix >= 0).all()
        torch.testing.assert_close(matrix.sum(1), torch.ones(len(matrix)), atol=1e-6, rtol=0)
    assert ((model.skinning_weights > 0).sum(1) <= 4).all()
    assert tuple(int(p) for p in np.concatenate([[-1], arrays_of(side)["kintree_table"][0, 1:]])) == PARENTS


def test_sides_are_mirror_images_in_every_pose_and_shape():
    rng = np.random.default_rng(6)
    right, left = (HandModel("free", side, with_correctives(side, rng)).double() for side in ("right", "left"))
    # Correctives answer to R - I, whose entry (a, b) changes sign with both of its axes.
    flips = np.tile(np.outer(MIRROR, MIRROR).ravel(), 15)[:, None] * np.tile(MIRROR, 778)
    left.layer.pose_dirs = right.pose_dirs * torch.from_numpy(flips)
    pose, shape, translation = random_parameters(rng, 4)
    there = right(*(torch.from_numpy(array) for array in (pose, shape, translation)))
    here = left(*(torch.from_numpy(array) for array in (pose * MIRROR_AXIS, shape, translation * MIRROR)))
    np.testing.assert_allclose(here.vertices, there.vertices * MIRROR, atol=1e-7)
    np.testing.assert_allclose(here.joints, there.joints * MIRROR, atol=1e-7)
    np.testing.assert_array_equal(left.faces, right.faces[:, ::-1])


def test_right_hand_lies_as_documented():
    _, joints = MODELS["right"].mesh(HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3)))
    middle = joints[12] - joints[9]
    assert (middle / np.linalg.norm(middle))[0] < -0.99
    assert joints[4, 2] - joints[0, 2] > 0.05
    assert np.linalg.norm(joints[9] - joints[0]) == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("side", SIDES)
def test_flexion_axes_curl_fingers_to_the_palm(side):
    axes = arrays_of(side)["flexion_axes"]
    np.testing.assert_allclose(np.linalg.norm(axes, axis=1), 1.0, atol=1e-6)
    model = MODELS[side]
    flat = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
    _, rest = model.mesh(flat)
    for finger, first in (("index", 1), ("middle", 4), ("ring", 10), ("little", 7)):
        pose = np.zeros((16, 3))
        pose[first : first + 3] = 1.2 * axes[first : first + 3]
        _, joints = model.mesh(HandParameters(pose, flat.shape, flat.translation))
        base, tip = FINGERS[finger][0], FINGERS[finger][3]
        assert joints[tip, 1] - rest[tip, 1] < -0.015  # palm is -y
        assert np.linalg.norm(joints[tip] - joints[0]) < 0.75 * np.linalg.norm(rest[tip] - rest[0])
        assert abs((joints[tip] - joints[base])[2] - (rest[tip] - rest[base])[2]) < 0.03
    pose = np.zeros((16, 3))
    pose[13:] = 0.6 * axes[13:]
    _, thumb = model.mesh(HandParameters(pose, flat.shape, flat.translation))
    little = FINGERS["little"][0]
    assert np.linalg.norm(thumb[4] - thumb[little]) < 0.8 * np.linalg.norm(rest[4] - rest[little])


@pytest.mark.parametrize("side", SIDES)
def test_pose_prior_is_an_orthonormal_basis_round_a_half_closed_hand(side):
    model = MODELS[side]
    components = model.hands_components.double()
    torch.testing.assert_close(components @ components.T, torch.eye(45, dtype=torch.float64), atol=1e-6, rtol=0)
    flexion = (model.hands_mean.view(15, 3).numpy() * arrays_of(side)["flexion_axes"][1:]).sum(1)
    assert (flexion[:12] > np.radians(15)).all()
    assert (flexion < np.radians(60)).all()


@pytest.mark.parametrize("side", SIDES)
def test_twin_carries_the_hand_model_in_every_pose_and_shape(side):
    rng = np.random.default_rng(7)
    twin, model = TWINS[side], MODELS[side]
    for pose, shape, translation in zip(*random_parameters(rng, 4), strict=True):
        parameters = HandParameters(pose, shape, translation)
        vertices = twin.mesh(parameters)
        assert vertices.shape == (1649, 3)
        np.testing.assert_allclose(vertices[twin.subset], model.mesh(parameters)[0], atol=1e-6)
    assert len(set(twin.subset.tolist())) == 778


@pytest.mark.parametrize("side", SIDES)
def test_twin_has_five_nails_and_a_palm(side):
    twin = TWINS[side]
    model = MODELS[side]
    vertices = twin.mesh(HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3)))
    nails = vertices[twin.nails > 0.5]
    tips = model.template.numpy()[list(TIP_VERTICES)]
    distance = np.linalg.norm(nails[:, None] - tips, axis=-1)
    assert set(distance.argmin(1)) == {0, 1, 2, 3, 4}
    assert distance.min(1).max() < 0.02
    assert vertices[twin.palm > 0.9, 1].mean() < vertices[twin.palm < 0.1, 1].mean()

    tone = (150, 105, 80)
    colours = twin.colours(tone)
    assert colours.shape == (1649, 3)
    assert colours.dtype == np.uint8
    plain = (twin.palm < 0.01) & (twin.redness < 0.01) & (twin.nails < 0.01)
    assert plain.sum() > 50
    np.testing.assert_array_equal(colours[plain], np.broadcast_to(tone, (plain.sum(), 3)))
    assert (colours[twin.palm > 0.9].mean(0) > tone).all()  # lighter
    assert colours[twin.redness > 0.8][:, 1].mean() < colours[(twin.redness < 0.1) & (twin.palm > 0.9)][:, 1].mean()


def test_a_damaged_asset_is_named(tmp_path, monkeypatch):
    (tmp_path / "free_left.npz").write_bytes(b"PK\x03\x04 half a file")
    monkeypatch.setattr("models.hand_model.asset", lambda name: tmp_path)
    with pytest.raises(BothhandsError, match=r"free_left\.npz"):
        load_hand_models()
