"""Hands by themselves, to be laid over a frame."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from benchmarks.overlay import moving_hands
from models.hand_model import HandModel, load_hand_models
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction, Side
from render import create_renderer
from render.compositing import blend_over
from render.geometry import NEAREST_DEPTH
from render.layers import Canvas, Layer, draw_layers
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle, OverlayView

WIDTH, HEIGHT = 320, 180
CAMERA = Intrinsics.from_fov(WIDTH, HEIGHT)
WHOLE = Canvas(WIDTH, HEIGHT, 1.0, 0.0, 0.0)
VIEWS: list[OverlayView] = ["mesh", "wireframe", "skeleton", "mesh+skeleton"]


@pytest.fixture(scope="module")
def models() -> dict[Side, HandModel]:
    return load_hand_models()


def hands(models: dict[Side, HandModel], apart: float) -> Reconstruction:
    (vertices,) = moving_hands(models, 1, apart)
    parameters = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
    found: dict[Side, HandReconstruction] = {}
    for side, mesh in vertices.items():
        joints = mesh[:: len(mesh) // 21][:21]
        found[side] = HandReconstruction(parameters, mesh, joints, CAMERA.project(joints).astype(np.float32), 1.0)
    return Reconstruction(found)


@pytest.fixture(scope="module", params=["cpu", "moderngl"])
def painter(request: pytest.FixtureRequest, models: dict[Side, HandModel]):
    faces: dict[Side, np.ndarray] = {side: model.faces for side, model in models.items()}
    try:
        made = OverlayPainter(create_renderer(request.param, faces))
    except Exception as error:  # noqa: BLE001 - moderngl raises plain ones
        pytest.skip(f"{request.param} does not work here: {error}")
    yield made
    made.close()


def laid(image: np.ndarray, layers: tuple[Layer, ...], scale: float = 1.0) -> np.ndarray:
    """An image with layers over it, by the one operator that windows have for them."""
    image = image.copy()
    for layer in layers:
        left, top = round(layer.left * scale), round(layer.top * scale)
        height, width = layer.pixels.shape[:2]
        blend_over(image[top : top + height, left : left + width], cv2.cvtColor(layer.pixels, cv2.COLOR_BGRA2RGBA))
    return image


def frame(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("apart", [0.13, 0.02])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("opacity", [1.0, 0.6])
def test_a_layer_over_a_frame_is_what_is_drawn_into_it(
    painter: OverlayPainter, models: dict[Side, HandModel], view: OverlayView, apart: float, opacity: float
):
    style, seen = OverlayStyle(view=view, opacity=opacity), hands(models, apart)
    layers = draw_layers(painter, seen, CAMERA, style, WHOLE)
    assert len(layers) == (2 if apart > 0.1 else 1), "hands that are apart are not worth the space between"
    expected = painter.paint(frame(), seen, CAMERA, style)
    assert (expected != frame()).any()
    difference = np.abs(laid(frame(), layers).astype(int) - expected)
    assert difference.max() <= 12, "of rounding, once for each line that crosses a pixel"
    assert difference.mean() < 0.4
    assert (laid(frame(), layers) != frame()).any(axis=2).sum() == pytest.approx(
        (expected != frame()).any(axis=2).sum(), rel=0.02
    )


@pytest.mark.parametrize("view", VIEWS)
def test_colours_are_premultiplied(painter: OverlayPainter, models: dict[Side, HandModel], view: OverlayView):
    for layer in draw_layers(painter, hands(models, 0.02), CAMERA, OverlayStyle(view=view, opacity=0.5), WHOLE):
        assert (layer.pixels[..., :3] <= layer.pixels[..., 3:]).all(), "or it overflows where it is laid over white"
        assert layer.pixels[..., 3].max() >= 126


def test_it_is_drawn_at_the_resolution_of_the_canvas(painter: OverlayPainter, models: dict[Side, HandModel]):
    scale, style, seen = 4.0, OverlayStyle(), hands(models, 0.13)
    canvas = Canvas(round(WIDTH * scale), round(HEIGHT * scale), scale, 0.0, 0.0)
    black = np.zeros((canvas.height, canvas.width, 3), np.uint8)
    fine = laid(black, draw_layers(painter, seen, CAMERA, style, canvas), scale)
    coarse = painter.paint(np.zeros((HEIGHT, WIDTH, 3), np.uint8), seen, CAMERA, style)
    shrunk = cv2.resize(fine, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    assert np.abs(shrunk.astype(int) - coarse).mean() < 1.0, "it lies where the frame has it"
    scaled_up = cv2.resize(coarse, (canvas.width, canvas.height), interpolation=cv2.INTER_LINEAR)

    def edges(image: np.ndarray) -> int:
        """Pixels that are neither in nor out."""
        tone = image.max(axis=2)
        return int(((tone > 5) & (tone < 50)).sum())

    assert edges(fine) < 0.5 * edges(scaled_up)


def test_what_is_seen_of_a_frame_is_drawn_alone(painter: OverlayPainter, models: dict[Side, HandModel]):
    style, seen = OverlayStyle(view="mesh+skeleton"), hands(models, 0.13)
    whole = Canvas(WIDTH * 4, HEIGHT * 4, 4.0, 0.0, 0.0)
    part = Canvas(400, 300, 4.0, -520.0, -260.0)
    everything = laid(
        np.zeros((HEIGHT * 4, WIDTH * 4, 3), np.uint8), draw_layers(painter, seen, CAMERA, style, whole), 4
    )
    layers = draw_layers(painter, seen, CAMERA, style, part)
    drawn = np.zeros((300, 400, 3), np.uint8)
    for layer in layers:
        assert layer.pixels.shape[0] <= 300
        assert layer.pixels.shape[1] <= 400
        left, top = round(layer.left * 4 - 520), round(layer.top * 4 - 260)
        height, width = layer.pixels.shape[:2]
        blend_over(drawn[top : top + height, left : left + width], cv2.cvtColor(layer.pixels, cv2.COLOR_BGRA2RGBA))
    expected = everything[260:560, 520:920]
    assert expected.any()
    assert np.abs(drawn.astype(int) - expected).mean() < 0.1
    away = replace(part, left=-5000.0)
    assert draw_layers(painter, seen, CAMERA, style, away) == ()


def test_a_mirrored_frame_gets_mirrored_pixels(painter: OverlayPainter, models: dict[Side, HandModel]):
    seen, style = hands(models, 0.13), OverlayStyle()
    plain = draw_layers(painter, seen, CAMERA, style, WHOLE)
    turned = draw_layers(painter, seen, CAMERA, style, WHOLE, mirrored=True)
    for one, other in zip(plain, turned, strict=True):
        assert (one.left, one.top, one.mirrored, other.mirrored) == (other.left, other.top, False, True)
        np.testing.assert_array_equal(one.pixels[:, ::-1], other.pixels)


def test_nothing_is_drawn_of_no_hands_and_of_none(painter: OverlayPainter, models: dict[Side, HandModel]):
    assert draw_layers(painter, Reconstruction(), CAMERA, OverlayStyle(), WHOLE) == ()
    assert draw_layers(painter, hands(models, 0.1), CAMERA, OverlayStyle(view="none"), WHOLE) == ()


def test_numbers_that_are_not_finite_leave_a_hand_out(painter: OverlayPainter, models: dict[Side, HandModel]):
    seen = hands(models, 0.13)
    broken = replace(
        seen.hands["left"], vertices=np.full((778, 3), np.nan), joints_px=np.full((21, 2), np.inf, np.float32)
    )
    layers = draw_layers(painter, Reconstruction({**seen.hands, "left": broken}), CAMERA, OverlayStyle(), WHOLE)
    assert len(layers) == 1


def test_a_hand_that_reaches_behind_the_camera_is_drawn(painter: OverlayPainter, models: dict[Side, HandModel]):
    seen = hands(models, 0.13)
    vertices = seen.hands["left"].vertices
    middle = np.array([*vertices[:, :2].mean(axis=0), vertices[:, 2].min()], np.float32)
    near = replace(seen.hands["left"], vertices=vertices - middle)
    assert near.vertices[:, 2].min() < NEAREST_DEPTH < near.vertices[:, 2].max()
    (layer,) = draw_layers(painter, Reconstruction({"left": near}), CAMERA, OverlayStyle(), WHOLE)
    assert layer.pixels.any()


def test_lines_of_a_wireframe_become_wider_with_the_frame(painter: OverlayPainter, models: dict[Side, HandModel]):
    seen, style = hands(models, 0.13), OverlayStyle(view="wireframe")

    def share(scale: float) -> float:
        canvas = Canvas(round(WIDTH * scale), round(HEIGHT * scale), scale, 0.0, 0.0)
        (layer, *_) = draw_layers(painter, seen, CAMERA, style, canvas)
        return float((layer.pixels[..., 3] > 127).mean())

    assert share(10.0) > 0.5 * share(5.0)


def test_the_skeleton_stands_in_where_no_renderer_works(models: dict[Side, HandModel]):
    layers = draw_layers(OverlayPainter(None), hands(models, 0.13), CAMERA, OverlayStyle(view="mesh"), WHOLE)
    assert all(layer.pixels.any() for layer in layers)
