from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spheres import INTRINSICS, SPHERE_FACES, sphere

from render.compositing import blend_over, linear_from_srgb
from render.geometry import Region, VertexNormals, clip_from_camera, covered_region, separate_regions


def test_normals_of_a_sphere_point_outwards() -> None:
    centre, radius = (0.3, -0.2, 0.9), 0.1
    vertices = sphere(centre, radius)
    normals = VertexNormals(SPHERE_FACES, len(vertices))(vertices)
    unit = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    np.testing.assert_allclose(unit, (vertices - centre) / radius, atol=0.01)


def test_normals_are_the_sums_over_the_faces_and_zero_where_there_are_none() -> None:
    numbers = np.random.default_rng(0)
    vertices, faces = numbers.normal(size=(40, 3)), numbers.integers(0, 30, (80, 3))
    sums = np.zeros((40, 3))
    for first, second, third in faces:
        sums[[first, second, third]] += np.cross(vertices[second] - vertices[first], vertices[third] - vertices[first])
    normals = VertexNormals(faces, 40)(vertices)
    assert normals.dtype == np.float32
    assert not normals[30:].any()
    np.testing.assert_allclose(normals, sums, atol=1e-5)


@given(
    x=st.floats(-1, 1),
    y=st.floats(-1, 1),
    z=st.floats(0.1, 3),
    left=st.integers(0, 200),
    top=st.integers(0, 100),
    width=st.integers(1, 120),
    height=st.integers(1, 140),
)
def test_projection_puts_points_at_their_pixels(
    x: float, y: float, z: float, left: int, top: int, width: int, height: int
) -> None:
    region = Region(left, top, left + width, top + height)
    clip = clip_from_camera(INTRINSICS, region, 0.1, 3.0) @ np.array([x, y, z, 1.0])
    window = (clip[:2] / clip[3] + 1.0) / 2.0 * (width, height)
    expected = INTRINSICS.project(np.array([x, y, z])) - (left, top) + 0.5
    np.testing.assert_allclose(window, expected, atol=1e-9 * (1 + np.abs(expected).max()))
    assert -1.0 - 1e-9 <= clip[2] / clip[3] <= 1.0 + 1e-9


def test_region_holds_every_projected_vertex_and_no_more_than_a_margin() -> None:
    vertices = sphere((0.02, 0.01, 0.5), 0.05)
    region = covered_region(vertices, INTRINSICS, 320, 240)
    assert region is not None
    pixels = INTRINSICS.project(vertices)
    inside = pixels - (region.left, region.top)
    assert (inside >= 0.5).all()
    assert (inside <= (region.width - 1.5, region.height - 1.5)).all()
    assert region.width <= np.ptp(pixels[:, 0]) + 5


def test_region_is_the_whole_image_where_a_mesh_reaches_behind_the_camera_and_none_outside() -> None:
    assert covered_region(sphere((0, 0, 0), 0.1), INTRINSICS, 320, 240) == Region(0, 0, 320, 240)
    assert covered_region(sphere((5, 0, 1), 0.1), INTRINSICS, 320, 240) is None


@given(left=st.integers(0, 50), top=st.integers(0, 50), width=st.integers(1, 90), height=st.integers(1, 90))
def test_tiles_hold_every_pixel_once(left: int, top: int, width: int, height: int) -> None:
    region = Region(left, top, left + width, top + height)
    count = np.zeros((150, 150), int)
    for tile in region.tiles(32):
        assert max(tile.width, tile.height) <= 32
        count[tile.slices] += 1
    expected = np.zeros((150, 150), int)
    expected[region.slices] = 1
    np.testing.assert_array_equal(count, expected)


def test_regions_are_joined_only_where_they_meet() -> None:
    left, apart, touching = Region(0, 0, 10, 10), Region(10, 0, 20, 10), Region(9, 9, 20, 20)
    assert separate_regions({"left": left, "right": apart}) == [(left, ("left",)), (apart, ("right",))]
    assert separate_regions({"left": left, "right": touching}) == [(Region(0, 0, 20, 20), ("left", "right"))]


def test_blending_is_the_over_operator() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (40, 50, 3), np.uint8)
    alpha = rng.integers(0, 256, (40, 50, 1))
    alpha[:20] = 0
    premultiplied = rng.integers(0, 256, (40, 50, 3)) * alpha // 255
    blended = picture.copy()
    blend_over(blended, np.concatenate([premultiplied, alpha], axis=2).astype(np.uint8))
    np.testing.assert_allclose(blended, premultiplied + picture * (1.0 - alpha / 255.0), atol=0.51)
    np.testing.assert_array_equal(blended[:20], picture[:20])


def test_srgb_decoding() -> None:
    # 0.214041 is sRGB mid grey in linear light; 10 lies on the linear toe.
    assert linear_from_srgb((0, 255, 10)) == pytest.approx((0.0, 1.0, 10 / 255 / 12.92))
    assert linear_from_srgb((128, 188, 64)) == pytest.approx((0.215861, 0.502886, 0.0512695), abs=1e-5)
