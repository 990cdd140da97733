"""InterHand2.6M, read from small folders in its published layout."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.errors import BothhandsError
from models.hand_model import HandModel, asset, load_hand_models
from models.rotations import exp_so3
from models.values import HandParameters
from training.data.samples import Knowledge
from training.datasets.interhand import TO_JOINTS, InterHand
from training.datasets.protocol import UnreadableImageError

WIDTH, HEIGHT = 160, 120
# Camera "400" stands a metre along the world's x axis and looks back at the origin; up is the world's z.
POSITION = np.array([1000.0, 0.0, 0.0])
ROTATION = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]])
FOCAL, CENTRE = (200.0, 210.0), (80.0, 60.0)
RIGHT_WRIST, LEFT_WRIST = 20, 41


def world_joints() -> np.ndarray:
    """(42, 3) mm: the right hand at world y = -100, the left at +100, joint k of a hand raised by 2 k."""
    joints = np.zeros((42, 3))
    for joint in range(42):
        joints[joint] = (0.5 * joint, -100.0 if joint < 21 else 100.0, 2.0 * (joint % 21))
    return joints


def write_release(
    root: Path, *, split: str = "test", hand_types=("interacting", "right", "left"), valid=None, fits=True
) -> dict[str, Path]:
    """One image per hand type, one frame each, of one capture; returns the files by what they hold."""
    folder = root / "annotations" / split
    folder.mkdir(parents=True)
    images, annotations, joints, mano = [], [], {}, {}
    for number, hand_type in enumerate(hand_types):
        frame = 100 + number
        name = f"Capture3/0042_dh_touch/cam400/image{frame}.jpg"
        path = root / "images" / split / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), np.full((HEIGHT, WIDTH, 3), 40 * number, np.uint8))
        images.append(
            {
                **{"id": 7 + number, "file_name": name, "width": WIDTH, "height": HEIGHT, "capture": 3},
                **{"subject": 1, "seq_name": "0042_dh_touch", "camera": "400", "frame_idx": frame},
            }
        )
        joint_valid = np.ones(42)
        if hand_type != "interacting":
            joint_valid[slice(21, 42) if hand_type == "right" else slice(0, 21)] = 0
        if valid is not None:
            joint_valid *= valid
        annotations.append(
            {
                **{"id": 900 + number, "image_id": 7 + number, "bbox": [0, 0, 10, 10], "hand_type": hand_type},
                **{"joint_valid": joint_valid.astype(int).tolist(), "hand_type_valid": 1},
            }
        )
        joints[str(frame)] = {
            **{"world_coord": world_joints().tolist(), "joint_valid": [[1]] * 42},
            **{"hand_type": hand_type, "hand_type_valid": 1},
        }
        fit = {"pose": np.linspace(-0.4, 0.5, 48).tolist(), "shape": [0.5] * 10, "trans": [0.02, -0.05, 0.01]}
        mano[str(frame)] = {"right": fit if hand_type != "left" else None, "left": None}
    camera = {
        **{"campos": {"400": POSITION.tolist()}, "camrot": {"400": ROTATION.tolist()}},
        **{"focal": {"400": list(FOCAL)}, "princpt": {"400": list(CENTRE)}},
    }
    contents = {
        "data": {"images": images, "annotations": annotations},
        "camera": {"3": camera},
        "joint_3d": {"3": joints},
        "MANO_NeuralAnnot": {"3": mano},
    }
    files = {}
    for name, content in contents.items():
        if name == "MANO_NeuralAnnot" and not fits:
            continue
        files[name] = folder / f"InterHand2.6M_{split}_{name}.json"
        files[name].write_text(json.dumps(content))
    return files


@pytest.fixture(scope="module")
def mano_models():
    """The free model under MANO's name, with a mean pose that shows when it is forgotten."""
    models = {}
    for side in ("left", "right"):
        with np.load(asset("hand_model") / f"free_{side}.npz") as arrays:
            models[side] = HandModel("mano", side, {**arrays, "hands_mean": np.linspace(0.1, -0.2, 45)})
    return models


def test_world_joints_come_out_in_camera_metres_in_the_projects_order(tmp_path):
    write_release(tmp_path, hand_types=("interacting",))
    sample = InterHand(tmp_path)[0]
    right, left = sample.hands["right"].joints, sample.hands["left"].joints
    assert right is not None
    assert left is not None
    # The right wrist is entry 20: world (10, -100, 40) mm. From a metre along x, looking back, world y points right
    # and world z up: 100 mm to the left, 40 mm up, 990 mm away.
    np.testing.assert_allclose(right[0], [-0.1, -0.04, 0.99], atol=1e-6)
    np.testing.assert_allclose(left[0], [0.1, -0.04, 1.0 - 0.0205], atol=1e-6)
    # Heights tell the order: the index knuckle is the base of the second finger, entry 7, its tip entry 4.
    np.testing.assert_allclose(right[:, 1], -0.002 * TO_JOINTS, atol=1e-6)
    assert TO_JOINTS[5] == 7
    assert TO_JOINTS[8] == 4


def test_order_holds_every_joint_once():
    assert sorted(TO_JOINTS) == list(range(21))


def test_crop_and_camera_belong_together(tmp_path):
    write_release(tmp_path, hand_types=("interacting",))
    sample = InterHand(tmp_path)[0]
    for label in sample.hands.values():
        assert label.joints is not None
        np.testing.assert_allclose(sample.intrinsics.project(label.joints), label.joints_px, atol=1e-2)
        assert (label.joints_px > 0).all()
        assert (label.joints_px < 256).all()


def test_pixels_move_with_the_labels(tmp_path):
    write_release(tmp_path, hand_types=("right",))
    # World (10, -100, 40) mm through the camera by hand: x = 80 - 200 * 0.1 / 0.99, y = 60 - 210 * 0.04 / 0.99.
    wrist = np.array([80.0 - 200.0 * 0.1 / 0.99, 60.0 - 210.0 * 0.04 / 0.99])
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    column, row = np.rint(wrist).astype(int)
    image[row - 1 : row + 2, column - 1 : column + 2] = 255
    cv2.imwrite(str(tmp_path / "images/test/Capture3/0042_dh_touch/cam400/image100.jpg"), image)
    sample = InterHand(tmp_path)[0]
    rows, columns = np.nonzero(sample.image.max(axis=-1) > 128)
    scale = sample.intrinsics.fx / FOCAL[0]
    found = np.array([columns.mean(), rows.mean()])
    assert np.abs(found - sample.hands["right"].joints_px[0]).max() < 0.75 * scale


def test_joints_that_are_not_valid_are_not_known(tmp_path):
    valid = np.ones(42)
    valid[RIGHT_WRIST] = valid[4] = 0
    valid[21:] = 0
    write_release(tmp_path, hand_types=("interacting",), valid=valid)
    sample = InterHand(tmp_path)[0]
    right, left = sample.hands["right"], sample.hands["left"]
    assert right.joints is not None
    np.testing.assert_array_equal(np.isnan(right.joints).all(axis=1).nonzero()[0], [0, 8])
    np.testing.assert_array_equal(np.isnan(right.joints_px).all(axis=1).nonzero()[0], [0, 8])
    # The left hand is one of a pair, and that is all that is known of it.
    assert left.knowledge == Knowledge.POINTS_2D
    assert np.isnan(left.joints_px).all()


def test_fits_come_into_the_cameras_frame(tmp_path, mano_models):
    write_release(tmp_path, hand_types=("interacting",))
    sample = InterHand(tmp_path, hand_models=mano_models)[0]
    label = sample.hands["right"]
    assert label.knowledge == Knowledge.FULL
    pose = np.linspace(-0.4, 0.5, 48).reshape(16, 3)
    pose[1:] += np.linspace(0.1, -0.2, 45).reshape(15, 3)
    world, _ = mano_models["right"].mesh(HandParameters(pose, np.full(10, 0.5), np.array([0.02, -0.05, 0.01])))
    np.testing.assert_allclose(label.vertices, (world - POSITION / 1000.0) @ ROTATION.T, atol=2e-6)
    assert label.parameters is not None
    np.testing.assert_allclose(exp_so3(label.parameters.pose[0]), ROTATION @ exp_so3(pose[0]), atol=1e-6)
    assert sample.hands["left"].knowledge == Knowledge.WEAK_3D


def test_without_official_files_there_are_keypoints_only(tmp_path):
    write_release(tmp_path, fits=False)
    for models in (None, load_hand_models()):
        dataset = InterHand(tmp_path, hand_models=models)
        assert len(dataset) == 3
        assert dataset[0].hands["right"].vertices is None


def test_kinds_and_sides(tmp_path):
    write_release(tmp_path)
    assert [set(InterHand(tmp_path)[index].hands) for index in range(3)] == [{"left", "right"}, {"right"}, {"left"}]
    assert len(InterHand(tmp_path, kind="two")) == 1
    single = InterHand(tmp_path, kind="single")
    assert [set(single[index].hands) for index in range(2)] == [{"right"}, {"left"}]
    assert all(single[index].presence_known for index in range(2))


def test_images_annotated_by_people_are_those_of_the_list(tmp_path):
    files = write_release(tmp_path)
    (files["data"].parent / "aid_human_annot_test.txt").write_text("902\n")
    dataset = InterHand(tmp_path, annotators="H")
    assert len(dataset) == 1
    assert set(dataset[0].hands) == {"left"}
    assert "(H)" in dataset[0].source


def test_releases_that_keep_annotators_apart(tmp_path):
    write_release(tmp_path)
    (tmp_path / "annotations" / "test").rename(tmp_path / "annotations" / "human_annot")
    assert len(InterHand(tmp_path, annotators="H")) == 3
    with pytest.raises(BothhandsError, match=r"annotations/test/InterHand2\.6M_test_camera\.json"):
        InterHand(tmp_path, annotators="H+M")


def test_annotations_of_which_nothing_is_known_are_dropped_and_counted(tmp_path):
    write_release(tmp_path, hand_types=("right", "left"), valid=np.arange(42) >= 21)
    dataset = InterHand(tmp_path)
    assert (len(dataset), dataset.dropped) == (1, 1)


# What is missing or damaged is named.


@pytest.mark.parametrize("name", ["data", "camera", "joint_3d", "MANO_NeuralAnnot"])
def test_a_missing_file_is_named(tmp_path, mano_models, name):
    files = write_release(tmp_path)
    files[name].unlink()
    with pytest.raises(BothhandsError, match=f"no annotation file .*{name}"):
        InterHand(tmp_path, hand_models=mano_models)


@pytest.mark.parametrize("name", ["data", "camera", "joint_3d", "MANO_NeuralAnnot"])
def test_a_half_downloaded_file_is_named(tmp_path, mano_models, name):
    files = write_release(tmp_path)
    content = files[name].read_bytes()
    files[name].write_bytes(content[: len(content) // 2])
    with pytest.raises(BothhandsError, match=f"{name}.json is damaged or half downloaded"):
        InterHand(tmp_path, hand_models=mano_models)


def test_files_of_different_releases_are_not_mixed(tmp_path):
    files = write_release(tmp_path)
    files["joint_3d"].write_text(json.dumps({"3": {}}))
    with pytest.raises(BothhandsError, match="does not belong to the files beside it"):
        InterHand(tmp_path)


def test_a_missing_capture_is_named(tmp_path):
    write_release(tmp_path)
    (tmp_path / "images/test/Capture3").rename(tmp_path / "images/test/Capture4")
    with pytest.raises(BothhandsError, match=r"lacks 1 of 1 captures \(Capture3\)"):
        InterHand(tmp_path)


def test_a_missing_list_of_people_is_named(tmp_path):
    write_release(tmp_path)
    with pytest.raises(BothhandsError, match=r"aid_human_annot_test\.txt"):
        InterHand(tmp_path, annotators="H")


def test_a_split_without_the_kind_asked_for_is_said(tmp_path):
    write_release(tmp_path, hand_types=("right",))
    with pytest.raises(BothhandsError, match="no images of the kind"):
        InterHand(tmp_path, kind="two")


def test_a_damaged_and_a_missing_image_are_named(tmp_path):
    write_release(tmp_path)
    folder = tmp_path / "images/test/Capture3/0042_dh_touch/cam400"
    (folder / "image100.jpg").write_bytes(b"\xff\xd8 half an image")
    (folder / "image101.jpg").unlink()
    dataset = InterHand(tmp_path)
    for index in range(2):
        with pytest.raises(UnreadableImageError, match=f"image10{index}.jpg"):
            dataset[index]
    assert dataset[2].image.shape == (256, 256, 3)
    with pytest.raises(IndexError):
        dataset[3]
