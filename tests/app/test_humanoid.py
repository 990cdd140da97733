"""Bones against closed forms: poses whose quaternions in Unity's axes are known by hand."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from app.outputs.humanoid import BONES, FOREARM, humanoid_bones
from models.hand_model import load_hand_models
from models.values import HandParameters, HandReconstruction

MODELS = load_hand_models()
HALF = np.sqrt(0.5)
FACING_CAMERA_DOWN = np.array([np.pi, 0.0, 0.0])
"""Wrist rotation of a hand that the T-pose has there: palm down, fingers to the person's side."""


def posed(side, pose, shape=None) -> HandReconstruction:
    parameters = HandParameters(
        np.asarray(pose, np.float32),
        np.zeros(10, np.float32) if shape is None else shape.astype(np.float32),
        np.array([0.1, -0.05, 0.6], np.float32),
    )
    vertices, joints = MODELS[side].mesh(parameters)
    return HandReconstruction(parameters, vertices, joints, np.zeros((21, 2), np.float32), 1.0)


def bones_of(side, pose, shape=None):
    return {bone.name: bone for bone in humanoid_bones(side, posed(side, pose, shape))}


def turn(quaternion, vector):
    """Unity's Quaternion * Vector3: the same algebra in its left-handed axes."""
    return Rotation.from_quat(quaternion).apply(vector)


@pytest.mark.parametrize(
    ("side", "sign", "outwards"), [("left", 1.0, [-1.0, 0.0, 0.0]), ("right", -1.0, [1.0, 0.0, 0.0])]
)
def test_a_finger_bent_by_a_right_angle_points_down_in_a_t_pose(side, sign, outwards):
    pose = np.zeros((16, 3))
    pose[1] = [0.0, 0.0, -sign * np.pi / 2]  # MANO's index base, from the rest direction (+x of a left hand) to -y
    bones = bones_of(side, pose)
    index = bones[f"{side.capitalize()}IndexProximal"]
    np.testing.assert_allclose(index.quaternion, [0.0, 0.0, sign * HALF, HALF], atol=1e-6)
    np.testing.assert_allclose(turn(index.quaternion, outwards), [0.0, -1.0, 0.0], atol=1e-6)
    for name, bone in bones.items():
        if "Index" not in name and "Hand" not in name:
            np.testing.assert_allclose(bone.quaternion, [0.0, 0.0, 0.0, 1.0], atol=1e-6)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_hand_held_as_in_a_t_pose_is_not_turned(side):
    pose = np.zeros((16, 3))
    pose[0] = FACING_CAMERA_DOWN
    hand = bones_of(side, pose)[f"{side.capitalize()}Hand"]
    np.testing.assert_allclose(hand.quaternion, [0.0, 0.0, 0.0, 1.0], atol=1e-6)
    assert hand.position[0] == pytest.approx(-FOREARM if side == "left" else FOREARM)


def test_a_right_hand_held_up_palm_to_the_camera():
    """In the camera's axes the fingers point up (-y), the palm backwards to the camera (-z) and, as the hand is the
    person's right, the thumb to the person's left, which is the camera's right (+x). In Unity, where the avatar looks
    along +z: fingers +y, palm +z, thumb -x.
    """
    # Columns: where the model's axes go. Fingers are its -x, the palm its -y, the thumb its +z.
    rotation = np.column_stack([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    pose = np.zeros((16, 3))
    pose[0] = Rotation.from_matrix(rotation).as_rotvec()
    quaternion = bones_of("right", pose)["RightHand"].quaternion
    # The avatar's right hand at rest: fingers +x, palm -y, thumb +z (forwards).
    np.testing.assert_allclose(turn(quaternion, [1.0, 0.0, 0.0]), [0.0, 1.0, 0.0], atol=1e-6)
    np.testing.assert_allclose(turn(quaternion, [0.0, -1.0, 0.0]), [0.0, 0.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(turn(quaternion, [0.0, 0.0, 1.0]), [-1.0, 0.0, 0.0], atol=1e-6)


def test_both_hands_are_mirror_images():
    generator = np.random.default_rng(3)
    pose = generator.normal(0.0, 0.6, (16, 3))
    mirrored = pose * [1.0, -1.0, -1.0]
    shape = generator.normal(0.0, 1.0, 10)
    left, right = bones_of("left", mirrored, shape), bones_of("right", pose, shape)
    for name, bone in right.items():
        twin = left[name.replace("Right", "Left")]
        np.testing.assert_allclose(twin.position, bone.position * [-1.0, 1.0, 1.0], atol=1e-5)
        np.testing.assert_allclose(twin.quaternion, bone.quaternion * [1.0, -1.0, -1.0, 1.0], atol=1e-5)


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_avatar_posed_by_the_bones_has_the_hands_joints(side):
    """Forward kinematics as an engine does it gives the tracked joints, seen from the wrist, in Unity's axes."""
    generator = np.random.default_rng(11)
    hand = posed(side, generator.normal(0.0, 0.5, (16, 3)), generator.normal(0.0, 1.0, 10))
    prefix = side.capitalize()
    bones = {bone.name.removeprefix(prefix): bone for bone in humanoid_bones(side, hand)}
    wrist = Rotation.from_quat(bones["Hand"].quaternion)
    for finger, joints in (
        ("Thumb", (1, 2, 3)),
        ("Index", (5, 6, 7)),
        ("Ring", (13, 14, 15)),
        ("Little", (17, 18, 19)),
    ):
        place, turned = np.zeros(3), wrist
        for part, joint in zip(("Proximal", "Intermediate", "Distal"), joints[:3], strict=True):
            bone = bones[finger.capitalize() + part]
            place = place + turned.apply(bone.position)
            turned = turned * Rotation.from_quat(bone.quaternion)
            camera = hand.joints[joint] - hand.joints[0]
            np.testing.assert_allclose(place, camera * [-1.0, -1.0, -1.0], atol=2e-6)


def test_names_are_unitys():
    assert set(BONES) == {"Hand"} | {
        finger + part
        for finger in ("Thumb", "Index", "Middle", "Ring", "Little")
        for part in ("Proximal", "Intermediate", "Distal")
    }
