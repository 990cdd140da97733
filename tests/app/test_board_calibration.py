"""Calibrating a camera by a board: rendered boards that known cameras see, and what is refused."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from app.live.board_calibration import MeasuredCamera, calibrate
from app.live.board_loop import EVERY_NS, BoardLoop
from app.live.board_views import FEWEST_VIEWS, BoardView, BoardViews
from app.live.calibration_board import (
    CORNERS,
    SQUARE_MM,
    SeenBoard,
    board_cells,
    board_points,
    find_board,
    is_mirrored,
)
from app.live.values import MessageBoard
from models.errors import BothhandsError
from models.values import Intrinsics
from tests.app.rendered_boards import CAMERA, SQUARE, pose, render
from tracking.camera_model import KnownCamera
from tracking.values import Frame

STEP_NS = EVERY_NS + 10_000_000
WALK: Sequence[dict] = (
    {},
    {"tilt": (0, 28, 0)},
    {"tilt": (0, -28, 5)},
    {"tilt": (28, 0, 0)},
    {"tilt": (-28, 0, -8)},
    {"tilt": (0, -38, 85), "depth": 0.4},
    {"tilt": (36, 10, 90), "depth": 0.4},
    {"place": (-0.6, -0.5), "tilt": (-10, 10, 0)},
    {"place": (0.6, -0.5), "tilt": (10, 10, 90)},
    {"place": (-0.6, 0.5), "tilt": (10, -10, 90)},
    {"place": (0.6, 0.5), "tilt": (0, 12, 0)},
    {"depth": 0.8, "tilt": (20, -20, 0)},
    {"depth": 0.85, "tilt": (-25, 20, 0), "place": (0.2, 0.3)},
)
"""How somebody holds the board, one after the other."""


@cache
def walk_images(distortion: tuple[float, ...] = ()) -> tuple[np.ndarray, ...]:
    """What the camera sees on the way; nobody may write into them."""
    return tuple(render(*pose(**how), distortion=distortion, seed=number) for number, how in enumerate(WALK))


@cache
def walk(distortion: tuple[float, ...] = ()) -> tuple[SeenBoard, ...]:
    """The boards that are found on the way."""
    boards = [find_board(image) for image in walk_images(distortion)]
    assert all(board is not None for board in boards)
    return tuple(board for board in boards if board is not None)


def show(views: BoardViews, board: SeenBoard | None, now: int, frames: int = 2) -> int:
    """Hold a board before the camera for some frames."""
    for number in range(frames):
        views.update(board, now + number * STEP_NS)
    return now + (frames + 5) * STEP_NS


def true_corners(how: dict, ids: np.ndarray, camera: Intrinsics = CAMERA) -> np.ndarray:
    rotation, middle = pose(**how)
    return camera.project((board_points(ids) - (2.5, 3.5, 0)) * SQUARE @ rotation.T + middle)


def seen(how: dict, number: int, camera: Intrinsics = CAMERA) -> SeenBoard:
    """A sharp board without its image: the corners inside of that, found to a twentieth of a pixel."""
    size = (camera.width, camera.height)
    ids = np.arange(CORNERS)
    corners = true_corners(how, ids, camera) + np.random.default_rng(number).normal(0, 0.05, (CORNERS, 2))
    inside = ((corners > 0) & (corners < size)).all(axis=1)
    return SeenBoard(ids[inside], corners[inside], 1.5, SQUARE * camera.fx / how.get("depth", 0.5), size)


# Finding it.


def test_the_board_fits_the_paper_that_there_is():
    rows, columns = board_cells().shape
    width, height = columns / 8 * SQUARE_MM, rows / 8 * SQUARE_MM
    assert (width, height) == (175, 245)
    assert min(210 - width, 215.9 - width, 297 - height, 279.4 - height) >= 30, "printers leave a rim white"


@pytest.mark.parametrize("how", [WALK[0], WALK[1], WALK[5], WALK[7], WALK[11]], ids=str)
def test_corners_are_found_where_they_are(how: dict):
    board = find_board(render(*pose(**how)))
    assert board is not None
    assert len(board.ids) > CORNERS / 2
    assert np.linalg.norm(board.corners - true_corners(how, board.ids), axis=1).mean() < 0.1, "px, by our count of them"


@pytest.mark.parametrize(("blur", "least", "most"), [(0.0, 1.0, 2.2), (1.5, 3.5, 4.5), (3.0, 5.5, 8.0)])
def test_the_blur_is_told_in_pixels(blur: float, least: float, most: float):
    board = find_board(render(*pose(depth=0.4), blur=blur))
    assert board is not None
    assert least < board.blur < most


def test_a_board_that_moved_while_it_was_taken_is_blurred_in_its_worse_direction():
    streak = np.zeros((9, 9), np.float32)
    streak[4] = 1 / 9
    board = find_board(np.ascontiguousarray(cv2.filter2D(render(*pose(depth=0.4)), -1, streak)))
    assert board is not None
    assert board.blur > 4.5


def test_there_is_no_board_where_there_is_none():
    assert find_board(np.full((720, 1280, 3), 128, np.uint8)) is None
    assert find_board(np.random.default_rng(0).integers(0, 255, (480, 640, 3), np.uint8)) is None


def test_a_mirrored_board_is_no_board_and_is_told():
    image = render(*pose())
    mirrored = np.ascontiguousarray(image[:, ::-1])
    assert find_board(mirrored) is None
    assert is_mirrored(mirrored)
    assert not is_mirrored(image)


# Keeping views.


def test_all_that_is_asked_for_can_be_shown():
    views, now, asked = BoardViews(), 0, []
    for board in walk():
        asked.append(views.need)
        now = show(views, board, now)
    assert views.need is None
    assert views.progress == 1.0
    assert set(asked) - {None} >= {"left edge"}
    assert FEWEST_VIEWS <= len(views.views) <= len(WALK)
    assert all(((places > 0) & (places < 1)).all() for places in views.places)


@pytest.mark.parametrize(
    ("tilt", "serves"),
    [
        ((0, 28, 0), "right edge"),
        ((0, -28, 0), "left edge"),
        ((28, 0, 0), "upper edge"),
        ((-28, 0, 0), "lower edge"),
        ((28, 0, 90), "upper edge"),
    ],
)
def test_an_edge_is_named_as_the_image_shows_it(tilt, serves: str):
    rotation, middle = pose(tilt)
    board = find_board(render(rotation, middle))
    assert board is not None
    view = BoardView.of(board)
    assert view is not None
    assert {need for need in view.serves if "edge" in need} == {serves}
    depths = (board_points(board.ids) - (2.5, 3.5, 0)) * SQUARE @ rotation.T + middle
    nearest = board.corners[depths[:, 2].argmin()] - board.corners.mean(axis=0)
    axis, sign = {"right": (0, 1), "left": (0, -1), "upper": (1, -1), "lower": (1, 1)}[serves.split()[0]]
    assert sign * nearest[axis] > 0


def test_one_view_again_and_again_is_kept_once_and_needs_others():
    views, now = BoardViews(), 0
    for _ in range(30):
        now = show(views, walk()[0], now)
    assert len(views.views) == 1
    assert (views.lack, views.need) == ("another", "left edge")
    assert views.progress < 0.15


def test_a_board_must_be_held_still():
    views = BoardViews()
    for number in range(12):
        views.update(seen({"place": (-0.3 + 0.06 * number, 0.0)}, number), number * STEP_NS)
    assert (views.lack, views.views) == ("still", [])


@pytest.mark.parametrize("step_ns", [0, -STEP_NS, 10**10])
def test_time_that_leaps_tells_nothing_of_stillness(step_ns: int):
    views = BoardViews()
    for number in range(4):
        views.update(walk()[0], number * step_ns)
    assert (views.lack, views.views) == ("still", [])


def test_a_blurred_view_is_not_kept():
    views = BoardViews()
    show(views, find_board(render(*pose(depth=0.35), blur=3.0)), 0)
    assert (views.lack, views.views) == ("sharp", [])


def test_no_board_or_a_strip_of_it_is_not_kept():
    views = BoardViews()
    show(views, None, 0)
    assert views.lack == "board"
    first = walk()[0]
    strip = first.ids < 8  # two rows
    show(views, replace(first, ids=first.ids[strip], corners=first.corners[strip]), 10**9)
    assert (views.lack, views.views) == ("covered", [])


def test_another_image_size_begins_anew():
    views, now = BoardViews(), 0
    for board in walk()[:3]:
        now = show(views, board, now)
    assert len(views.views) == 3
    small = Intrinsics(450.0, 450.0, 319.5, 239.5, 640, 480)
    show(views, find_board(render(*pose(depth=0.4), small)), now)
    assert [view.board.size for view in views.views] == [(640, 480)]


def test_at_the_end_only_what_is_missing_is_kept():
    views, now = BoardViews(), 0
    rng = np.random.default_rng(0)
    for number in range(60):
        place = rng.uniform(-0.25, 0.25, 2)
        tilt = (rng.uniform(-6, 6), rng.uniform(-6, 6), 0)
        how = {"tilt": tilt, "place": (place[0], place[1]), "depth": rng.uniform(0.35, 0.6)}
        now = show(views, seen(how, number), now)
    assert len(views.views) <= FEWEST_VIEWS + 3
    assert views.need == "left edge"


# Computing.


def check(measured: MeasuredCamera, camera: Intrinsics = CAMERA, within: float = 0.01) -> None:
    assert measured.camera.fx == pytest.approx(camera.fx, rel=within)
    assert measured.camera.fy == pytest.approx(camera.fy, rel=within)
    assert abs(measured.camera.cx - camera.cx) < within * camera.width
    assert abs(measured.camera.cy - camera.cy) < within * camera.width


def test_the_focal_length_is_found_within_a_percent():
    measured = calibrate(walk())
    check(measured, within=0.003)
    assert measured.rms < 0.15
    assert measured.unsure < 0.003
    assert measured.pinhole_error < 0.3
    assert (measured.views, measured.left_out) == (len(WALK), 0)


@pytest.mark.parametrize(
    "camera", [Intrinsics(560.0, 560.0, 310.0, 250.0, 640, 480), Intrinsics(1150.0, 1150.0, 960.0, 545.0, 1920, 1080)]
)
def test_so_it_is_of_other_cameras(camera: Intrinsics):
    check(calibrate([seen(how, number, camera) for number, how in enumerate(WALK)]), camera)


def test_a_lens_that_bends_is_found_and_the_pinhole_camera_says_what_it_leaves_out():
    bend = (-0.15, 0.05, 0.0, 0.0, 0.0)
    measured = calibrate(walk(bend))
    np.testing.assert_allclose(measured.distortion, bend, atol=0.02)
    assert measured.rms < 0.2
    rng = np.random.default_rng(0)
    ahead = np.column_stack([rng.uniform(-0.6, 0.6, 4000), rng.uniform(-0.33, 0.33, 4000), np.ones(4000)])
    truly, _ = cv2.projectPoints(ahead, np.zeros(3), np.zeros(3), CAMERA.matrix, np.array(bend))
    off = np.linalg.norm(measured.camera.intrinsics.project(ahead) - truly.reshape(-1, 2), axis=1)
    assert measured.pinhole_error == pytest.approx(np.sqrt(np.mean(off**2)), rel=0.35)
    assert measured.worst_error > 2 * measured.pinhole_error
    plain = np.linalg.norm(CAMERA.project(ahead) - truly.reshape(-1, 2), axis=1)
    assert np.mean(off**2) < np.mean(plain**2), "nearer than the lens' own focal length"


def test_hands_that_cover_a_part_do_no_harm():
    boards = []
    for number, how in enumerate(WALK):
        image = walk_images()[number].copy()
        rng = np.random.default_rng(number)
        corners = true_corners(how, np.arange(CORNERS))
        for finger in corners[rng.choice(CORNERS, 3, replace=False)]:
            at = tuple(int(value) for value in finger + rng.uniform(-25, 25, 2))
            to = tuple(int(value) for value in finger + rng.uniform(-60, 60, 2))
            cv2.line(image, at, to, (196, 140, 120), 22, cv2.LINE_AA)
        board = find_board(image)
        assert board is not None
        boards.append(board)
    found = sum(len(board.ids) for board in boards)
    assert found < 0.8 * sum(len(board.ids) for board in walk()), "they cover something"
    check(calibrate(boards))


def test_corners_that_are_none_are_left_out():
    boards = list(walk())
    for number in range(0, len(boards), 2):
        corners = boards[number].corners.copy()
        corners[3] += (9.0, -14.0)
        boards[number] = replace(boards[number], corners=corners)
    measured = calibrate(boards)
    check(measured)
    assert measured.left_out == len(range(0, len(boards), 2))
    assert measured.rms < 0.2


def test_too_few_views_are_refused():
    with pytest.raises(BothhandsError, match="too few"):
        calibrate(walk()[: FEWEST_VIEWS - 1])
    with pytest.raises(BothhandsError, match="too few"):
        calibrate([])


def test_views_that_are_all_alike_are_refused():
    with pytest.raises(BothhandsError, match="too much alike"):
        calibrate([seen({"depth": 0.5}, number) for number in range(FEWEST_VIEWS)])


def test_views_that_face_the_camera_alone_are_refused():
    rng = np.random.default_rng(0)
    boards = []
    for number, (x, y, depth) in enumerate(
        zip(rng.uniform(-0.4, 0.4, 14), rng.uniform(-0.3, 0.3, 14), rng.uniform(0.5, 0.8, 14), strict=True)
    ):
        boards.append(seen({"tilt": (0, 0, rng.uniform(-30, 30)), "place": (x, y), "depth": depth}, number))
    with pytest.raises(BothhandsError, match="do not tell the focal length"):
        calibrate(boards)


def test_views_of_a_board_that_bends_are_refused():
    bent = []
    for number, board in enumerate(walk()):
        wave = 12 * np.sin(board.corners[:, 0] / 70 + number) * np.cos(board.corners[:, 1] / 50 - number)
        bent.append(replace(board, corners=board.corners + np.stack([wave, -wave], axis=-1)))
    with pytest.raises(BothhandsError, match="do not fit one camera"):
        calibrate(bent)


def test_views_of_two_sizes_are_refused():
    boards = list(walk())
    boards[2] = replace(boards[2], size=(640, 360))
    with pytest.raises(BothhandsError, match="several image sizes"):
        calibrate(boards)


# The thread.


def frames(images: Sequence[np.ndarray]) -> list[Frame]:
    """Each twice: held still."""
    return [Frame(number, number * STEP_NS, images[number // 2]) for number in range(2 * len(images))]


@pytest.fixture
def found_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The boards of `walk_images`, for tests of what becomes of them."""
    known = dict(zip(map(id, walk_images()), walk(), strict=True))
    monkeypatch.setattr("app.live.board_loop.find_board", lambda image: known[id(image)])


def test_the_loop_goes_from_the_first_view_to_the_camera():
    loop = BoardLoop(MessageBoard())
    assert (loop.progress.lack, loop.progress.need, loop.progress.views) == ("board", "left edge", 0)
    seen = []
    for frame in frames(walk_images()):
        loop.look(frame)
        seen.append(loop.progress.done)
        if loop.progress.result is not None:
            break
        assert loop.progress.now is not None
        assert loop.progress.size == (CAMERA.width, CAMERA.height)
    assert seen == sorted(seen)
    assert loop.progress.result is not None
    check(loop.progress.result)
    loop.look(Frame(99, 99 * STEP_NS, np.zeros((48, 64, 3), np.uint8)))
    assert loop.progress.result is not None, "it is done"
    loop.restart()
    assert (loop.progress.result, loop.progress.views) == (None, 0)
    loop.look(Frame(100, 100 * STEP_NS, np.zeros((48, 64, 3), np.uint8)))
    assert (loop.progress.lack, loop.progress.views, loop.progress.now) == ("board", 0, None)


def test_the_loop_looks_a_few_times_a_second(monkeypatch: pytest.MonkeyPatch):
    looked: list[int] = []
    monkeypatch.setattr("app.live.board_loop.find_board", lambda image: looked.append(1))
    loop = BoardLoop(MessageBoard())
    for number in range(60):
        loop.look(Frame(number, number * 16_666_667, np.zeros((4, 4, 3), np.uint8)))
    assert 7 <= len(looked) <= 9
    loop.look(Frame(60, 0, np.zeros((4, 4, 3), np.uint8)))
    assert len(looked) >= 8, "a clip that begins again is looked at"


def test_the_loop_says_that_the_source_is_mirrored_and_when_it_no_longer_is():
    loop, image = BoardLoop(MessageBoard()), render(*pose())
    for number in range(8):
        loop.look(Frame(number, number * STEP_NS, np.ascontiguousarray(image[:, ::-1])))
    assert loop.progress.lack == "mirrored"
    loop.look(Frame(8, 8 * STEP_NS, image))
    assert loop.progress.lack == "still"


@pytest.mark.usefixtures("found_before")
def test_refused_views_say_why_and_can_be_taken_again():
    def refuse(boards: Sequence[SeenBoard]) -> MeasuredCamera:
        raise BothhandsError("The board is bent.")

    loop = BoardLoop(MessageBoard(), refuse)
    for frame in frames(walk_images()):
        loop.look(frame)
    assert (loop.progress.error, loop.progress.result) == ("The board is bent.", None)
    loop.restart()
    assert (loop.progress.error, loop.progress.views) == ("", 0)


@pytest.mark.usefixtures("found_before")
def test_what_is_asked_for_anew_while_it_is_computed_is_not_shown_again():
    measured = MeasuredCamera(KnownCamera.of(CAMERA), (0.0,) * 5, 0.1, 0.001, 0.1, 0.2, 12, 0)

    def begin_anew(boards: Sequence[SeenBoard]) -> MeasuredCamera:
        loop.restart()
        return measured

    loop = BoardLoop(MessageBoard(), begin_anew)
    for frame in frames(walk_images()):
        loop.look(frame)
        if loop.progress.views == 0 and frame.index > 4:
            break
    assert (loop.progress.result, loop.progress.done) == (None, 0.0)


def test_it_runs_in_a_thread_that_ends(monkeypatch: pytest.MonkeyPatch):
    looked = threading.Event()
    monkeypatch.setattr("app.live.board_loop.find_board", lambda image: looked.set())
    loop = BoardLoop(MessageBoard())
    loop.start()
    loop.see(Frame(0, 0, np.zeros((4, 4, 3), np.uint8)))
    assert looked.wait(5.0)
    loop.close()
    assert not loop._thread.is_alive()
