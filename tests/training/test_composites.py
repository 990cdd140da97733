"""Composites: labels follow the cut-outs wherever these are drawn."""

import json
import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import HandParameters, Intrinsics
from training.data import composites
from training.data.composites import Composites
from training.data.cutout_drawing import draw_cut_outs
from training.data.cutouts import load_cut_outs, look_at
from training.data.samples import SEGMENT_BIT, Knowledge
from training.datasets.image_folder import ImageFolder

REAL = Path(__file__).resolve().parents[2] / "data" / "real" / "hand_shapes_cutout"
MODELS = load_hand_models()
CAMERA = Intrinsics.from_fov(300, 340, 25.0)
SKIN = (214, 160, 130)


def hand_parameters(number: int) -> HandParameters:
    rng = np.random.default_rng(number)
    pose = rng.normal(0.0, 0.12, (16, 3)).astype(np.float32)
    pose[0] = cv2.Rodrigues(cv2.Rodrigues(rng.normal(0, 0.3, 3))[0] @ cv2.Rodrigues(np.array([0, 0, np.pi / 2]))[0])[
        0
    ].ravel()
    free = HandParameters(pose, rng.normal(0, 0.3, 10).astype(np.float32), np.array([0.0, 0.0, 0.6], np.float32))
    _, joints = MODELS["right"].mesh(free)
    shift = np.array([*joints.mean(axis=0)[:2], joints[:, 2].mean() - 0.6], np.float32)
    return HandParameters(free.pose, free.shape, free.translation - shift)


def write_cut_outs(folder: Path, count: int = 6, alpha: bool = True) -> None:
    """Right hands, filled outlines of the model with a forearm below, labelled exactly."""
    folder.mkdir()
    pictures = {}
    for number in range(count):
        parameters = hand_parameters(number)
        vertices, joints = MODELS["right"].mesh(parameters)
        seen = np.rint(CAMERA.project(vertices)).astype(np.int32)
        mask = np.zeros((340, 300), np.uint8)
        for face in MODELS["right"].faces:
            cv2.fillConvexPoly(mask, seen[face], 255)
        wrist = np.rint(CAMERA.project(joints[:1])[0]).astype(int)
        middle = np.rint(CAMERA.project(joints[9:10])[0]).astype(int)
        end = wrist + (wrist - middle)
        cv2.line(mask, wrist.tolist(), end.tolist(), 255, 50)
        picture = np.dstack([np.full((340, 300, 3), SKIN[::-1], np.uint8), mask])
        cv2.imwrite(str(folder / f"{number}.png"), picture if alpha else picture[..., :3])
        entry = {key: getattr(parameters, key).ravel().tolist() for key in ("pose", "shape", "translation")}
        pictures[f"{number}.png"] = {
            "split": "train",
            "camera": {key: getattr(CAMERA, key) for key in ("fx", "fy", "cx", "cy")},
            "hands": {"right": {"joints_px": CAMERA.project(joints).tolist(), "parameters": entry}},
        }
    content = {"source": "us", "licence": "CC0", "pictures": pictures}
    (folder / "labels.json").write_text(json.dumps(content))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("real") / "cut_outs"
    write_cut_outs(path)
    return path


@pytest.fixture(scope="module")
def samples(folder):
    endless = Composites(folder, 5)
    return [endless.sample(index) for index in range(24)]


def test_a_sample_depends_on_seed_and_index_alone(folder, samples):
    again = pickle.loads(pickle.dumps(Composites(folder, 5)))
    for index in (7, 2):
        sample = again[index]
        np.testing.assert_array_equal(sample.image, samples[index].image)
        for side, hand in sample.hands.items():
            np.testing.assert_array_equal(hand.joints_px, samples[index].hands[side].joints_px)
    assert not np.array_equal(Composites(folder, 6).sample(7).image, samples[7].image)


def test_one_hand_and_pairs_of_both_sides(samples):
    sides = [tuple(sorted(sample.hands)) for sample in samples]
    assert {("left",), ("right",), ("left", "right")} == set(sides)
    assert all(sample.presence_known for sample in samples)
    assert all(sample.source == "composites of us, CC0" for sample in samples)


def test_space_and_image_agree(samples):
    """The cut-outs' labels are exact, so that only the change of viewing distance is left as an error."""
    for sample in samples:
        for hand in sample.hands.values():
            assert hand.knowledge is Knowledge.WEAK_3D
            error = np.linalg.norm(sample.intrinsics.project(hand.joints) - hand.joints_px, axis=1).mean()
            assert error < 0.03 * np.ptp(hand.joints_px, axis=0).max()


def test_parameters_give_the_mesh_of_the_label(samples):
    for sample in samples:
        for side, hand in sample.hands.items():
            assert hand.parameters is not None
            vertices, joints = MODELS[side].mesh(hand.parameters)
            np.testing.assert_allclose(joints, hand.joints, atol=2e-5)
            np.testing.assert_allclose(vertices, hand.vertices, atol=2e-5)


def test_silhouettes_cover_the_joints_but_not_the_forearm(samples):
    for sample in samples:
        for side, hand in sample.hands.items():
            covered = sample.segmentation & SEGMENT_BIT[side] > 0
            points = np.rint(hand.joints_px[[joint for joint in range(21) if joint % 4 or joint == 0]]).astype(int)
            inside = (points >= 0).all(axis=1) & (points < 256).all(axis=1)
            x, y = points[inside].T
            assert covered[y, x].mean() > 0.9  # finger tips lie on the edge
            palm = hand.joints_px[0] - hand.joints_px[9]
            forearm = np.rint(hand.joints_px[0] + 0.6 * palm).astype(int)
            if ((forearm >= 0) & (forearm < 256)).all():
                assert not covered[forearm[1], forearm[0]]


def test_what_is_drawn_covers_the_silhouette(folder):
    """In the studio's own layer, before the webcam spoils it."""
    studio = composites._Studio(ImageFolder(folder), 5, 256, None)
    rng = np.random.default_rng(3)
    hands, _ = composites._in_view([composites._alone(studio._cut_outs, rng)], 256, rng)
    layer, segmentation = draw_cut_outs(hands, 256, studio._folds, rng)
    assert layer.shape == (256, 256, 4)
    assert (layer[..., 3][segmentation > 0] > 100).all()
    assert (layer[..., :3].max(axis=2) <= layer[..., 3].astype(int) + 1).mean() > 0.999  # premultiplied


def test_pairs_touch_and_overlap_in_good_part(folder):
    studio = composites._Studio(ImageFolder(folder), 5, 256, None)
    rng = np.random.default_rng(0)
    overlaps = []
    for _ in range(60):
        hands, view = composites._in_view(composites._pair(studio._cut_outs, rng), 256, rng)
        _, segmentation = draw_cut_outs(hands, 256, studio._folds, rng)
        left, right = (segmentation & SEGMENT_BIT[side] > 0 for side in ("left", "right"))
        overlaps.append((left & right).sum() / min(left.sum(), right.sum()))
        depths = [composites._label(hand, view.intrinsics).joints[:, 2].mean() for hand in hands]
        assert abs(np.log(depths[0] / depths[1])) < 0.35  # hands of one size, side by side
    assert np.mean(np.array(overlaps) > 0.02) > 0.3
    assert np.mean(np.array(overlaps) == 0.0) > 0.1


def test_fits_of_another_size_than_most_are_not_trusted(tmp_path):
    write_cut_outs(tmp_path / "cut_outs", 5)
    path = tmp_path / "cut_outs" / "labels.json"
    content = json.loads(path.read_text())
    hand = content["pictures"]["3.png"]["hands"]["right"]
    points = np.array(hand["joints_px"])
    hand["joints_px"] = (points.mean(axis=0) + 0.6 * (points - points.mean(axis=0))).tolist()
    path.write_text(json.dumps(content))
    cut_outs = load_cut_outs(ImageFolder(tmp_path / "cut_outs"))
    assert [cut_out.fit is None for cut_out in cut_outs] == [False, False, False, True, False]
    assert cut_outs[3].px_per_metre == pytest.approx(np.median([c.px_per_metre for c in cut_outs]), rel=0.35)


def test_folders_without_cut_outs_are_named(tmp_path):
    write_cut_outs(tmp_path / "plain", 2, alpha=False)
    with pytest.raises(BothhandsError, match="holds no cut-out hand"):
        Composites(tmp_path / "plain", 0).sample(0)
    with pytest.raises(BothhandsError, match="held-out"):
        Composites(tmp_path / "plain", 0, "held-out")


def test_looking_along_a_ray():
    for ray in ([0.0, 0.0], [0.3, -0.8]):
        turn = look_at(np.array(ray))
        np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
        np.testing.assert_allclose(turn[:, 2], np.array([*ray, 1.0]) / np.linalg.norm([*ray, 1.0]), atol=1e-12)


@pytest.mark.skipif(not REAL.is_dir(), reason="the labelled cut-outs are not here")
def test_real_composites_project_to_their_labels():
    endless = Composites(REAL, 0, "held-out")
    errors = []
    for index in range(8):
        sample = endless.sample(index)
        for hand in sample.hands.values():
            if hand.joints is not None:
                error = np.linalg.norm(sample.intrinsics.project(hand.joints) - hand.joints_px, axis=1).mean()
                errors.append(error / np.ptp(hand.joints_px, axis=0).max())
    assert np.mean(errors) < 0.05
