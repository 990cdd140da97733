"""What `benchmarks.outlines` says of a mesh that is too small by a known part."""

import numpy as np
import pytest

from benchmarks.outlines import before_plain_wall, gaps, growth_of
from models.hand_model import load_hand_models
from models.values import HandParameters, HandReconstruction, Intrinsics
from render.silhouette import silhouette

CAMERA = Intrinsics.assumed(640, 480)
MODEL = load_hand_models()["right"]


def hand() -> HandReconstruction:
    """Its palm to the camera, fingers upwards."""
    pose = np.zeros((16, 3), np.float32)
    pose[0] = 2.0 * np.pi / np.sqrt(27.0)  # x to y to z to x
    parameters = HandParameters(pose, np.zeros(10, np.float32), np.zeros(3, np.float32))
    vertices, joints = MODEL.mesh(parameters)
    offset = np.array([0.0, 0.0, 0.5]) - joints.mean(axis=0)
    vertices, joints = vertices + offset, joints + offset
    return HandReconstruction(parameters, vertices, joints, CAMERA.project(joints).astype(np.float32), 1.0)


@pytest.mark.parametrize("growth", [-0.04, 0.0, 0.05])
def test_the_growth_is_that_of_the_hand_in_the_photograph(growth: float):
    seen = hand()
    middle = seen.joints.mean(axis=0)
    true = middle + (1.0 + growth) * (seen.vertices - middle)
    found = gaps(seen, MODEL.faces, CAMERA, silhouette(true, MODEL.faces, CAMERA) > 0)
    assert found is not None
    assert growth_of(found) == pytest.approx(growth, abs=0.008)


def test_a_mesh_that_lies_beside_the_hand_is_not_measured():
    assert gaps(hand(), MODEL.faces, CAMERA, np.zeros((480, 640), bool)) is None


def test_skin_is_found_before_a_plain_wall():
    image = np.full((300, 300, 3), (200, 195, 190), np.uint8)
    image[60:240, 100:200] = (110, 140, 200)
    image[:] = np.clip(image + np.random.default_rng(0).normal(0, 3, image.shape), 0, 255)
    skin = np.zeros((300, 300), bool)
    skin[60:240, 100:200] = True
    assert (before_plain_wall(image) != skin).mean() < 0.02
