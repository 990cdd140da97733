"""HIC, folders of images, and going on past damaged ones."""

import json

import cv2
import numpy as np
import pytest
import trimesh

from models.errors import BothhandsError
from models.hand_model import HandModel, asset, load_hand_models
from models.values import HandParameters
from training.data.samples import Knowledge
from training.datasets.hic import Hic
from training.datasets.image_folder import ImageFolder
from training.datasets.protocol import UnreadableImageError
from training.datasets.skipping import SkippedImages, SubstitutingDataset, readable_samples


@pytest.fixture(scope="module")
def mano_models():
    models = {}
    for side in ("left", "right"):
        with np.load(asset("hand_model") / f"free_{side}.npz") as arrays:
            models[side] = HandModel("mano", side, dict(arrays))
    return models


def hic_mesh(models, side: str) -> np.ndarray:
    x = 0.08 if side == "left" else -0.12
    pose = np.zeros((16, 3))
    pose[0] = (0.0, 0.0, np.pi / 2)
    return models[side].mesh(HandParameters(pose, np.zeros(10), np.array([x, 0.1, 0.7])))[0]


def write_hic(root, models, annotations=None) -> None:
    (root / "01/rgb").mkdir(parents=True)
    (root / "fits").mkdir()
    for number in (1, 2):
        cv2.imwrite(str(root / f"01/rgb/{number}.png"), np.full((480, 640, 3), 90, np.uint8))
    for side in ("left", "right"):
        mesh = trimesh.Trimesh(hic_mesh(models, side), models[side].faces, process=False)
        (root / f"fits/{side}.ply").write_bytes(mesh.export(file_type="ply"))
    both = {"left_mano_path": "fits/left.ply", "right_mano_path": "fits/right.ply"}
    content = {
        "images": [
            {"id": number, "file_name": f"01/rgb/{number}.png", "width": 640, "height": 480} for number in (1, 2)
        ],
        "annotations": annotations
        or [
            {"id": 10, "image_id": 1, "hand_type": "interacting", **both},
            {"id": 11, "image_id": 2, "hand_type": "right", **both, "left_mano_path": None},
        ],
    }
    (root / "HIC.json").write_text(json.dumps(content))


def test_hic_gives_its_fits_in_the_cameras_frame(tmp_path, mano_models):
    write_hic(tmp_path, mano_models)
    dataset = Hic(tmp_path, mano_models)
    assert [set(dataset[index].hands) for index in range(2)] == [{"left", "right"}, {"right"}]
    sample = dataset[0]
    for side, label in sample.hands.items():
        np.testing.assert_allclose(label.vertices, hic_mesh(mano_models, side), atol=1e-6)
        assert label.joints is not None
        np.testing.assert_allclose(sample.intrinsics.project(label.joints), label.joints_px, atol=1e-2)
        assert ((label.joints_px > 0) & (label.joints_px < 256)).all()
        assert label.knowledge == Knowledge.WEAK_3D
    right = sample.hands["right"].joints
    assert right is not None
    np.testing.assert_allclose(
        right[0], mano_models["right"].rest_wrist(np.zeros(10)) + np.array([-0.12, 0.1, 0.7]), atol=1e-6
    )


def test_hic_needs_official_files(tmp_path, mano_models):
    write_hic(tmp_path, mano_models)
    with pytest.raises(BothhandsError, match="--mano"):
        Hic(tmp_path, load_hand_models())


def test_hic_keeps_a_pair_of_which_one_hand_is_fitted(tmp_path, mano_models):
    fit = {"left_mano_path": None, "right_mano_path": "fits/right.ply"}
    none = {"left_mano_path": None, "right_mano_path": None}
    annotations = [
        {"id": 1, "image_id": 1, "hand_type": "interacting", **fit},
        {"id": 2, "image_id": 2, "hand_type": "left", **none},
    ]
    write_hic(tmp_path, mano_models, annotations)
    dataset = Hic(tmp_path, mano_models)
    assert len(dataset) == 1
    assert np.isnan(dataset[0].hands["left"].joints_px).all()


def test_hic_names_what_is_missing_or_damaged(tmp_path, mano_models):
    with pytest.raises(BothhandsError, match=r"no annotation file .*HIC\.json"):
        Hic(tmp_path, mano_models)
    write_hic(tmp_path, mano_models)
    content = (tmp_path / "fits/left.ply").read_bytes()
    (tmp_path / "fits/left.ply").write_bytes(content[: len(content) // 3])
    (tmp_path / "01/rgb/2.png").unlink()
    dataset = Hic(tmp_path, mano_models)
    with pytest.raises(UnreadableImageError, match=r"left\.ply"):
        dataset[0]
    with pytest.raises(UnreadableImageError, match=r"2\.png"):
        dataset[1]
    (tmp_path / "HIC.json").write_text('{"images": []')
    with pytest.raises(BothhandsError, match=r"HIC\.json is damaged or half downloaded"):
        Hic(tmp_path, mano_models)
    (tmp_path / "HIC.json").write_text('{"images": []}')
    with pytest.raises(BothhandsError, match="not the file that InterWild publishes"):
        Hic(tmp_path, mano_models)


@pytest.mark.parametrize("content", [b"", b"ply\n", b"no mesh at all", b"ply\nformat ascii 1.0\nelement vertex 3\n"])
def test_hic_survives_any_mesh_file(tmp_path, mano_models, content):
    write_hic(tmp_path, mano_models)
    (tmp_path / "fits/right.ply").write_bytes(content)
    with pytest.raises(UnreadableImageError, match=r"right\.ply"):
        Hic(tmp_path, mano_models)[0]


def write_images(folder, names) -> None:
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        cv2.imwrite(str(folder / name), np.full((60, 100, 3), 10 * number + 10, np.uint8))


def test_a_folder_without_labels_gives_whole_images_in_name_order(tmp_path):
    write_images(tmp_path, ["b.png", "a.png", "._a.png"])
    dataset = ImageFolder(tmp_path)
    assert len(dataset) == 2
    sample = dataset[0]
    assert sample.image[128, 128, 0] == 20
    assert sample.image[0, 128].max() == 0  # padded above and below
    assert not sample.hands
    assert not sample.presence_known
    # 60 degrees across 100 px that became 256.
    assert sample.intrinsics.fx == pytest.approx(2.56 * 50.0 / np.tan(np.radians(30.0)))


def test_views_of_a_shape_are_grouped_by_name(tmp_path):
    write_images(tmp_path, ["01-fist-1.png", "01-fist-2.png", "flat.png"])
    assert ImageFolder(tmp_path, by_views=True).groups == ["01-fist", "01-fist", None]
    assert ImageFolder(tmp_path).groups == [None, None, None]


def write_labels(folder, hands, **entry) -> None:
    content = {"source": "us", "licence": "CC0", "pictures": {"a.png": {"hands": hands, **entry}}}
    (folder / "labels.json").write_text(json.dumps(content))


def test_labels_of_a_folder(tmp_path):
    write_images(tmp_path, ["a.png", "b.png"])
    points: list[list[float] | None] = [[40.0 + joint, 20.0 + joint] for joint in range(21)]
    points[3] = None
    write_labels(tmp_path, {"left": {"joints_px": points}}, presence_known=True, group="flat")
    dataset = ImageFolder(tmp_path)
    assert len(dataset) == 1
    sample = dataset[0]
    label = sample.hands["left"]
    assert label.knowledge == Knowledge.POINTS_2D
    assert np.isnan(label.joints_px[3]).all()
    # The box of 20 px fills 72 % of 256 px, in the middle.
    step = 0.72 * 256 / 20
    np.testing.assert_allclose(label.joints_px[0], 127.5 - 10 * step, atol=1e-3)
    np.testing.assert_allclose(label.joints_px[20], 127.5 + 10 * step, atol=1e-3)
    assert sample.presence_known
    assert sample.source == "us, CC0"
    assert dataset.groups == ["flat"]


def test_labels_with_joints_in_metres_and_a_camera(tmp_path):
    write_images(tmp_path, ["a.png"])
    joints = [[0.01 * (joint % 5), 0.01 * (joint // 5), 0.5] for joint in range(21)]
    pixels = [[100 * x / z + 50, 110 * y / z + 30] for x, y, z in joints]
    camera = {"fx": 100, "fy": 110, "cx": 50, "cy": 30}
    write_labels(tmp_path, {"right": {"joints_px": pixels, "joints": joints}}, camera=camera)
    sample = ImageFolder(tmp_path)[0]
    label = sample.hands["right"]
    assert label.knowledge == Knowledge.WEAK_3D
    assert label.joints is not None
    np.testing.assert_allclose(sample.intrinsics.project(label.joints), label.joints_px, atol=1e-3)


@pytest.mark.parametrize(
    "hands",
    [
        *({"left": {"joints_px": [[1, 2]] * 20}}, {"third": {"joints_px": [[1, 2]] * 21}}, {"left": {}}, {"left": 3}),
        *({"left": {"joints_px": [[1, far]] * 21}} for far in (1e6, -1e6, 10**400, float("inf"), float("nan"), "x")),
        {"left": {"joints_px": [[1, 2]] * 21, "joints": [[0, 0, 1e9]] * 21}},
        {
            "left": {
                "joints_px": [[1, 2]] * 21,
                "parameters": {"pose": [10**400] * 48, "shape": [0] * 10, "translation": [0, 0, 1]},
            }
        },
    ],
)
def test_labels_that_cannot_be_are_named(tmp_path, hands):
    write_images(tmp_path, ["a.png"])
    write_labels(tmp_path, hands)
    with pytest.raises(BothhandsError, match=r"labels of a\.png"):
        ImageFolder(tmp_path)[0]


@pytest.mark.parametrize("changes", [{"fx": 0}, {"fx": -1}, {"cx": 10**400}, {"cy": float("nan")}, {"fy": "wide"}])
def test_a_camera_that_cannot_be_is_named(tmp_path, changes):
    write_images(tmp_path, ["a.png"])
    camera = {"fx": 100, "fy": 110, "cx": 50, "cy": 30} | changes
    write_labels(tmp_path, {"left": {"joints_px": [[1, 2]] * 21}}, camera=camera)
    with pytest.raises(BothhandsError, match=r"labels of a\.png"):
        ImageFolder(tmp_path)[0]


@pytest.mark.parametrize("name", ["../a.png", "/etc/a.png", "a\0.png"])
def test_a_image_of_another_folder_is_refused(tmp_path, name):
    (tmp_path / "labels.json").write_text(json.dumps({"pictures": {name: {}}}))
    with pytest.raises(BothhandsError, match="none of its folder"):
        ImageFolder(tmp_path)


def test_folders_that_cannot_be_used_are_named(tmp_path):
    with pytest.raises(BothhandsError, match="nowhere"):
        ImageFolder(tmp_path / "nowhere")
    with pytest.raises(BothhandsError, match="has no images"):
        ImageFolder(tmp_path)
    (tmp_path / "labels.json").write_text("{")
    with pytest.raises(BothhandsError, match=r"labels\.json is damaged"):
        ImageFolder(tmp_path)
    (tmp_path / "labels.json").write_text('{"pictures": []}')
    with pytest.raises(BothhandsError, match="no table"):
        ImageFolder(tmp_path)


def test_damaged_images_are_skipped_counted_and_reported(tmp_path):
    write_images(tmp_path, [f"{name}.png" for name in "abcde"])
    (tmp_path / "b.png").write_bytes((tmp_path / "b.png").read_bytes()[:40])
    (tmp_path / "d.png").write_bytes(b"")
    notices: list[str] = []
    skipped = SkippedImages(notices.append)
    dataset = ImageFolder(tmp_path)
    values = [int(sample.image[128, 128, 0]) for sample, _ in readable_samples(dataset, skipped, list("vwxyz"))]
    groups = [group for _, group in readable_samples(dataset, skipped, list("vwxyz"))]
    assert values == [10, 30, 50]
    assert groups == ["v", "x", "z"]
    assert set(skipped.reasons) == {1, 3}
    assert len(notices) == 2  # once each, though they were met twice
    assert skipped.summary(len(dataset)).startswith("2 of 5 images were skipped; the first: ")
    assert "b.png" in skipped.summary(len(dataset))
    assert SkippedImages().summary(5) == ""


def test_in_training_the_next_good_image_stands_in(tmp_path):
    write_images(tmp_path, [f"{name}.png" for name in "abc"])
    (tmp_path / "b.png").write_bytes(b"")
    (tmp_path / "c.png").write_bytes(b"")
    dataset = SubstitutingDataset(ImageFolder(tmp_path), SkippedImages())
    assert len(dataset) == 3
    assert [int(dataset[index].image[128, 128, 0]) for index in (0, 1, 2, 1, -1)] == [10] * 5
    assert set(dataset.skipped.reasons) == {1, 2}
    with pytest.raises(IndexError):
        dataset[3]


def test_a_folder_of_nothing_but_damaged_images_is_said(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.png").write_bytes(b"")
    dataset = ImageFolder(tmp_path)
    with pytest.raises(BothhandsError, match=r"2 images in a row cannot be read.*b\.png"):
        list(readable_samples(dataset, SkippedImages()))
    with pytest.raises(BothhandsError, match="2 images in a row"):
        SubstitutingDataset(dataset, SkippedImages())[0]
