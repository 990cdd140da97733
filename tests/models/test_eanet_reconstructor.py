"""From what EANet says to hands in the camera frame."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from models.eanet import CONFIGURATIONS, EANet
from models.eanet.cards import untrained_network
from models.eanet.reconstructor import INPUT_SIZE, EANetReconstructor, joints_in_space
from models.eanet.runtime import RuntimeNetwork
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.registry import Reconstructor
from models.runtime.torch_module import create_runner
from models.values import SIDES, WRIST, Crop, Intrinsics, Side
from tests.models.small_networks import convert_here

SMALL = replace(CONFIGURATIONS["light"], channels=16, backbone_width=2, backbone_depths=(1, 1, 1, 1))
HAND_MODELS = load_hand_models()
CAMERA = Intrinsics.from_fov(1280, 720)
IDENTITY_6D = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])


def make_crop(sides: frozenset[Side] = frozenset(SIDES), centre: tuple[float, float] = (640.0, 360.0)) -> Crop:
    """A square of 512 frame px around a point."""
    offset = 127.5 - 0.5 * np.array(centre)
    affine = np.array([[0.5, 0.0, offset[0]], [0.0, 0.5, offset[1]]], np.float32)
    return Crop(np.zeros((INPUT_SIZE, INPUT_SIZE, 3), np.uint8), affine, sides, (), CAMERA)


class Says:
    """A runner that says what it is told."""

    name = "fake"

    def __init__(self, relative_depth: float = 0.0, confidence: tuple[float, float] = (0.9, 0.8)) -> None:
        self.rotations = np.tile(IDENTITY_6D, (1, 2, 16, 1)).astype(np.float32)
        self.shape = np.zeros((1, 2, 10), np.float32)
        # Left on the right of the crop and right on its left, both two thirds of a metre to an image's side.
        self.camera = np.array([[[12.0, 5.0, 4.0], [12.0, 3.0, 4.0]]], np.float32)
        self.relative = np.array([[0.1, 0.0, relative_depth]], np.float32)
        # Heat-maps that say nothing of places: all joints at one.
        self.cells = np.full((1, 2, 21, 3), 3.5, np.float32)
        self.confidence = np.repeat(np.array([confidence], np.float32)[..., None], 21, axis=2)

    def __call__(self, batch: np.ndarray) -> list[np.ndarray]:
        return [self.rotations, self.shape, self.camera, self.relative, self.cells, self.confidence]


@pytest.fixture(scope="module")
def small_network() -> EANet:
    """One, so that it is converted once."""
    return untrained_network(SMALL)


def reconstructor(says: Says, **choices: bool) -> EANetReconstructor:
    made = EANetReconstructor(EANet(SMALL).eval(), HAND_MODELS, "cpu", **choices)
    made._runner = says
    return made


def mesh_joints(hand: int) -> np.ndarray:
    """Joints (21, 3) of the said mesh, the mean pose put in the model."""
    model = HAND_MODELS[SIDES[hand]]
    pose = torch.cat([torch.zeros(1, 3), model.hands_mean.reshape(15, 3)])
    return model(pose[None], torch.zeros(1, 10), torch.zeros(1, 3)).joints[0].numpy()


def seen_in_crop(says: Says, hand: int) -> np.ndarray:
    """These joints (21, 2) in crop px as the weak-perspective camera has them."""
    joints = mesh_joints(hand)
    scale, *place = says.camera[0, hand]
    return (joints[:, :2] * scale + place) / 8.0 * 256.0


def seen_in_cells(says: Says, hand: int) -> np.ndarray:
    """What heat-maps of eight cells a side and in depth give that see the same mesh, 15 cm before and behind it."""
    depth = mesh_joints(hand)[:, 2]
    places = (seen_in_crop(says, hand) + 0.5) / 32.0 - 0.5
    return np.column_stack([places, (depth - depth[WRIST]) / 0.15 * 4.0 + 3.5])


def test_one_hand_lies_where_its_camera_sees_it():
    says = Says()
    hand = reconstructor(says).reconstruct([make_crop(frozenset({"right"}))])[0].hands["right"]
    expected = (seen_in_crop(says, 1) - make_crop().frame_to_crop[:, 2]) / 0.5
    # A pinhole and a weak-perspective camera differ by the hand's depth over its distance, a few per cent of its size.
    size = np.ptp(expected, axis=0).max()
    assert np.linalg.norm(hand.joints_px - expected, axis=1).mean() < 0.02 * size
    assert np.allclose(CAMERA.project(hand.joints), hand.joints_px, atol=1e-2)
    # 12 cells a metre are 384 crop px or 768 frame px a metre.
    assert hand.joints[:, 2].mean() == pytest.approx(CAMERA.fx / 768.0, rel=0.03)


def test_hands_are_fitted_to_where_the_heat_maps_see_the_joints():
    """They see the mesh that is said a fifth larger and elsewhere than the regressed camera does."""
    said, asked = Says(), Says()
    said.camera = said.camera * np.array([1.2, 1.0, 1.0], np.float32) + np.array([0.0, 0.5, -1.0], np.float32)
    for hand in range(2):
        asked.cells[0, hand] = seen_in_cells(said, hand)
    expected = reconstructor(said).reconstruct([make_crop()])[0].hands
    found = reconstructor(asked, fits_joints=True).reconstruct([make_crop()])[0].hands
    for side in SIDES:
        size = np.ptp(expected[side].joints_px, axis=0).max()
        assert np.linalg.norm(found[side].joints_px - expected[side].joints_px, axis=1).mean() < 0.02 * size
        assert np.linalg.norm(found[side].joints - expected[side].joints, axis=1).mean() < 0.01
        vertices, joints = HAND_MODELS[side].mesh(found[side].parameters)
        np.testing.assert_allclose(vertices, found[side].vertices, atol=2e-6)
        np.testing.assert_allclose(joints, found[side].joints, atol=2e-6)
        # The same hand, not one bent to fit.
        np.testing.assert_allclose(found[side].parameters.pose, expected[side].parameters.pose, atol=0.3)


def test_joints_in_space_are_means_of_what_mesh_and_heat_maps_say():
    """Places in cells say nothing of size: seen twice as large they are the same; depths are metres as they are."""
    says = Says()
    of_mesh, cells = mesh_joints(0), seen_in_cells(says, 0)
    expected = of_mesh - of_mesh.mean(axis=0)
    for size in (1.0, 2.0):
        np.testing.assert_allclose(joints_in_space(cells * [size, size, 1.0], of_mesh, 8), expected, atol=1e-6)
    flat = joints_in_space(cells * [1.0, 1.0, 0.0], of_mesh, 8)
    np.testing.assert_allclose(flat, expected * [1.0, 1.0, 0.5], atol=1e-6)
    # Upside down: one of the two is wrong altogether.
    np.testing.assert_allclose(joints_in_space(cells * [-1.0, -1.0, 1.0], of_mesh, 8), expected, atol=1e-6)


def test_a_pair_that_is_fitted_is_as_far_apart_in_depth_as_the_relative_translation_says():
    says = Says(0.05)
    for hand in range(2):
        says.cells[0, hand] = seen_in_cells(says, hand)
    hands = reconstructor(says, fits_joints=True).reconstruct([make_crop()])[0].hands
    apart = hands["left"].joints[WRIST] - hands["right"].joints[WRIST]
    assert apart[2] == pytest.approx(0.05, abs=1e-4)


def test_heat_maps_that_make_no_hand_leave_the_regressed_camera():
    says = Says()
    expected = reconstructor(says).reconstruct([make_crop()])[0].hands
    found = reconstructor(says, fits_joints=True).reconstruct([make_crop()])[0].hands
    for side in SIDES:
        np.testing.assert_array_equal(found[side].joints, expected[side].joints)


@pytest.mark.parametrize(
    ("confidence", "expected", "shown"),
    [
        ((0.9, 0.8), (), {"left", "right"}),
        ((0.55, 0.1), (), {"left"}),
        ((0.55, 0.9), (), {"right"}),
        ((0.62, 0.9), (), {"left", "right"}),
        ((0.4, 0.9), ("left",), {"left", "right"}),
        ((0.4, 0.45), (), set()),
    ],
)
def test_a_network_that_judges_presence_is_asked_instead_of_the_detector(confidence, expected, shown):
    crop = replace(make_crop(frozenset({"right"})), expected=frozenset(expected))
    found = reconstructor(Says(confidence=confidence), judges_presence=True).reconstruct([crop])[0]
    assert set(found.hands) == shown
    # One that does not is asked whether it sees what the detector does.
    unasked = reconstructor(Says(confidence=confidence)).reconstruct([crop])[0]
    assert set(unasked.hands) == ({"right"} if confidence[1] >= 0.5 else set())


@pytest.mark.parametrize("depth", [-0.08, 0.0, 0.05])
def test_a_pair_is_as_far_apart_in_depth_as_the_relative_translation_says(depth):
    hands = reconstructor(Says(depth)).reconstruct([make_crop()])[0].hands
    apart = hands["left"].joints[WRIST] - hands["right"].joints[WRIST]
    assert apart[2] == pytest.approx(depth, abs=1e-4)


def test_relative_depth_does_not_move_the_hands_in_the_image():
    near, far = (reconstructor(Says(depth)).reconstruct([make_crop()])[0].hands for depth in (-0.1, 0.1))
    for side in SIDES:
        before, after = (CAMERA.project(hands[side].joints.mean(axis=0)) for hands in (near, far))
        assert np.linalg.norm(before - after) < 1.0


@pytest.mark.parametrize("centre", [(640.0, 360.0), (200.0, 600.0)])
def test_parameters_make_the_mesh(centre):
    says = Says(0.03)
    generator = np.random.default_rng(0)
    says.rotations += generator.normal(0.0, 0.5, says.rotations.shape).astype(np.float32)
    says.shape += generator.normal(0.0, 1.0, says.shape.shape).astype(np.float32)
    hands = reconstructor(says).reconstruct([make_crop(centre=centre)])[0].hands
    for side, hand in hands.items():
        vertices, joints = HAND_MODELS[side].mesh(hand.parameters)
        np.testing.assert_allclose(vertices, hand.vertices, atol=2e-6)
        np.testing.assert_allclose(joints, hand.joints, atol=2e-6)


def test_no_rotation_is_the_mean_pose():
    hands = reconstructor(Says()).reconstruct([make_crop()])[0].hands
    for side, hand in hands.items():
        np.testing.assert_allclose(hand.parameters.pose[1:], HAND_MODELS[side].hands_mean.reshape(15, 3), atol=1e-6)


@pytest.mark.parametrize("side", SIDES)
def test_a_crop_of_one_hand_gives_one_hand(side):
    assert reconstructor(Says()).reconstruct([make_crop(frozenset({side}))])[0].hands.keys() == {side}


def test_a_hand_that_the_heat_maps_do_not_confirm_is_not_there():
    hands = reconstructor(Says(confidence=(0.2, 0.8))).reconstruct([make_crop()])[0].hands
    assert hands.keys() == {"right"}
    assert hands["right"].score == pytest.approx(0.8)


def test_a_camera_that_means_nothing_gives_finite_hands():
    says = Says()
    says.camera[0, :, 0] = (-3.0, 0.0)
    for hand in reconstructor(says).reconstruct([make_crop()])[0].hands.values():
        assert np.isfinite(hand.vertices).all()
        assert hand.joints[:, 2].min() > 0.0


def test_numbers_that_are_none_are_reported():
    says = Says()
    says.shape[0, 0, 0] = np.nan
    with pytest.raises(BothhandsError, match="not finite"):
        reconstructor(says).reconstruct([make_crop()])


def test_crops_of_another_size_are_named():
    crop = replace(make_crop(), image=np.zeros((128, 128, 3), np.uint8))
    with pytest.raises(BothhandsError, match="reads crops of 256 x 256 bytes RGB, not uint8 128x128x3"):
        reconstructor(Says()).reconstruct([crop])


def test_a_crop_without_place_is_reported():
    crop = replace(make_crop(), frame_to_crop=np.full((2, 3), np.nan, np.float32))
    with pytest.raises(BothhandsError, match="place in the frame"):
        reconstructor(Says()).reconstruct([crop])


def test_openvino_says_what_torch_says(small_network, monkeypatch):
    convert_here(monkeypatch)
    network = RuntimeNetwork(small_network).eval()
    image = np.random.default_rng(0).integers(0, 256, (1, INPUT_SIZE, INPUT_SIZE, 3), dtype=np.uint8)
    with torch.inference_mode():
        expected = [value.numpy() for value in network(torch.from_numpy(image))]
    runner = create_runner(network, image, "cpu")
    assert runner.name == "openvino"
    for found, wanted in zip(runner(image), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-4)


def test_it_warms_up_runs_and_closes(small_network):
    made: Reconstructor = EANetReconstructor(small_network, HAND_MODELS, "cpu", present=0.0)
    made.warm_up()
    assert made.reconstruct([make_crop(), make_crop()])[1].hands.keys() == set(SIDES)
    made.close()
