"""Edges of meshes over an image."""

from __future__ import annotations

import numpy as np
import pytest

from models.hand_model import load_hand_models
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from render.factory import create_renderer
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle
from render.wireframe import draw_wireframe, visible_edges

CAMERA = Intrinsics.from_fov(320, 240)
MODEL = load_hand_models()["right"]
FACES = {"right": MODEL.faces}
GREY = np.full((240, 320, 3), 60, np.uint8)


def mesh(z: float = 0.4) -> np.ndarray:
    parameters = HandParameters(np.zeros((16, 3), np.float32), np.zeros(10, np.float32), np.float32([0, 0, z]))
    return MODEL.mesh(parameters)[0]


def test_a_box_shows_the_side_that_is_turned_to_the_camera():
    square = np.array([(0.0, 0.0), (10, 0), (10, 10), (0, 10)])  # px, y down
    away, towards = np.array([[0, 1, 2]]), np.array([[0, 2, 1]])
    assert len(visible_edges(square, away)) == 0
    assert visible_edges(square, towards).tolist() == [[0, 1], [0, 2], [1, 2]]
    both = np.array([[0, 2, 1], [0, 3, 2]])
    assert visible_edges(square, both).tolist() == [[0, 1], [0, 2], [0, 3], [1, 2], [2, 3]], "a shared edge once"


def test_a_hands_outer_side_is_the_visible_one():
    """A third of all edges at least, two thirds at most, and those nearer to the camera."""
    points, vertices = CAMERA.project(mesh()), mesh()
    seen = visible_edges(points, MODEL.faces)
    count = 3 * len(MODEL.faces) / 2
    assert count / 3 < len(seen) < 0.75 * count
    hidden = visible_edges(points, MODEL.faces[:, ::-1])
    assert vertices[seen].mean(axis=(0, 1))[2] < vertices[hidden].mean(axis=(0, 1))[2]


def test_the_image_is_seen_between_the_edges():
    drawn = draw_wireframe(GREY, {"right": mesh()}, FACES, CAMERA, OverlayStyle(opacity=1.0))
    changed = (drawn != GREY).any(-1)
    assert 0.01 < changed.mean() < 0.4
    assert (GREY == 60).all()
    half = draw_wireframe(GREY, {"right": mesh()}, FACES, CAMERA, OverlayStyle(opacity=0.5))
    strength = np.abs(drawn.astype(int) - 60).sum(), np.abs(half.astype(int) - 60).sum()
    assert strength[1] == pytest.approx(strength[0] / 2, rel=0.05)


@pytest.mark.parametrize("vertices", [mesh(-0.4), mesh(0.0), np.full((778, 3), np.nan, np.float32)])
def test_what_cannot_be_seen_is_left_out(vertices: np.ndarray):
    drawn = draw_wireframe(GREY, {"right": vertices}, FACES, CAMERA, OverlayStyle())
    assert (drawn == GREY).all()


@pytest.mark.parametrize("name", ["cpu", "auto"])
def test_the_painter_draws_it_with_the_faces_of_its_renderer(name: str):
    faces = {side: model.faces for side, model in load_hand_models().items()}
    parameters = HandParameters(np.zeros((16, 3), np.float32), np.zeros(10, np.float32), np.float32([0, 0, 0.4]))
    vertices, joints = MODEL.mesh(parameters)
    hand = HandReconstruction(parameters, vertices, joints, CAMERA.project(joints).astype(np.float32), 1.0)
    painter = OverlayPainter(create_renderer(name, faces))
    style = OverlayStyle(view="wireframe", opacity=1.0)
    drawn = painter.paint(GREY, Reconstruction({"right": hand}), CAMERA, style)
    painter.close()
    np.testing.assert_array_equal(drawn, draw_wireframe(GREY, {"right": vertices}, FACES, CAMERA, style))
