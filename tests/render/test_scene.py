"""Hands from wherever a viewer stands."""

from __future__ import annotations

import numpy as np
import pytest

from models.hand_model import load_hand_models
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from render.cpu_renderer import CpuRenderer
from render.orbit import FARTHEST, NEAREST, STEEPEST, Orbit
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle
from render.scene import CAMERA_REACH, draw_scene, floor_lines, frustum_lines

CAMERA = Intrinsics.from_fov(640, 480)


def hand(x: float, z: float = 0.5) -> HandReconstruction:
    model = load_hand_models()["right"]
    parameters = HandParameters(np.zeros((16, 3), np.float32), np.zeros(10, np.float32), np.float32([x, 0.0, z]))
    vertices, joints = model.mesh(parameters)
    return HandReconstruction(parameters, vertices, joints, CAMERA.project(joints).astype(np.float32), 1.0)


@pytest.mark.parametrize("size", [(400, 600), (600, 400), (500, 500)])
@pytest.mark.parametrize("degrees", [50.0, 60.0, 85.0])
def test_the_camera_and_both_hands_are_seen_whole_at_first(size: tuple[int, int], degrees: float):
    hands = np.array([(x, y, z) for x in (-0.22, 0.22) for y in (-0.15, 0.15) for z in (0.4, 0.6)])
    for points in (frustum_lines(Intrinsics.from_fov(640, 360, degrees)).reshape(-1, 3), hands):
        shown = Orbit().intrinsics(*size).project(Orbit().seen(points))
        assert (shown > 0).all()
        assert (shown < size).all()


@pytest.mark.parametrize("orbit", [Orbit(), Orbit(yaw=200, pitch=-70, distance=2.0), Orbit(90, 0, 0.4, (0.1, 0, 1))])
def test_the_viewer_turns_without_stretching(orbit: Orbit):
    np.testing.assert_allclose(orbit.axes @ orbit.axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(orbit.axes) == pytest.approx(1.0)
    np.testing.assert_allclose(orbit.seen(np.array(orbit.target)), [0, 0, orbit.distance], atol=1e-12)


def test_straight_on_it_is_the_cameras_own_view():
    orbit = Orbit(yaw=0, pitch=0, distance=0.5, target=(0.0, 0.0, 0.5))
    points = np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_allclose(orbit.seen(points), points, atol=1e-12)


def test_from_above_the_floor_lies_below_and_from_the_left_the_right_is_behind():
    above = Orbit(yaw=0, pitch=60)
    assert (above.seen(floor_lines())[..., 1].mean() > above.seen(np.array([0, 0, 0.6]))[1]).all()
    left = Orbit(yaw=90, pitch=0)
    assert left.seen(np.array([0.3, 0, 0.5]))[2] > left.seen(np.array([-0.3, 0, 0.5]))[2]


def test_it_stays_within_reach():
    orbit = Orbit()
    for _ in range(50):
        orbit = orbit.turned(77, 40).zoomed(1.5).moved(1.0, -1.0)
    assert orbit.pitch == STEEPEST
    assert orbit.distance == FARTHEST
    assert np.abs(orbit.target).max() <= 2.0
    for _ in range(50):
        orbit = orbit.zoomed(0.5)
    assert orbit.distance == NEAREST


def test_the_frustum_is_what_the_camera_sees():
    lines = frustum_lines(CAMERA)
    far = lines[:4, 1]
    np.testing.assert_allclose(far[:, 2], CAMERA_REACH)
    np.testing.assert_allclose(CAMERA.project(far), [(0, 0), (640, 0), (640, 480), (0, 480)], atol=1e-9)


def test_hands_are_drawn_where_they_are_and_from_behind_on_the_other_side():
    faces = {side: model.faces for side, model in load_hand_models().items()}
    painter = OverlayPainter(CpuRenderer(faces))
    hands = Reconstruction({"right": hand(0.15)})
    style = OverlayStyle(view="none", opacity=0.1)

    def middle(yaw: float) -> float:
        """Where the hand's colour is across the image, 0 to 1."""
        empty = draw_scene(painter, Reconstruction(), CAMERA, Orbit(yaw=yaw, pitch=0), style, 320, 240)
        image = draw_scene(painter, hands, CAMERA, Orbit(yaw=yaw, pitch=0), style, 320, 240)
        assert image.shape == (240, 320, 3)
        columns = np.nonzero((image != empty).any(-1))[1]
        assert len(columns) > 200
        return float(columns.mean()) / 320

    assert middle(0) > 0.6
    assert middle(180) < 0.4
    painter.close()


def test_without_a_renderer_there_are_skeletons():
    image = draw_scene(
        OverlayPainter(None), Reconstruction({"right": hand(0.0)}), CAMERA, Orbit(), OverlayStyle(), 160, 120
    )
    red, _, blue = np.moveaxis(image.astype(int), -1, 0)
    assert (red - blue > 60).sum() > 20, "the right hand's colour"


def test_lines_are_as_wide_on_a_screen_with_more_pixels():
    def drawn(scale: int) -> float:
        """Share of the image that floor and camera cover."""
        nobody, style = Reconstruction(), OverlayStyle(line_px=scale)
        image = draw_scene(
            OverlayPainter(None), nobody, CAMERA, Orbit(), style, 320 * scale, 240 * scale, background=(0, 0, 0)
        )
        return float(image.mean())

    assert drawn(2) == pytest.approx(drawn(1), rel=0.1)


@pytest.mark.parametrize("z", [-0.5, 0.0, np.nan, 1e6])
def test_a_hand_that_is_nowhere_breaks_nothing(z: float):
    image = draw_scene(
        OverlayPainter(None), Reconstruction({"right": hand(0.0, z)}), CAMERA, Orbit(), OverlayStyle(), 160, 120
    )
    assert image.shape == (120, 160, 3)


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3)])
def test_every_size_can_be_drawn(size: tuple[int, int]):
    image = draw_scene(
        OverlayPainter(None), Reconstruction({"right": hand(0.0)}), CAMERA, Orbit(), OverlayStyle(), *size
    )
    assert image.shape == (size[1], size[0], 3)
