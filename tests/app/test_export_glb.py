"""GLB as others read it: an evaluator of the specification, trimesh, and Khronos' validator where it is installed."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import trimesh
from export_fakes import CAMERA, SHAPE, STEP_NS, a_hand, motion, record, write_hand_files
from gltf_reader import Gltf

from app.outputs.export import ExportOptions, ExportResult, export_session
from models.hand_model import load_hand_models
from models.values import SIDES, HandParameters, Side

ROOT = Path(__file__).resolve().parents[2]
Y_UP = np.diag([1.0, -1.0, -1.0])
EXACT = 1e-5


hand_models = cache(load_hand_models)


def exported(session: Path, **options) -> tuple[Gltf, ExportResult]:
    result = export_session(ExportOptions(session=session, format="glb", **options))
    return Gltf(result.path), result


def wanted(side: Side, seconds: float, mano_dir: Path | None = None) -> np.ndarray:
    """(778, 3) the hand model's vertices, turned to glTF's axes."""
    return a_hand(hand_models(mano_dir)[side], seconds).vertices @ Y_UP


@pytest.fixture(scope="module")
def hand_files(tmp_path_factory) -> Path:
    return write_hand_files(tmp_path_factory.mktemp("files") / "mano")


@pytest.fixture(scope="module")
def of_hand_files(tmp_path_factory, hand_files) -> Path:
    """A session of them, which is only read."""
    return record(tmp_path_factory.mktemp("official"), mano_dir=hand_files)


@pytest.fixture(scope="module")
def corrected(tmp_path_factory, of_hand_files, hand_files) -> tuple[Gltf, ExportResult]:
    """What is exported of it, with correctives."""
    return exported(of_hand_files, mano_dir=hand_files, out=tmp_path_factory.mktemp("corrected") / "hands.glb")


def test_the_skinned_mesh_is_the_hand_models_at_keyframes(tmp_path):
    gltf, _ = exported(record(tmp_path))
    for side in SIDES:
        for frame in (0, 1, 17, 39):
            found = gltf.vertices(f"{side.capitalize()}Mesh", frame * STEP_NS * 1e-9)
            assert np.abs(found - wanted(side, frame * STEP_NS * 1e-9)).max() < EXACT


def test_correctives_and_many_influences_are_exact_too(corrected, hand_files):
    gltf, result = corrected
    attributes = gltf.json["meshes"][0]["primitives"][0]["attributes"]
    assert {"WEIGHTS_0", "WEIGHTS_1", "WEIGHTS_2"} <= attributes.keys()
    for side in SIDES:
        for frame in (0, 8, 25, 39):
            seconds = frame * STEP_NS * 1e-9
            exact = wanted(side, seconds, hand_files)
            assert np.abs(gltf.vertices(f"{side.capitalize()}Mesh", seconds) - exact).max() < EXACT
            # Without them it is another hand.
            assert np.abs(wanted(side, seconds) - exact).max() > 5e-3
    assert any("licence" in note for note in result.notes)
    assert "MANO" in gltf.json["asset"]["copyright"]


def test_weights_of_morph_targets_stay_where_no_program_clamps_them(corrected):
    gltf, _ = corrected
    for side in SIDES:
        weights = gltf.accessor(gltf._sampler(gltf.node(f"{side.capitalize()}Mesh"), "weights")["output"])
        assert 0 <= weights.min() < weights.max() <= 1
    mesh = gltf.json["meshes"][0]
    assert len(mesh["extras"]["targetNames"]) == len(mesh["primitives"][0]["targets"]) == len(mesh["weights"])


def test_between_keyframes_correctives_follow_straight_lines(corrected, hand_files):
    """Also where an entry of R - I changes its sign, and goes from one morph target to another."""
    gltf, _ = corrected
    model = hand_models(hand_files)["left"]
    node = gltf.node("LeftMesh")
    primitive = gltf.json["meshes"][gltf.nodes[node]["mesh"]]["primitives"][0]
    offsets = np.stack([gltf.accessor(target["POSITION"]) for target in primitive["targets"]])

    def entries(frame: int) -> np.ndarray:
        pose, _ = motion("left", frame * STEP_NS * 1e-9)
        rotations = trimesh_rotations(pose[1:])
        return (rotations - np.eye(3)).ravel()

    for frame in range(0, 39, 3):
        middle = (frame + 0.5) * STEP_NS * 1e-9
        straight = (entries(frame) + entries(frame + 1)) / 2 @ model.pose_dirs.numpy().astype(float)
        found = np.einsum("k,kva->va", gltf.sampled(node, "weights", middle), offsets)
        assert np.abs(found - straight.reshape(-1, 3)).max() < EXACT


def trimesh_rotations(vectors: np.ndarray) -> np.ndarray:
    angles = np.linalg.norm(vectors, axis=1)
    return np.stack(
        [
            trimesh.transformations.rotation_matrix(angle, vector)[:3, :3]
            for angle, vector in zip(angles, vectors, strict=True)
        ]
    )


def test_rig_only_has_four_influences_and_says_what_that_costs(tmp_path, of_hand_files, hand_files):
    gltf, result = exported(of_hand_files, mano_dir=hand_files, rig_only=True, out=tmp_path / "rig.glb")
    primitive = gltf.json["meshes"][0]["primitives"][0]
    assert "targets" not in primitive
    assert "WEIGHTS_1" not in primitive["attributes"]
    weights = gltf.accessor(primitive["attributes"]["WEIGHTS_0"])
    assert np.abs(weights.sum(axis=1) - 1).max() < 1e-6
    errors = [
        np.linalg.norm(
            gltf.vertices("LeftMesh", frame * STEP_NS * 1e-9) - wanted("left", frame * STEP_NS * 1e-9, hand_files),
            axis=1,
        ).max()
        for frame in range(40)
    ]
    assert f"left mesh lies up to {max(errors) * 1000:.2f} mm" in " ".join(result.notes)
    # The free model has four influences at most and no correctives, so it loses nothing.
    _, free = exported(record(tmp_path / "free"), rig_only=True)
    assert sum("up to 0.00 mm" in note for note in free.notes) == 2


def test_one_shape_for_the_take_keeps_the_wrist_where_it_was(tmp_path):
    shapes = [SHAPE + 0.3, SHAPE - 0.3]
    session = record(tmp_path, frames=20, shapes=shapes)
    gltf, result = exported(session)
    model = load_hand_models()["right"]
    bone = gltf.node("RightHand")
    for frame in (0, 7, 18):
        seconds = frame * STEP_NS * 1e-9
        recorded = a_hand(model, seconds, shapes[frame % 2].astype(np.float32))
        wrist = gltf.worlds(seconds)[bone][:3, 3]
        assert np.abs(wrist - recorded.joints[0] @ Y_UP).max() < 1e-6
        # Rows 9 and 19 are predicted: the mean is over the others, in which the first shape comes ten times of 18.
        mean = (10 * shapes[0] + 8 * shapes[1]) / 18
        pose, _ = motion("right", seconds)
        parameters = HandParameters(pose.astype(np.float32), mean.astype(np.float32), np.zeros(3, np.float32))
        vertices, joints = model.mesh(parameters)
        placed = (vertices - joints[0] + recorded.joints[0]) @ Y_UP
        assert np.abs(gltf.vertices("RightMesh", seconds) - placed).max() < EXACT
    assert "one shape" in result.notes[0]


def test_bones_have_names_and_an_order_that_programs_know(tmp_path):
    gltf, _ = exported(record(tmp_path, frames=3))
    assert [skin["joints"][0] for skin in gltf.json["skins"]] == [skin["skeleton"] for skin in gltf.json["skins"]]
    names = [gltf.nodes[joint]["name"] for joint in gltf.json["skins"][0]["joints"]]
    assert names[:4] == ["LeftHand", "LeftIndexProximal", "LeftIndexIntermediate", "LeftIndexDistal"]
    assert names[-3:] == ["LeftThumbProximal", "LeftThumbIntermediate", "LeftThumbDistal"]
    hand = gltf.nodes[gltf.node("LeftHand")]
    assert [gltf.nodes[child]["name"] for child in hand["children"]] == [
        f"Left{finger}Proximal" for finger in ("Index", "Middle", "Little", "Ring", "Thumb")
    ]


def test_the_camera_sees_the_hands_where_the_webcam_did(tmp_path):
    gltf, _ = exported(record(tmp_path, frames=3))
    camera = gltf.json["cameras"][0]["perspective"]
    assert "camera" in gltf.nodes[gltf.node("Webcam")]
    assert np.allclose(gltf.worlds(0.0)[gltf.node("Webcam")], np.eye(4))  # looks along -z, y up
    # Section 3.10.3: what glTF's projection makes of a joint, in pixels whose middles are whole numbers.
    half = np.tan(camera["yfov"] / 2)
    hand = a_hand(load_hand_models()["left"], 0.0)
    x, y, z = (hand.joints.astype(float) @ Y_UP).T
    px = (x / -z / (half * camera["aspectRatio"]) + 1) / 2 * CAMERA.width - 0.5
    py = (1 - y / -z / half) / 2 * CAMERA.height - 0.5
    assert np.abs(np.stack([px, py], 1) - hand.joints_px).max() < 1e-3


def test_rotations_never_go_the_long_way_round(tmp_path):
    """The wrist turns past 180 degrees, where a quaternion may come back with the other sign."""
    gltf, _ = exported(record(tmp_path, frames=60))
    for channel in gltf.json["animations"][0]["channels"]:
        if channel["target"]["path"] == "rotation":
            sampler = gltf.json["animations"][0]["samplers"][channel["sampler"]]
            quaternions = gltf.accessor(sampler["output"])
            assert (quaternions[1:] * quaternions[:-1]).sum(axis=1).min() > 0.9
            assert np.abs(np.linalg.norm(quaternions, axis=1) - 1).max() < 1e-6


def test_a_hand_that_is_gone_is_hidden_and_comes_back(tmp_path):
    gltf, _ = exported(record(tmp_path, gone={"left": range(10, 20), "right": range(5)}))

    def size(side: str, frame: float) -> float:
        points = gltf.vertices(f"{side}Mesh", frame * STEP_NS * 1e-9)
        return float(np.ptp(points, axis=0).max())

    assert [size("Left", frame) > 0.05 for frame in (0, 9, 10, 15, 19, 20, 39)] == [1, 1, 0, 0, 0, 1, 1]
    assert [size("Right", frame) > 0.05 for frame in (0, 4, 5, 39)] == [0, 0, 1, 1]


def test_time_begins_with_the_video(tmp_path):
    gone: dict[Side, range] = {"left": range(6), "right": range(6)}
    gltf, _ = exported(record(tmp_path / "a", gone=gone))
    assert gltf.times("LeftHand", "rotation")[0] == pytest.approx(6 * STEP_NS * 1e-9, abs=1e-6)
    gltf, _ = exported(record(tmp_path / "b", gone=gone, video=False))
    assert gltf.times("LeftHand", "rotation")[0] == 0


def test_uneven_capture_times_are_kept(tmp_path):
    times = [0, 30_000_000, 70_000_000, 100_000_000, 170_000_000]
    gltf, _ = exported(record(tmp_path, times_ns=times))
    assert np.allclose(gltf.times("RightHand", "rotation"), np.array(times) * 1e-9, atol=1e-6)


def test_one_hand_in_one_frame(tmp_path):
    gltf, _ = exported(record(tmp_path, frames=1, gone={"left": range(1)}))
    assert [mesh["name"] for mesh in gltf.json["meshes"]] == ["RightMesh"]
    assert np.abs(gltf.vertices("RightMesh", 0.0) - wanted("right", 0.0)).max() < EXACT


def test_trimesh_reads_both_meshes(tmp_path):
    _, result = exported(record(tmp_path, frames=3))
    scene = trimesh.load_scene(result.path)
    models = load_hand_models()
    for side in SIDES:
        mesh = scene.geometry[f"{side.capitalize()}Mesh"]
        assert np.array_equal(mesh.faces, models[side].faces)
        assert np.abs(mesh.extents - np.ptp(np.asarray(models[side].template), axis=0)).max() < 0.05
        assert (mesh.face_normals * mesh.vertex_normals[mesh.faces[:, 0]]).sum(axis=1).mean() > 0.8


@pytest.mark.parametrize("kind", ["free", "many", "rig"])
def test_khronos_validator_finds_nothing(tmp_path, hand_files, kind):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    files = None if kind == "free" else hand_files
    gone: dict[Side, range] = {"left": range(3, 12)}
    result = export_session(
        ExportOptions(
            session=record(tmp_path, frames=15, gone=gone, mano_dir=files),
            format="glb",
            rig_only=kind == "rig",
            mano_dir=files,
        )
    )
    checker = ROOT / "tools" / "gltf_validate.mjs"
    run = subprocess.run([node, checker, result.path], capture_output=True, text=True, env=dict(os.environ))
    if run.returncode == 3:
        pytest.skip("gltf-validator is not installed; tools/gltf_validate.mjs says how")
    issues = json.loads(run.stdout)["issues"]
    assert issues["messages"] == []
    assert issues["numErrors"] == issues["numWarnings"] == issues["numInfos"] == 0
