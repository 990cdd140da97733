"""Hands cut out of labelled photographs: outlines found by colour, and labels that move along."""

import json

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli import cli
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import Intrinsics
from tests.training.test_composites import hand_parameters
from tracking.sources.image_files import read_image_file
from training.data.composites import Composites
from training.data.cutouts import load_cut_outs, px_per_metre
from training.datasets.image_folder import ImageFolder
from training.labelling import cut_out_hands

MODELS = load_hand_models()
CAMERA = Intrinsics.from_fov(420, 400, 30.0)
SKIN, WALL = (214, 160, 130), (70, 110, 90)


def outline(number: int, camera: Intrinsics = CAMERA) -> np.ndarray:
    """(H, W) uint8, where the mesh of a right hand covers the image."""
    vertices, _ = MODELS["right"].mesh(hand_parameters(number))
    covered = np.zeros((camera.height, camera.width), np.uint8)
    for triangle in np.rint(camera.project(vertices)).astype(np.int32)[MODELS["right"].faces]:
        cv2.fillConvexPoly(covered, triangle, (255,))
    return covered


def write_photographs(folder, numbers=(0, 1), camera: Intrinsics = CAMERA, face=False, mesh=True) -> None:
    """Right hands of one colour before a wall of another or a face, with a camera's noise; labels are exact."""
    folder.mkdir()
    pictures = {}
    for number in numbers:
        parameters = hand_parameters(number)
        _, joints = MODELS["right"].mesh(parameters)
        joints_px = camera.project(joints)
        shape = (camera.height, camera.width, 3)
        wall = np.full(shape, WALL, np.uint8)
        if face:
            middle, size = joints_px.mean(axis=0), np.ptp(joints_px, axis=0).max()
            cv2.circle(wall, np.rint(middle).astype(int).tolist(), round(0.6 * size), SKIN, cv2.FILLED)
        image = np.where(outline(number, camera)[..., None] > 0, np.array(SKIN), wall)
        image = image + np.random.default_rng(number).normal(0.0, 4.0, shape)
        cv2.imwrite(str(folder / f"{number}.png"), np.clip(image, 0, 255).astype(np.uint8)[..., ::-1])
        hand = {"joints_px": joints_px.tolist()}
        if mesh:
            keys = ("pose", "shape", "translation")
            hand["parameters"] = {key: getattr(parameters, key).ravel().tolist() for key in keys}
        pictures[f"{number}.png"] = {
            "split": "held-out" if number else "train",
            "camera": {key: getattr(camera, key) for key in ("fx", "fy", "cx", "cy")},
            "hands": {"right": hand},
        }
    content = {"source": "us", "licence": "CC0", "pictures": pictures}
    (folder / "labels.json").write_text(json.dumps(content))


def test_the_outline_is_the_hands_and_its_label_moves_along(tmp_path):
    write_photographs(tmp_path / "in")
    report = cut_out_hands(tmp_path / "in", tmp_path / "out")
    assert (report.hands, report.cut_out, report.too_small) == (2, 2, 0)
    images = ImageFolder(tmp_path / "out")
    assert images.source == "us, CC0"
    assert [images.entry(index)["split"] for index in range(2)] == ["train", "held-out"]
    for index in range(2):
        pixels = read_image_file(images.path(index)).pixels
        camera, hands = images.labels(index, pixels.shape[1], pixels.shape[0])
        label = hands["right"]
        # The label still projects to its joints, at the size that all cut-outs have.
        assert np.abs(camera.project(label.joints) - label.joints_px).max() < 0.1
        assert px_per_metre(label) == pytest.approx(850.0, rel=0.01)
        found, true = pixels[..., 3] > 127, outline(index, camera) > 0
        assert np.count_nonzero(found & true) / np.count_nonzero(found | true) > 0.94


def test_what_was_cut_out_makes_composites(tmp_path):
    write_photographs(tmp_path / "in", numbers=(0, 2))
    # One of them is held out, as its photograph was.
    cut_out_hands(tmp_path / "in", tmp_path / "out")
    cut_outs = load_cut_outs(ImageFolder(tmp_path / "out"))
    assert len(cut_outs) == 2
    assert all(cut_out.fit is not None for cut_out in cut_outs)
    sample = Composites(tmp_path / "out", 0, size=64).sample(0)
    assert sample.hands
    assert sample.image.shape == (64, 64, 3)


def test_a_hand_before_skin_is_left_out(tmp_path):
    write_photographs(tmp_path / "in", face=True)
    with pytest.raises(BothhandsError, match="could be cut out"):
        cut_out_hands(tmp_path / "in", tmp_path / "out")


def test_small_hands_and_hands_without_a_mesh_are_left_out(tmp_path):
    far = Intrinsics.from_fov(120, 110, 30.0)
    write_photographs(tmp_path / "small", camera=far)
    with pytest.raises(BothhandsError, match="too small"):
        cut_out_hands(tmp_path / "small", tmp_path / "out")
    write_photographs(tmp_path / "flat", mesh=False)
    with pytest.raises(BothhandsError, match="no meshes"):
        cut_out_hands(tmp_path / "flat", tmp_path / "out2")


def test_a_damaged_photograph_is_passed_over(tmp_path):
    write_photographs(tmp_path / "in")
    (tmp_path / "in" / "0.png").write_bytes(b"no image")
    assert cut_out_hands(tmp_path / "in", tmp_path / "out").cut_out == 1


def test_the_command_cuts_out_and_shows(tmp_path):
    write_photographs(tmp_path / "in")
    done = CliRunner().invoke(
        cli, ["cut-out", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--preview", str(tmp_path / "sheet.png")]
    )
    assert done.exit_code == 0
    assert "2 of 2 hands cut out" in done.output
    assert cv2.imread(str(tmp_path / "sheet.png")) is not None
    again = CliRunner().invoke(cli, ["cut-out", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    assert isinstance(again.exception, BothhandsError)  # not empty
