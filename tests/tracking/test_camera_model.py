import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.errors import BothhandsError
from models.values import Intrinsics
from tracking.camera_model import (
    KnownCamera,
    angle_of,
    camera_from,
    from_angle,
    load_intrinsics,
    of_one_shape,
    scale_intrinsics,
)

NUMBERS = {"fx": 610.25, "fy": 612.5, "cx": 321.75, "cy": 238.5, "width": 640, "height": 480}
MATRIX = np.array([[610.25, 0, 321.75], [0, 612.5, 238.5], [0, 0, 1]])

ROS = """\
image_width: 640
image_height: 480
camera_name: narrow_stereo
camera_matrix:
  rows: 3
  cols: 3
  data: [610.25, 0, 321.75, 0, 612.5, 238.5, 0, 0, 1]
distortion_model: plumb_bob
"""


def as_dict(intrinsics: Intrinsics) -> dict[str, float]:
    return {name: getattr(intrinsics, name) for name in NUMBERS}


def test_named_numbers_in_json(tmp_path: Path):
    path = tmp_path / "camera.json"
    path.write_text(json.dumps(NUMBERS))
    assert as_dict(load_intrinsics(path)) == NUMBERS


@pytest.mark.parametrize("beginning", ["", "---\n", "%YAML:1.0\n---\n"])
def test_named_numbers_in_yaml(tmp_path: Path, beginning: str):
    path = tmp_path / "camera.yaml"
    path.write_text(beginning + "".join(f"{name}: {value}\n" for name, value in NUMBERS.items()))
    assert as_dict(load_intrinsics(path)) == NUMBERS


@pytest.mark.parametrize("suffix", ["yaml", "json", "xml"])
def test_what_opencv_writes(tmp_path: Path, suffix: str):
    path = tmp_path / f"calibration.{suffix}"
    storage = cv2.FileStorage(str(path), cv2.FILE_STORAGE_WRITE)
    storage.write("image_width", 640)
    storage.write("image_height", 480)
    storage.write("camera_matrix", MATRIX)
    storage.write("distortion_coefficients", np.zeros((5, 1)))
    storage.release()
    assert as_dict(load_intrinsics(path)) == NUMBERS


def test_what_ros_writes(tmp_path: Path):
    path = tmp_path / "ost.yaml"
    path.write_text(ROS)
    assert as_dict(load_intrinsics(path)) == NUMBERS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "lacks intrinsics"),
        ("{", "not JSON, YAML or XML"),
        ("hello", "not JSON, YAML or XML"),
        ('{"fx": "wide"}', "lacks intrinsics"),
        (json.dumps({"fx": 600, "fy": 600}), "lacks intrinsics"),
        (ROS.replace("data: [610.25, 0, ", "data: ["), "lacks intrinsics"),
        (json.dumps({**NUMBERS, "fx": -1}), "no camera has"),
        (json.dumps({**NUMBERS, "cx": 900}), "no camera has"),
        (json.dumps({**NUMBERS, "width": 0}), "no camera has"),
        (json.dumps({**NUMBERS, "width": 10**6}), "no camera has"),
        (json.dumps({**NUMBERS, "fx": 10**400}), "lacks intrinsics"),
        (json.dumps({**NUMBERS, "fx": True}), "lacks intrinsics"),
        (json.dumps([NUMBERS]), "holds a table"),
        ('{"a": ' * 10_000, "not JSON, YAML or XML"),
        ("- " * 10_000, "not JSON, YAML or XML"),
        ("<a>" * 10_000, "not JSON, YAML or XML"),
        ("fx: &fx 600\nfy: *fx\n", "not JSON, YAML or XML"),
        ("fx: !!python/object/apply:os.system [true]\n", "lacks intrinsics"),
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x><fx>&e;</fx></x>', "not JSON, YAML or XML"),
        ("x" * (2 << 20), "too large"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, content: str, says: str):
    path = tmp_path / "camera.txt"
    path.write_text(content)
    with pytest.raises(BothhandsError, match=says) as caught:
        load_intrinsics(path)
    assert "camera.txt" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("written", ["6.1025e+02", "610.25", "+610.25"])
def test_numbers_as_programs_write_them(tmp_path: Path, written: str):
    path = tmp_path / "camera.yaml"
    rest = "".join(f"{name}: {value}\n" for name, value in NUMBERS.items() if name != "fx")
    path.write_text(f"\ufefffx: {written}\n{rest}", encoding="utf-8")
    assert load_intrinsics(path).fx == 610.25


def test_missing_and_binary_files_are_refused(tmp_path: Path):
    with pytest.raises(BothhandsError, match="No such file"):
        load_intrinsics(tmp_path / "none.json")
    binary = tmp_path / "camera.png"
    binary.write_bytes(b"\x89PNG\xff\x00")
    with pytest.raises(BothhandsError, match=r"camera\.png is no text: a calibration is JSON, YAML or XML\.$"):
        load_intrinsics(binary)


@pytest.mark.parametrize("size", [(320, 240), (1280, 960), (639, 479)])
def test_scaling_moves_projections_as_scaling_moves_pixels(size: tuple[int, int]):
    camera = Intrinsics(**NUMBERS)  # type: ignore[arg-type]
    points = np.random.default_rng(1).uniform([-0.2, -0.2, 0.4], [0.2, 0.2, 1.0], (50, 3))
    # An image scaled by s has its pixel edges (not centres) multiplied by s.
    expected = (camera.project(points) + 0.5) * np.array(size) / np.array([640, 480]) - 0.5
    scaled = scale_intrinsics(camera, *size)
    np.testing.assert_allclose(scaled.project(points), expected, atol=1e-9)
    assert (scaled.width, scaled.height) == size


def test_the_matrix_projects_as_the_camera_does():
    camera = Intrinsics(**NUMBERS)  # type: ignore[arg-type]
    points = np.random.default_rng(2).uniform([-0.2, -0.2, 0.4], [0.2, 0.2, 1.0], (20, 3))
    homogeneous = points @ camera.matrix.T
    np.testing.assert_allclose(homogeneous[:, :2] / homogeneous[:, 2:], camera.project(points), atol=1e-9)


def test_scaling_allows_for_sizes_rounded_to_pixels():
    camera = Intrinsics.from_fov(1280, 720)
    assert scale_intrinsics(camera, 854, 480).width == 854  # 16:9 would be 853.33


def test_another_shape_is_refused():
    with pytest.raises(BothhandsError, match=r"640x480.*1280x720"):
        scale_intrinsics(Intrinsics.from_fov(640, 480), 1280, 720)


@pytest.mark.parametrize(("across", "degrees"), [("horizontal", 60.0), ("vertical", 36.0), ("diagonal", 67.04)])
def test_an_angle_gives_a_focal_length_and_back(across, degrees):
    camera = from_angle(1280, 720, degrees, across)
    assert camera.fx == camera.fy == pytest.approx(1108.5, rel=2e-3)
    assert (camera.cx, camera.cy) == (639.5, 359.5)
    assert angle_of(camera, across) == pytest.approx(degrees)
    assert angle_of(camera, "horizontal") == pytest.approx(60.0, abs=0.1)


def test_what_is_known_best_wins(tmp_path: Path):
    path = tmp_path / "camera.json"
    path.write_text(json.dumps(NUMBERS))
    known = KnownCamera.of(from_angle(640, 480, 90.0, "horizontal"))
    assert camera_from(80.0, path, known)(640, 480).fx == pytest.approx(320.0)
    assert camera_from(80.0, path)(320, 240).fx == pytest.approx(NUMBERS["fx"] / 2)
    assert camera_from(80.0)(640, 480).fx == pytest.approx(Intrinsics.from_fov(640, 480, 80.0).fx)
    assert camera_from()(640, 480).fx == pytest.approx(Intrinsics.assumed(640, 480).fx)
    with pytest.raises(BothhandsError, match="640x480, which cannot be scaled to 1280x720"):
        camera_from(known=known)(1280, 720)


def test_images_are_of_one_shape_but_for_rounding():
    assert of_one_shape((1280, 720), (854, 480))
    assert of_one_shape((640, 480), (320, 240))
    assert not of_one_shape((640, 480), (1280, 720))
    assert not of_one_shape((640, 480), (480, 640))
