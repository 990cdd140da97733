"""The CPU's images: pixels of single triangles in closed form, and hands beside those of OpenGL."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from spheres import INTRINSICS, picture

from benchmarks.overlay import moving_hands
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.runtime import compiled
from models.values import Intrinsics, Side
from render import create_renderer
from render.cpu_renderer import CpuRenderer
from render.protocol import MeshRenderer, OverlayStyle

SOLID = OverlayStyle(opacity=1.0)
# Place in the image is place in space at a depth of one metre.
FLAT = Intrinsics(fx=1.0, fy=1.0, cx=0.0, cy=0.0, width=40, height=30)
OUTSIDE = np.array([[0, 2, 1]])  # clockwise in the image is counter-clockwise seen from the camera, whose y points down


@pytest.fixture
def cpu() -> Callable[[np.ndarray], CpuRenderer]:
    def make(faces: np.ndarray) -> CpuRenderer:
        pytest.importorskip("numba")
        return CpuRenderer({"left": faces, "right": faces})

    return make


def at(*corners: tuple[float, float], depth: float | tuple[float, ...] = 1.0) -> np.ndarray:
    """Corners that are seen at these places, at these depths."""
    depths = np.broadcast_to(depth, (len(corners),))
    return np.column_stack([np.array(corners) * depths[:, None], depths]).astype(np.float32)


def coverage(renderer: MeshRenderer, hands: dict[Side, np.ndarray]) -> np.ndarray:
    black, white = (renderer.render(np.full((30, 40, 3), tone, np.uint8), hands, FLAT, SOLID) for tone in (0, 255))
    return 1.0 - (white.astype(float) - black).mean(axis=2) / 255.0


def test_a_rectangle_covers_the_pixels_whose_samples_lie_in_it(cpu):
    square = np.array([[0, 2, 1], [0, 3, 2]])
    # Pixel centres are whole numbers: from half to half is whole pixels.
    covered = coverage(cpu(square), {"left": at((4.5, 3.5), (14.5, 3.5), (14.5, 9.5), (4.5, 9.5))})
    expected = np.zeros((30, 40))
    expected[4:10, 5:15] = 1.0
    np.testing.assert_allclose(covered, expected, atol=0.005)


@pytest.mark.parametrize(("right", "share"), [(14.0, 0.5), (14.2, 0.75), (13.8, 0.25), (13.6, 0.0)])
def test_edges_are_smoothed_by_four_samples_a_pixel(cpu, right, share):
    square = np.array([[0, 2, 1], [0, 3, 2]])
    covered = coverage(cpu(square), {"left": at((4.5, 3.5), (right, 3.5), (right, 9.5), (4.5, 9.5))})
    np.testing.assert_allclose(covered[4:10, 14], share, atol=0.005)


def test_a_triangle_has_its_area(cpu):
    rng = np.random.default_rng(0)
    for _ in range(30):
        corners = rng.uniform((1, 1), (38, 28), (3, 2))
        area = 0.5 * abs(np.linalg.det(np.column_stack([corners, np.ones(3)])))
        perimeter = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).sum()
        covered = coverage(cpu(OUTSIDE), {"left": at(*corners)}).sum()
        assert covered == pytest.approx(area, abs=0.1 * perimeter + 0.5)


def test_neighbours_leave_no_gap_and_share_no_sample(cpu):
    """A fan of slivers around any point fills its outline: half-transparent, each pixel is laid over once."""
    rng = np.random.default_rng(1)
    outline = np.array([(2.5, 2.5), (20.3, 2.5), (36.5, 2.5), (36.5, 13.1), (36.5, 26.5), (17.7, 26.5), (2.5, 26.5)])
    count = len(outline)
    faces = np.array([[0, 1 + (n + 1) % count, 1 + n] for n in range(count)])
    renderer = cpu(faces)
    for _ in range(20):
        middle = rng.uniform((5, 5), (34, 24))
        covered = coverage(renderer, {"left": at(tuple(middle), *map(tuple, outline))})
        np.testing.assert_allclose(covered[3:27, 3:37], 1.0, atol=0.005)
        assert covered.sum() == pytest.approx(24 * 34, abs=0.5)


def test_faces_that_go_through_each_other_meet_where_their_depths_are_equal(cpu):
    """Over the image one over depth is linear: left from 1 to 1/3 towards the right, right the other way round."""
    corners = (0.0, 0.0), (38.0, 0.0), (38.0, 28.0), (0.0, 28.0)
    square = np.array([[0, 2, 1], [0, 3, 2]])
    hands: dict[Side, np.ndarray] = {
        "left": at(*corners, depth=(1.0, 3.0, 3.0, 1.0)),
        "right": at(*corners, depth=(3.0, 1.0, 1.0, 3.0)),
    }
    red_and_green = OverlayStyle(opacity=1.0, colours={"left": (255, 0, 0), "right": (0, 255, 0)})
    drawn = cpu(square).render(np.zeros((30, 40, 3), np.uint8), hands, FLAT, red_and_green).astype(int)
    assert (drawn[2:26, 2:18, 0] > drawn[2:26, 2:18, 1]).all()
    assert (drawn[2:26, 21:37, 0] < drawn[2:26, 21:37, 1]).all()


def test_the_inside_of_a_face_is_flat_and_dark(cpu):
    seen = at((2, 2), (35, 2), (2, 27))
    outside = cpu(OUTSIDE).render(np.zeros((30, 40, 3), np.uint8), {"left": seen}, FLAT, SOLID)
    inside = cpu(OUTSIDE[:, ::-1]).render(np.zeros((30, 40, 3), np.uint8), {"left": seen}, FLAT, SOLID)
    assert len(np.unique(inside[4:15, 4:15].reshape(-1, 3), axis=0)) == 1
    assert inside[10, 10].sum() < outside[10, 10].sum()


@pytest.mark.parametrize("corners", [[(5, 5), (5, 5), (5, 5)], [(1, 1), (9, 9), (30, 30)], [(3, 3), (3, 3), (20, 9)]])
def test_faces_without_an_area_are_not_seen(cpu, corners):
    assert coverage(cpu(OUTSIDE), {"left": at(*corners)}).sum() < 0.5


def test_a_face_through_the_camera_is_cut_at_the_near_plane(cpu):
    """A floor one metre below, from behind the camera to far ahead, is seen up to the horizon."""
    floor = np.array([[-50.0, 1.0, -5.0], [50.0, 1.0, -5.0], [50.0, 1.0, 1e4], [-50.0, 1.0, 1e4]], np.float32)
    camera = Intrinsics(fx=20.0, fy=20.0, cx=19.5, cy=14.5, width=40, height=30)
    square = np.array([[0, 2, 1], [0, 3, 2]])
    drawn = cpu(square).render(np.zeros((30, 40, 3), np.uint8), {"left": floor}, camera, SOLID)
    assert drawn[16:].any(axis=2).all()
    assert not drawn[:14].any()


@pytest.mark.parametrize("apart", [0.13, 0.04, 0.02])
@pytest.mark.parametrize("size", [(640, 480), (1280, 720)])
@pytest.mark.parametrize("opacity", [0.85, 1.0])
def test_hands_look_as_opengl_draws_them(apart, size, opacity):
    pytest.importorskip("numba")
    models = load_hand_models()
    faces: dict[Side, np.ndarray] = {side: model.faces for side, model in models.items()}
    try:
        gl = create_renderer("moderngl", faces)
    except BothhandsError as error:
        pytest.skip(f"no OpenGL here: {error}")
    renderers = [gl, CpuRenderer(faces)]
    image, style, camera = picture(*size), OverlayStyle(opacity=opacity), Intrinsics.from_fov(*size)
    for hands in moving_hands(models, 3, apart):
        expected, drawn = (renderer.render(image, hands, camera, style) for renderer in renderers)
        masks = [(one != image).any(axis=2) for one in (expected, drawn)]
        assert (masks[0] & masks[1]).sum() / (masks[0] | masks[1]).sum() > 0.995
        difference = np.abs(drawn.astype(int) - expected)[masks[0] | masks[1]]
        assert difference.mean() < 1.0
        assert (difference.max(axis=1) > 16).mean() < 0.005
        np.testing.assert_array_equal(drawn[~masks[1]], image[~masks[1]])
    for renderer in renderers:
        renderer.close()


def test_many_colours_are_those_asked_for():
    """Skin, white and black, with the shading's own tones on top."""
    pytest.importorskip("numba")
    models = load_hand_models()
    renderer = CpuRenderer({side: model.faces for side, model in models.items()})
    hands = moving_hands(models, 1, 0.13)[0]
    camera, image = Intrinsics.from_fov(640, 480), np.zeros((480, 640, 3), np.uint8)
    tones = []
    for colour in ((0, 0, 0), (128, 128, 128), (255, 255, 255)):
        style = OverlayStyle(opacity=1.0, colours={"left": colour, "right": colour})
        drawn = renderer.render(image, hands, camera, style)
        tones.append(drawn[drawn.any(axis=2)].mean())
    assert tones[0] < tones[1] < tones[2]


def test_without_numba_it_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setattr(compiled, "_ready", {})
    monkeypatch.setattr(compiled, "_problem", "numba cannot be loaded (no such module)")
    monkeypatch.setattr("render.cpu_renderer.load", lambda *_, **__: False)
    with pytest.raises(BothhandsError, match=r"numba cannot be loaded.*doctor") as caught:
        create_renderer("cpu", {"left": OUTSIDE, "right": OUTSIDE})
    assert "\n" not in str(caught.value)


def test_images_that_are_views_or_locked_are_taken(cpu):
    image = np.ascontiguousarray(picture()[:, ::-1])[:, ::-1]
    image.flags.writeable = False
    hands: dict[Side, np.ndarray] = {"left": at((20, 20), (100, 30), (40, 90)).astype(np.float64)}
    camera = Intrinsics(1.0, 1.0, 0.0, 0.0, INTRINSICS.width, INTRINSICS.height)
    drawn = cpu(OUTSIDE).render(image, hands, camera, SOLID)
    assert (drawn != image).any()
    np.testing.assert_array_equal(drawn[120:], image[120:])
