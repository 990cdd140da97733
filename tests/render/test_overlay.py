from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from spheres import INTRINSICS, picture

from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction, Side
from render.overlay import OverlayPainter, draw_hands
from render.protocol import OverlayStyle, OverlayView


class PaintsItWhite:
    """Stands in for a renderer; remembers the meshes."""

    name = "white"

    def __init__(self) -> None:
        self.vertices: Mapping[Side, np.ndarray] = {}

    def render(
        self, image: np.ndarray, vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics, style: OverlayStyle
    ) -> np.ndarray:
        self.vertices = vertices
        return np.full_like(image, 255)

    def close(self) -> None:
        pass


def one_hand() -> Reconstruction:
    parameters = HandParameters(np.zeros((16, 3), np.float32), np.zeros(10, np.float32), np.zeros(3, np.float32))
    joints = np.random.default_rng(2).uniform((-0.05, -0.05, 0.45), (0.05, 0.05, 0.55), (21, 3))
    vertices = np.zeros((778, 3), np.float32)
    return Reconstruction({"left": HandReconstruction(parameters, vertices, joints, INTRINSICS.project(joints), 1.0)})


@pytest.mark.parametrize(
    ("view", "meshes", "skeletons"),
    [("none", False, False), ("mesh", True, False), ("skeleton", False, True), ("mesh+skeleton", True, True)],
)
def test_a_view_draws_what_its_name_says(view: OverlayView, meshes: bool, skeletons: bool) -> None:
    renderer, hands = PaintsItWhite(), one_hand()
    drawn = draw_hands(renderer, picture(), hands, INTRINSICS, OverlayStyle(view=view))
    below = np.full_like(picture(), 255) if meshes else picture()
    assert bool((drawn != below).any()) == skeletons
    assert bool((drawn == below).any())
    assert list(renderer.vertices) == (["left"] if meshes else [])


def test_no_hands_hand_the_image_back() -> None:
    image = picture()
    assert draw_hands(None, image, Reconstruction({}), INTRINSICS, OverlayStyle()) is image


def test_meshes_without_a_renderer_are_refused_and_skeletons_drawn() -> None:
    with pytest.raises(ValueError, match="needs a renderer"):
        draw_hands(None, picture(), one_hand(), INTRINSICS, OverlayStyle())
    assert (draw_hands(None, picture(), one_hand(), INTRINSICS, OverlayStyle(view="skeleton")) != picture()).any()


def test_a_painter_without_a_renderer_paints_skeletons_and_says_why():
    told: list[Exception] = []

    def broken():
        raise RuntimeError("no OpenGL")

    painter = OverlayPainter.open(broken, told.append)
    painted = painter.paint(picture(), one_hand(), INTRINSICS, OverlayStyle(view="mesh"))
    skeleton = draw_hands(None, picture(), one_hand(), INTRINSICS, OverlayStyle(view="skeleton"))
    np.testing.assert_array_equal(painted, skeleton)
    assert [str(error) for error in told] == ["no OpenGL"]
    image = picture()
    assert painter.paint(image, one_hand(), INTRINSICS, OverlayStyle(view="none")) is image
    painter.close()
