from __future__ import annotations

import dataclasses
import resource
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from scipy import ndimage
from spheres import FACES, INTRINSICS, picture, sphere

from models.values import Intrinsics, Side
from render import create_renderer
from render.protocol import SIDE_COLOURS, MeshRenderer, OverlayStyle

Result = TypeVar("Result")

SOLID = OverlayStyle(opacity=1.0)


def coverage(
    renderer: MeshRenderer, vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics = INTRINSICS
) -> np.ndarray:
    """Share of each pixel that the meshes cover, from images over black and over white."""
    shape = (intrinsics.height, intrinsics.width, 3)
    over_black = renderer.render(np.zeros(shape, np.uint8), vertices, intrinsics, SOLID)
    over_white = renderer.render(np.full(shape, 255, np.uint8), vertices, intrinsics, SOLID)
    return 1.0 - (over_white.astype(float) - over_black).mean(axis=2) / 255.0


def sphere_silhouette(centre: tuple[float, float, float], radius: float, intrinsics: Intrinsics) -> np.ndarray:
    """Pixels whose centre's ray meets a sphere: a ray p meets it where (c.p)^2 >= (|c|^2 - r^2) |p|^2."""
    x = (np.arange(intrinsics.width) - intrinsics.cx) / intrinsics.fx
    y = (np.arange(intrinsics.height)[:, None] - intrinsics.cy) / intrinsics.fy
    along = x * centre[0] + y * centre[1] + centre[2]
    return along**2 >= (np.dot(centre, centre) - radius**2) * (x**2 + y**2 + 1.0)


def test_sphere_on_the_axis_is_a_disc_of_known_radius_and_place(renderer: MeshRenderer) -> None:
    square = dataclasses.replace(INTRINSICS, fx=300.0, fy=300.0)
    radius, depth = 0.08, 0.5
    covered = coverage(renderer, {"left": sphere((0, 0, depth), radius)}, square)
    expected = square.fx * radius / np.sqrt(depth**2 - radius**2)
    assert np.sqrt(covered.sum() / np.pi) == pytest.approx(expected, abs=0.2)
    assert ndimage.center_of_mass(covered) == pytest.approx((square.cy, square.cx), abs=0.1)


@pytest.mark.parametrize("centre", [(0.12, -0.05, 0.4), (-0.2, 0.1, 0.45), (0.25, 0.0, 0.5)])
def test_sphere_anywhere_has_the_silhouette_of_its_tangent_cone(
    renderer: MeshRenderer, centre: tuple[float, float, float]
) -> None:
    covered = coverage(renderer, {"right": sphere(centre, 0.06)}) > 0.5
    expected = sphere_silhouette(centre, 0.06, INTRINSICS)
    assert covered.any()
    assert not (covered & ~ndimage.binary_dilation(expected)).any()
    assert not (ndimage.binary_erosion(expected, border_value=1) & ~covered).any()


def test_a_far_point_lies_where_the_intrinsics_project_it(renderer: MeshRenderer) -> None:
    centre = np.array([1.1, -0.7, 5.0])
    covered = coverage(renderer, {"left": sphere((1.1, -0.7, 5.0), 0.05)})
    row, column = ndimage.center_of_mass(covered)
    assert (column, row) == pytest.approx(tuple(INTRINSICS.project(centre)), abs=0.15)


@pytest.mark.parametrize("name", ["moderngl", "cpu"])
def test_the_renderers_agree_with_the_reference(name: str, make_renderer: Callable[[str], MeshRenderer]) -> None:
    hands: dict[Side, np.ndarray] = {"left": sphere((-0.05, 0, 0.5), 0.1), "right": sphere((0.1, 0.03, 0.6), 0.12)}
    fast, reference = (coverage(make_renderer(one), hands) > 0.5 for one in (name, "pyrender"))
    assert (fast & reference).sum() / (fast | reference).sum() > 0.98


@pytest.mark.parametrize(("left_depth", "right_depth", "nearer"), [(0.4, 0.7, "left"), (0.7, 0.4, "right")])
@pytest.mark.parametrize("opacity", [1.0, 0.5])
def test_the_nearer_hand_hides_the_farther_one(
    renderer: MeshRenderer, left_depth: float, right_depth: float, nearer: Side, opacity: float
) -> None:
    hands: dict[Side, np.ndarray] = {
        "left": sphere((0, 0, left_depth), 0.08),
        "right": sphere((0, 0, right_depth), 0.08),
    }
    style = OverlayStyle(opacity=opacity)
    both = renderer.render(picture(), hands, INTRINSICS, style)
    alone = renderer.render(picture(), {nearer: hands[nearer]}, INTRINSICS, style)
    row, column = round(INTRINSICS.cy), round(INTRINSICS.cx)
    centre = np.s_[row - 20 : row + 20, column - 20 : column + 20]
    np.testing.assert_array_equal(both[centre], alone[centre])
    assert not np.array_equal(both[centre], picture()[centre])


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_hand_has_its_sides_hue(renderer: MeshRenderer, side: Side) -> None:
    drawn = renderer.render(picture(), {side: sphere((0, 0, 0.5), 0.08)}, INTRINSICS, SOLID)
    pixel = drawn[round(INTRINSICS.cy), round(INTRINSICS.cx)].astype(int)
    assert list(np.argsort(pixel)) == list(np.argsort(SIDE_COLOURS[side]))


def test_opacity_mixes_with_the_image(renderer: MeshRenderer) -> None:
    hand: dict[Side, np.ndarray] = {"left": sphere((0, 0, 0.5), 0.1)}
    solid = renderer.render(picture(), hand, INTRINSICS, SOLID).astype(float)
    half = renderer.render(picture(), hand, INTRINSICS, OverlayStyle(opacity=0.5))
    np.testing.assert_allclose(half, 0.5 * solid + 0.5 * picture(), atol=2.0)


def test_opacity_zero_leaves_the_image(renderer: MeshRenderer) -> None:
    hand: dict[Side, np.ndarray] = {"left": sphere((0, 0, 0.5), 0.1)}
    np.testing.assert_array_equal(renderer.render(picture(), hand, INTRINSICS, OverlayStyle(opacity=0.0)), picture())


def test_pixels_off_the_hands_keep_their_values_and_the_input_is_not_written(renderer: MeshRenderer) -> None:
    centre = (0.05, 0.02, 0.5)
    image = picture()
    image.flags.writeable = False
    drawn = renderer.render(image, {"left": sphere(centre, 0.1)}, INTRINSICS, SOLID)
    off = ~ndimage.binary_dilation(sphere_silhouette(centre, 0.1, INTRINSICS), iterations=2)
    np.testing.assert_array_equal(drawn[off], picture()[off])
    np.testing.assert_array_equal(image, picture())


@pytest.mark.parametrize(
    "vertices",
    [
        pytest.param(np.full_like(sphere((0, 0, 1), 1), np.nan), id="nan"),
        pytest.param(np.full_like(sphere((0, 0, 1), 1), np.inf), id="infinite"),
        pytest.param(sphere((0, 0, -0.5), 0.1), id="behind the camera"),
        pytest.param(sphere((9.0, 0, 0.5), 0.1), id="beside the image"),
        pytest.param(sphere((0, 0, 1e7), 0.1), id="absurdly far"),
    ],
)
def test_what_cannot_be_seen_leaves_the_image_and_the_other_hand(renderer: MeshRenderer, vertices: np.ndarray) -> None:
    other = sphere((0.05, 0, 0.5), 0.08)
    drawn = renderer.render(picture(), {"left": vertices, "right": other}, INTRINSICS, SOLID)
    alone = renderer.render(picture(), {"right": other}, INTRINSICS, SOLID)
    # Another far plane may round depths, and so shades, differently.
    assert np.abs(drawn.astype(int) - alone).max() <= 3
    assert (
        np.abs(renderer.render(picture(), {"left": vertices}, INTRINSICS, SOLID).astype(int) - picture()).sum() <= 600
    )


def test_a_hand_around_the_camera_fills_the_image(renderer: MeshRenderer) -> None:
    # Its far half is seen from inside, through the near plane's cut.
    covered = coverage(renderer, {"left": sphere((0, 0, 0.05), 0.2)})
    assert covered.min() > 0.99


def test_a_hand_partly_outside_is_cut_at_the_edge(renderer: MeshRenderer) -> None:
    centre = (-0.25, 0.15, 0.5)
    covered = coverage(renderer, {"left": sphere(centre, 0.1)}) > 0.5
    expected = sphere_silhouette(centre, 0.1, INTRINSICS)
    assert expected[:, 0].any()
    assert expected[-1].any()
    assert (covered != expected).sum() < 0.02 * expected.sum()


def test_image_sizes_may_change(renderer: MeshRenderer) -> None:
    hand: dict[Side, np.ndarray] = {"left": sphere((0, 0, 0.5), 0.4)}
    for width, height in [(64, 48), (1, 1), (333, 117), (3, 200), (64, 48)]:
        intrinsics = Intrinsics.from_fov(width, height)
        drawn = renderer.render(picture(width, height), hand, intrinsics, SOLID)
        assert drawn.shape == (height, width, 3)
        middle = drawn[height // 2, width // 2].astype(int)
        assert list(np.argsort(middle)) == list(np.argsort(SIDE_COLOURS["left"]))


@pytest.mark.parametrize("name", ["moderngl", "cpu"])
def test_a_large_image_is_drawn_in_tiles_without_seams(
    name: str, make_renderer: Callable[[str], MeshRenderer], monkeypatch: pytest.MonkeyPatch
) -> None:
    hands: dict[Side, np.ndarray] = {"left": sphere((0, 0, 0.5), 0.2), "right": sphere((0.1, 0.03, 0.6), 0.12)}
    renderer = make_renderer(name)
    whole = renderer.render(picture(), hands, INTRINSICS, SOLID)
    monkeypatch.setattr(f"render.{name}_renderer.TILE", 50)
    tiled = renderer.render(picture(), hands, INTRINSICS, SOLID)
    # Edges may fall on the other side of a sample by rounding.
    assert (np.abs(tiled.astype(int) - whole).max(axis=2) > 2).mean() < 0.002


@pytest.mark.parametrize("name", ["moderngl", "cpu"])
def test_4k(name: str, make_renderer: Callable[[str], MeshRenderer]) -> None:
    intrinsics = Intrinsics.from_fov(3840, 2160)
    centre, image = (0.05, 0.02, 0.4), np.zeros((2160, 3840, 3), np.uint8)
    drawn = make_renderer(name).render(image, {"right": sphere(centre, 0.1)}, intrinsics, SOLID)
    covered = (drawn[..., 0] | drawn[..., 1] | drawn[..., 2]) > 0
    expected = sphere_silhouette(centre, 0.1, intrinsics)
    assert (covered & expected).sum() / (covered | expected).sum() > 0.99


def in_another_thread(work: Callable[[], Result]) -> Result:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


@pytest.mark.parametrize("name", ["moderngl", "pyrender", "cpu"])
def test_works_in_another_thread_beside_one_in_this(name: str, make_renderer: Callable[[str], MeshRenderer]) -> None:
    hand: dict[Side, np.ndarray] = {"left": sphere((0, 0, 0.5), 0.1)}
    here = make_renderer(name)

    def work() -> np.ndarray:
        there = create_renderer(name, FACES)
        drawn = there.render(picture(), hand, INTRINSICS, SOLID)
        there.close()
        return drawn

    np.testing.assert_array_equal(in_another_thread(work), here.render(picture(), hand, INTRINSICS, SOLID))


def test_another_thread_than_the_makers_is_refused(renderer: MeshRenderer) -> None:
    with pytest.raises(RuntimeError, match="must be used and closed there"):
        in_another_thread(lambda: renderer.render(picture(), {}, INTRINSICS, SOLID))
    with pytest.raises(RuntimeError, match="must be used and closed there"):
        in_another_thread(renderer.close)


@pytest.mark.parametrize("closed", ["moderngl", "pyrender", "cpu"])
def test_closing_one_leaves_the_others_working(closed: str, make_renderer: Callable[[str], MeshRenderer]) -> None:
    hand: dict[Side, np.ndarray] = {"left": sphere((0, 0, 0.5), 0.1)}
    others = [make_renderer("moderngl"), make_renderer("pyrender")]
    before = [other.render(picture(), hand, INTRINSICS, SOLID) for other in others]
    first = make_renderer(closed)
    first.render(picture(), hand, INTRINSICS, SOLID)
    first.close()
    first.close()
    for other, expected in zip(others, before, strict=True):
        np.testing.assert_array_equal(other.render(picture(), hand, INTRINSICS, SOLID), expected)


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize(("name", "cycles"), [("moderngl", 10), ("pyrender", 6), ("cpu", 20)])
def test_making_and_closing_leaks_no_memory(
    name: str, cycles: int, make_renderer: Callable[[str], MeshRenderer]
) -> None:
    hand: dict[Side, np.ndarray] = {"left": sphere((0, 0, 0.5), 0.1)}
    intrinsics = Intrinsics.from_fov(640, 480)
    image = picture(640, 480)

    def cycle() -> None:
        renderer = create_renderer(name, FACES)
        renderer.render(image, hand, intrinsics, SOLID)
        renderer.close()

    make_renderer(name)
    for _ in range(3):
        cycle()
    before = resident_bytes()
    for _ in range(cycles):
        cycle()
    # The drawing buffers of a single cycle, were they kept, are 6 MB (moderngl) or 11 MB (pyrender).
    assert resident_bytes() - before < cycles * 1e6
