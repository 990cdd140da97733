"""Where frames lie on the screen."""

from __future__ import annotations

import pytest

from app.live.framing import LARGEST_ZOOM, Framing, Pane, Zoom, panes

FRAME = (640, 360)


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ((1300, 400), [Pane(0, 0, 648, 400), Pane(652, 0, 648, 400)]),
        ((640, 900), [Pane(0, 0, 640, 448), Pane(0, 452, 640, 448)]),
    ],
)
def test_two_frames_lie_beside_each_other_or_above_where_they_become_larger_by_it(
    size: tuple[int, int], wanted: list[Pane]
):
    assert list(panes(*size, FRAME, 2, 4)) == wanted
    assert list(panes(*size, FRAME, 1, 4)) == [Pane(0, 0, *size)]


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (2000, 1), (1, 2000)])
def test_even_the_smallest_view_has_panes_with_an_area(size: tuple[int, int]):
    for pane in panes(*size, FRAME, 2, 4):
        assert pane.width > 0
        assert pane.height > 0
        assert Framing.of(FRAME, (pane.width, pane.height), Zoom(), False).scale > 0


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_whole_frame_lies_in_the_middle(mirrored: bool):
    framing = Framing.of(FRAME, (1280, 900), Zoom(), mirrored)
    assert (framing.scale, framing.left, framing.top) == (2.0, 0.0, 90.0)
    assert framing.point(0, 90) == (1.0 if mirrored else 0.0, 0.0)
    assert framing.point(640, 450) == (0.5, 0.5)


@pytest.mark.parametrize("mirrored", [False, True])
def test_what_lies_under_the_mouse_stays_there(mirrored: bool):
    framing = Framing.of(FRAME, (1280, 720), Zoom(), mirrored)
    for factor in (1.5, 2.0, 0.8, 3.0):
        at = 700.0, 300.0
        before = framing.point(*at)
        framing = Framing.of(FRAME, (1280, 720), framing.zoomed(factor, at), mirrored)
        assert framing.point(*at) == pytest.approx(before)
    assert framing.scale == pytest.approx(2 * 1.5 * 2.0 * 0.8 * 3.0)


def test_zoom_has_ends():
    framing = Framing.of(FRAME, (1280, 720), Zoom(), False)
    assert framing.zoomed(100.0, (0, 0)).factor == LARGEST_ZOOM
    assert framing.zoomed(0.01, (0, 0)) == Zoom()


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_drag_moves_what_is_seen_and_no_gap_opens(mirrored: bool):
    zoom = Zoom(2.0)
    framing = Framing.of(FRAME, (1280, 720), zoom, mirrored)
    at = framing.point(600, 300)
    moved = Framing.of(FRAME, (1280, 720), framing.moved(zoom, 40, -25), mirrored)
    assert moved.point(640, 275) == pytest.approx(at)
    far = framing.moved(zoom, 10_000, 10_000)
    corner = Framing.of(FRAME, (1280, 720), far, mirrored)
    assert (corner.left, corner.top) == (0.0, 0.0)
    back = corner.moved(far, -30, 0)
    assert Framing.of(FRAME, (1280, 720), back, mirrored).left == pytest.approx(-30), "a drag back is felt at once"


def test_a_frame_that_is_narrower_than_its_pane_stays_in_the_middle_until_it_fills_it():
    framing = Framing.of(FRAME, (1280, 1440), Zoom(1.5, 0.1, 0.1), False)
    assert framing.top == pytest.approx((1440 - 1.5 * 720) / 2)
    assert framing.left == 0.0
