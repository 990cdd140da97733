"""BVH as bvhio reads it."""

from pathlib import Path

import bvhio
import numpy as np
import pytest
from export_fakes import SHAPE, STEP_NS, a_hand, record
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from app.outputs.export import ExportOptions, export_session
from app.outputs.export.bvh_writer import continuous_angles, euler_zxy, even_times
from app.outputs.humanoid import BONES
from models.hand_model import load_hand_models
from models.values import SIDES, HandParameters, Side

Y_UP = np.diag([1.0, -1.0, -1.0])
OF_BONES = [0, 5, 6, 7, 9, 10, 11, 17, 18, 19, 13, 14, 15, 1, 2, 3]
"""The bones' joints among the project's 21."""


def exported(session: Path, **options) -> tuple[Path, tuple[str, ...]]:
    result = export_session(ExportOptions(session=session, format="bvh", **options))
    return result.path, result.notes


def joints(path: Path, side: Side, frames: list[int]) -> np.ndarray:
    """(F, 16, 3) by the reader's own forward kinematics."""
    root = bvhio.readAsHierarchy(str(path))
    found = {joint.Name: joint for joint, _, _ in root.layout()}
    places = []
    for frame in frames:
        root.loadPose(frame)
        places.append([list(found[f"{side.capitalize()}{bone}"].PositionWorld) for bone in BONES])
    return np.array(places)


def recorded(side: Side, seconds: list[float]) -> np.ndarray:
    model = load_hand_models()[side]
    return np.stack([a_hand(model, time).joints[OF_BONES] @ Y_UP for time in seconds])


@pytest.mark.parametrize(("unit", "scale"), [("m", 1.0), ("cm", 100.0)])
def test_joints_are_where_the_session_has_them(tmp_path, unit, scale):
    path, _ = exported(record(tmp_path), unit=unit)
    frames = [0, 1, 20, 39]
    for side in SIDES:
        found = joints(path, side, frames) / scale
        assert np.abs(found - recorded(side, [frame * STEP_NS * 1e-9 for frame in frames])).max() < 1e-5
    motion = bvhio.readAsBvh(str(path))
    assert motion.FrameCount == 40
    assert motion.FrameTime == pytest.approx(STEP_NS * 1e-9, abs=1e-8)


def test_one_root_carries_both_hands(tmp_path):
    path, _ = exported(record(tmp_path, frames=3))
    root = bvhio.readAsHierarchy(str(path))
    assert root.Name == "Hands"
    assert [child.Name for child in root.Children] == ["LeftHand", "RightHand"]
    lines = path.read_text().splitlines()
    assert lines[0] == "HIERARCHY"
    assert sum(line.startswith("ROOT") for line in lines) == 1
    assert sum("End Site" in line for line in lines) == 10


def test_the_rest_pose_is_flat_with_palms_down(tmp_path):
    path, _ = exported(record(tmp_path, frames=1))
    root = bvhio.readAsHierarchy(str(path))
    root.loadRestPose()
    found = {joint.Name: np.array(list(joint.PositionWorld)) for joint, _, _ in root.layout()}
    assert found["LeftMiddleDistal"][0] > 0.1
    assert found["RightMiddleDistal"][0] < -0.1
    for side in ("Left", "Right"):
        assert np.allclose(found[f"{side}Hand"], 0)
        assert found[f"{side}ThumbDistal"][2] > 0.03
        fingers = [found[f"{side}{finger}Distal"] for finger in ("Index", "Middle", "Ring", "Little")]
        assert max(abs(place[1]) for place in fingers) < 0.03


def test_finger_tips_end_the_bones(tmp_path):
    path, _ = exported(record(tmp_path, frames=1))
    lines = [line.strip() for line in path.read_text().splitlines()]
    ends = [lines[place + 2] for place, line in enumerate(lines) if line == "End Site"]
    offsets = np.array([[float(number) for number in line.split()[1:]] for line in ends])
    model = load_hand_models()["left"]
    _, bones = model.mesh(HandParameters(np.zeros((16, 3)), SHAPE, np.zeros(3)))
    tips = bones[[8, 12, 20, 16, 4]] - bones[[7, 11, 19, 15, 3]]  # index, middle, little, ring, thumb
    assert np.abs(offsets[:5] - tips).max() < 1e-6
    assert np.abs(offsets[5:] - tips * (-1, 1, 1)).max() < 1e-4


def test_uneven_frames_are_brought_to_an_even_rate(tmp_path):
    """Capture times jitter by ten milliseconds; the motion must not."""
    jitter = np.random.default_rng(1).integers(-10_000_000, 10_000_000, 40)
    times = [int(STEP_NS * index + (jitter[index] if 0 < index < 39 else 0)) for index in range(40)]
    path, _ = exported(record(tmp_path, times_ns=times))
    motion = bvhio.readAsBvh(str(path))
    duration = times[-1] * 1e-9
    assert (motion.FrameCount - 1) * motion.FrameTime == pytest.approx(duration, abs=1e-6)
    frames = list(range(motion.FrameCount))
    found = joints(path, "right", frames)
    assert np.abs(found - recorded("right", [frame * motion.FrameTime for frame in frames])).max() < 2e-3


def test_a_hand_that_is_gone_is_said_to_move_on(tmp_path):
    path, notes = exported(record(tmp_path, gone={"left": range(10, 20)}))
    assert any("out of sight" in note for note in notes)
    found = joints(path, "left", list(range(9, 21)))[:, 0]
    steps = np.diff(found, axis=0)
    assert np.abs(steps - steps.mean(axis=0)).max() < 1e-5  # straight and even


def test_a_hand_waits_before_it_comes_and_after_it_goes(tmp_path):
    path, _ = exported(record(tmp_path, gone={"left": range(10), "right": range(30, 40)}))
    assert bvhio.readAsBvh(str(path)).FrameCount == 40
    left = joints(path, "left", [0, 5, 10, 11])
    assert np.abs(left[:2] - left[2]).max() < 1e-6
    assert np.abs(left[3] - left[2]).max() > 1e-4
    right = joints(path, "right", [29, 39])
    assert np.abs(right[1] - right[0]).max() < 1e-6


def test_a_single_frame(tmp_path):
    path, _ = exported(record(tmp_path, frames=1))
    assert bvhio.readAsBvh(str(path)).FrameCount == 1
    assert np.abs(joints(path, "left", [0]) - recorded("left", [0.0])).max() < 1e-5


def test_angles_do_not_jump(tmp_path):
    path, _ = exported(record(tmp_path, frames=150))  # the wrist goes round through 180 degrees
    rows = np.loadtxt(path.read_text().split("Frame Time:")[1].splitlines()[1:])
    angles = np.delete(rows[:, 6:], [0, 1, 2, 51, 52, 53], axis=1)
    assert np.abs(np.diff(angles, axis=0)).max() < 40


@given(st.integers(0, 2**32 - 1))
def test_continuous_angles_are_the_same_rotations(seed):
    numbers = np.random.default_rng(seed)
    steps = Rotation.from_rotvec(0.2 * numbers.standard_normal((30, 3)))
    turned = [Rotation.random(random_state=seed)]
    for step in steps:
        turned.append(turned[-1] * step)
    rotations = Rotation.concatenate(turned)
    angles = continuous_angles(rotations.as_euler("ZXY")[:, None])[:, 0]
    assert (Rotation.from_euler("ZXY", angles) * rotations.inv()).magnitude().max() < 1e-9


def test_even_times_of_even_frames_are_theirs():
    seconds = np.arange(1000) / 30
    times, step = even_times(seconds)
    assert np.allclose(times, seconds, atol=1e-12)
    assert step == pytest.approx(1 / 30)


@given(st.tuples(*[st.floats(-np.pi, np.pi)] * 3), st.sampled_from([None, -np.pi / 2, np.pi / 2, 0.0]))
def test_angles_are_scipys_and_at_a_right_angle_still_the_same_rotation(angles, middle):
    angles = np.array(angles if middle is None else (angles[0], middle, angles[2]))
    rotation = Rotation.from_euler("ZXY", angles)
    own = euler_zxy(rotation.as_matrix())
    assert abs(own[1]) <= np.pi / 2 + 1e-12
    np.testing.assert_allclose(Rotation.from_euler("ZXY", own).as_matrix(), rotation.as_matrix(), atol=2e-7)
    if np.abs(np.cos(angles[1])) > 1e-3:
        turned = (own - rotation.as_euler("ZXY")) / (2 * np.pi)  # -pi and pi are one angle
        np.testing.assert_allclose(turned, np.round(turned), atol=1e-9)
