"""Calibrating cameras in the window, by an angle and by a board, and choosing among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QComboBox, QFileDialog, QInputDialog, QPushButton
from window_fakes import FakeSession, an_image

from app.cameras import ASSUMED, CameraCalibration
from app.live.board_calibration import MeasuredCamera
from app.live.board_loop import BoardProgress
from app.live.calibration_board import CORNERS, SQUARE_MM, board_cells, find_board
from app.settings import LARGEST_TEXT, SettingsStore
from app.window import cameras
from app.window.board_sheet import PAPERS, BoardScreen, board_rectangles, save_sheet
from app.window.camera_texts import NEED_TEXTS, depth_text, focal_text, guide_texts, measured_text
from app.window.main_window import MainWindow
from app.window.theme import apply_theme
from models.errors import BothhandsError
from models.values import Intrinsics
from tracking.camera_model import KnownCamera, from_angle

IMAGE = np.zeros((72, 128, 3), np.uint8)
MEASURED = MeasuredCamera(
    KnownCamera(90.5, 90.5, 64.0, 35.0, 128, 72), (-0.1, 0.02, 0.0, 0.0, 0.0), 0.31, 0.002, 2.4, 11.0, 14, 3
)
WEBCAM = CameraCalibration(name="Webcam & Co", source="demo", camera=MEASURED.camera, method="board")
PHONE = CameraCalibration(name="Phone", source="x", camera=KnownCamera.of(from_angle(640, 360, 80, "diagonal")))
SQUARE = CameraCalibration(name="Square", source="demo", camera=KnownCamera.of(Intrinsics.from_fov(64, 64, 50)))


class FakeLoop:
    """Is as far as a test says."""

    made: list[FakeLoop]

    def __init__(self, board: object) -> None:
        self.progress = BoardProgress(need="left edge")
        self.frames: list[object] = []
        self.started = self.closed = False
        FakeLoop.made.append(self)

    def start(self) -> None:
        self.started = True

    def restart(self) -> None:
        self.progress = BoardProgress(need="left edge")

    def see(self, frame: object) -> None:
        self.frames.append(frame)

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def _loops(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    FakeLoop.made = []
    monkeypatch.setattr(cameras, "BoardLoop", FakeLoop)
    yield
    assert all(loop.closed for loop in FakeLoop.made), "its thread ends with the page or the window"


def see(window: MainWindow, session: FakeSession, image: np.ndarray = IMAGE) -> None:
    session.pending = [an_image(image)]
    window._pull()


def titles(window: MainWindow) -> Sequence[str]:
    return [action.text() for action in window.cameras.entries.actions if not action.isSeparator()]


def action(window: MainWindow, title: str):
    return next(entry for entry in window.cameras.entries.actions if entry.text() == title)


def pick(box: QComboBox, row: int) -> None:
    box.setCurrentIndex(row)
    box.activated.emit(row)


def tried(session: FakeSession) -> KnownCamera | None:
    """What the session was told last to try."""
    name, *arguments = session.calls[-1]
    assert name == "set_cameras"
    return arguments[1] if len(arguments) > 1 else None


# By the angle.


def test_an_angle_is_entered_tried_and_kept(window: MainWindow, session: FakeSession, store: SettingsStore):
    see(window, session)
    page = window.cameras.page
    assert not page.isVisible()
    window.commands.actions["camera-angle"].trigger()
    assert page.isVisible()
    assert not page.isWindow(), "it lies below the image and blocks nothing"
    assert not page.guide.isVisible()
    field = page.field_of_view
    assert field.across == "diagonal"
    assert field.degrees == pytest.approx(67.0, abs=0.1), "what is assumed of such an image"
    assert tried(session) is None
    assert "Depth stays" in page.text.text()
    field.angle_box.setValue(78.0)
    camera = KnownCamera.of(from_angle(128, 72, 78.0, "diagonal"))
    assert tried(session) == camera, "the effect is seen before it is kept"
    assert "A hand that was at 50 cm is at 41 cm with it (-18.2 %)" in page.text.text()
    assert store.current.cameras == ()
    page.name_edit.setText("My webcam")
    page.keep_button.click()
    assert not page.isVisible()
    (kept,) = store.current.cameras
    assert (kept.name, kept.source, kept.source_name) == ("My webcam", "demo", "demo.mp4")
    assert (kept.camera, kept.method, kept.distortion) == (camera, "field of view", ())
    assert store.current.camera_choices == {"demo": "My webcam"}
    assert store.current.camera_rule.camera("demo", 1280, 720) == camera
    assert tried(session) is None
    assert session.calls[-1][1] == store.current
    assert action(window, "My webcam").isChecked()
    assert "demo.mp4 now takes the camera My webcam" in window.banners.banners[-1].message.text


@pytest.mark.parametrize(("row", "across"), [(0, "diagonal"), (1, "horizontal"), (2, "vertical")])
def test_the_angle_is_across_what_a_person_says(window: MainWindow, session: FakeSession, row: int, across):
    see(window, session)
    window.cameras.by_angle()
    field = window.cameras.page.field_of_view
    field.angle_box.setValue(50.0)
    pick(field.across_box, row)
    assert tried(session) == KnownCamera.of(from_angle(128, 72, 50.0, across))
    window.cameras.leave()


def test_usual_angles_are_named(window: MainWindow, session: FakeSession):
    see(window, session)
    window.cameras.by_angle()
    field = window.cameras.page.field_of_view
    pick(field.across_box, 1)
    row = next(row for row in range(field.usual_box.count()) if field.usual_box.itemData(row) == 78.0)
    pick(field.usual_box, row)
    assert (field.across, field.degrees) == ("diagonal", 78.0)
    assert tried(session) == KnownCamera.of(from_angle(128, 72, 78.0, "diagonal"))
    field.angle_box.setValue(80.0)
    assert field.usual_box.currentIndex() == 0, "it is no usual one any more"
    pick(field.usual_box, 0)
    assert field.degrees == 80.0
    window.cameras.leave()


def test_the_hand_that_is_seen_says_how_far_it_would_be(window: MainWindow, session: FakeSession):
    picture = an_image(IMAGE)
    hand = replace(picture.tracked.hands.hands["left"], joints=np.full((21, 3), 0.8))
    hands = replace(picture.tracked.hands, hands={"left": hand})
    used = Intrinsics.from_fov(128, 72, 60)
    session.pending = [replace(picture, tracked=replace(picture.tracked, hands=hands, intrinsics=used))]
    window._pull()
    window.cameras.by_angle()
    window.cameras.page.field_of_view.angle_box.setValue(90.0)
    now = from_angle(128, 72, 90.0, "diagonal")
    text = window.cameras.page.text.text()
    assert f"The hand that was at 80 cm is at {80 * now.fx / used.fx:.0f} cm" in text
    # The frames that come now are fitted with what is tried: the depth of before is still told.
    moved = replace(hand, joints=np.full((21, 3), 0.8 * now.fx / used.fx))
    hands = replace(hands, hands={"left": moved})
    session.pending = [replace(picture, tracked=replace(picture.tracked, hands=hands, intrinsics=now))]
    window._pull()
    window._refresh()
    assert "The hand that was at 80 cm" in window.cameras.page.text.text()
    window.cameras.leave()


def test_cancelling_leaves_all_as_it_was(window: MainWindow, session: FakeSession, store: SettingsStore):
    store.change(cameras=(WEBCAM,))
    see(window, session)
    window.cameras.by_angle()
    window.cameras.page.field_of_view.angle_box.setValue(90.0)
    window.cameras.page.cancel_button.click()
    assert not window.cameras.page.isVisible()
    assert tried(session) is None
    assert store.current.cameras == (WEBCAM,)
    assert store.current.camera_choices == {}


@pytest.mark.parametrize("name", ["", "   "])
def test_a_camera_is_not_kept_without_a_name(window: MainWindow, session: FakeSession, store: SettingsStore, name):
    see(window, session)
    window.cameras.by_angle()
    window.cameras.page.name_edit.setText(name)
    window.cameras.page.keep_button.click()
    assert "name" in window.banners.banners[-1].message.text
    assert window.cameras.page.isVisible()
    assert store.current.cameras == ()
    window.cameras.leave()


def test_nothing_can_be_calibrated_without_an_image(window: MainWindow, session: FakeSession):
    for command in ("camera-angle", "camera-board"):
        window.commands.actions[command].trigger()
        assert not window.cameras.page.isVisible()
        assert "no camera to calibrate" in window.banners.banners[-1].message.text
    assert FakeLoop.made == []


def test_another_source_closes_the_page(window: MainWindow, session: FakeSession):
    for begin in (window.cameras.by_angle, window.cameras.by_board):
        see(window, session)
        begin()
        assert window.cameras.page.isVisible()
        session.status = replace(session.status, source=f"another {begin}.mp4", camera="another")
        window._refresh()
        assert not window.cameras.page.isVisible()


def test_another_camera_of_the_same_name_closes_the_page(window: MainWindow, session: FakeSession):
    see(window, session)
    window.cameras.by_board()
    session.status = replace(session.status, camera="/dev/video9")
    window._refresh()
    assert not window.cameras.page.isVisible()
    assert FakeLoop.made[0].closed


def test_the_page_has_its_room_alone_and_none_in_full_screen(window: MainWindow, session: FakeSession):
    window.setup_page.open()
    see(window, session)
    window.cameras.by_angle()
    assert not window.setup_page.isVisible()
    window._show_controls(False)
    assert not window.cameras.page.isVisible()
    window._show_controls(True)
    assert window.cameras.page.isVisible()
    assert not window.setup_page.isVisible()
    window.cameras.leave()
    assert window.setup_page.isVisible()


# By a board.


def test_a_board_is_asked_for_measured_and_kept(window: MainWindow, session: FakeSession, store: SettingsStore):
    see(window, session)
    window.commands.actions["camera-board"].trigger()
    page, (loop,) = window.cameras.page, FakeLoop.made
    assert loop.started
    assert page.guide.isVisible()
    assert not page.keep_button.isVisible()
    assert page.guide.wish.text() == "Hold the board before the camera."
    see(window, session)
    assert len(loop.frames) == 1
    loop.progress = replace(loop.progress, lack=None, views=3, done=0.25, need="left edge", size=(128, 72))
    window._refresh()
    assert page.guide.wish.text() == NEED_TEXTS["left edge"]
    assert (page.guide.bar.value(), page.guide.bar.text()) == (25, "3 views, 25 %")
    loop.progress = replace(loop.progress, done=1.0, need=None, computing=True)
    window._refresh()
    assert "computed" in page.guide.state.text()
    loop.progress = replace(loop.progress, computing=False, result=MEASURED)
    window._refresh()
    assert tried(session) == MEASURED.camera
    assert page.keep_button.isVisible()
    assert not page.guide.isVisible()
    assert measured_text(MEASURED) in page.text.text()
    assert page.name_edit.text() == "demo.mp4 128x72"
    assert store.current.cameras == ()
    page.keep_button.click()
    (kept,) = store.current.cameras
    assert (kept.method, kept.distortion, kept.rms, kept.pinhole_error) == ("board", MEASURED.distortion, 0.31, 2.4)
    assert loop.closed
    store.save()
    assert SettingsStore.load(store.path).current.cameras == (kept,)


def test_views_that_are_refused_say_why_and_are_taken_again(window: MainWindow, session: FakeSession):
    see(window, session)
    window.cameras.by_board()
    page, (loop,) = window.cameras.page, FakeLoop.made
    loop.progress = replace(loop.progress, error="The board is bent.")
    window._refresh()
    assert page.guide.state.text() == "The board is bent."
    assert page.again_button.isVisible()
    assert not page.keep_button.isVisible()
    page.again_button.click()
    assert page.guide.state.text() != "The board is bent."
    assert not page.again_button.isVisible()
    loop.progress = replace(loop.progress, result=MEASURED)
    window._refresh()
    page.again_button.click()
    assert page.guide.isVisible()
    assert tried(session) is None
    window.cameras.leave()


def test_a_mirror_swaps_left_and_right():
    progress = BoardProgress(lack=None, views=2, need="upper left")
    assert guide_texts(progress, mirrored=False)[0] == NEED_TEXTS["upper left"]
    assert guide_texts(progress, mirrored=True)[0] == NEED_TEXTS["upper right"]
    progress = replace(progress, need="right edge")
    assert guide_texts(progress, mirrored=True)[0] == NEED_TEXTS["left edge"]
    progress = replace(progress, need="upper edge")
    assert guide_texts(progress, mirrored=True)[0] == NEED_TEXTS["upper edge"]


def test_the_map_shows_where_the_board_was(window: MainWindow, session: FakeSession):
    see(window, session)
    window.cameras.by_board()
    chart = window.cameras.page.guide.map
    left_out = chart.grab().toImage()
    progress = BoardProgress(places=(np.array([[0.1, 0.1]]),), now=np.array([[0.2, 0.8]]), size=(128, 72))
    shots = []
    for mirrored in (False, True):
        chart.show_places(progress, mirrored=mirrored)
        shots.append(chart.grab().toImage())
    assert left_out != shots[0] != shots[1]
    window.cameras.leave()


def test_sentences_have_figures():
    camera = from_angle(1280, 720, 60, "horizontal")
    assert focal_text(camera) == "Focal length 1109 px at 1280x720: 60.0° across, 36.0° from top to bottom."
    wider = from_angle(1280, 720, 70, "horizontal")
    assert depth_text(camera, wider, 0.6) == "The hand that was at 60 cm is at 49 cm with it (-17.5 %)."
    assert "0.31 px" in measured_text(MEASURED)
    assert "2.4 px off (RMS), at most 11 px" in measured_text(MEASURED)
    assert "does not bend" in measured_text(replace(MEASURED, pinhole_error=0.1, worst_error=0.4))


# The board itself.


def test_the_board_is_painted_whole():
    painted = np.zeros_like(board_cells())
    for left, top, width, height in board_rectangles():
        assert not painted[top : top + height, left : left + width].any(), "each cell once"
        painted[top : top + height, left : left + width] = True
    assert np.array_equal(painted, board_cells())


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_the_sheet_has_its_true_size(application: QApplication, tmp_path: Path, paper):
    path = save_sheet(tmp_path / "board.png", paper)
    with Image.open(path) as image:
        dpi, pixels = image.info["dpi"], np.repeat(np.asarray(image.convert("L"))[..., None], 3, axis=2)
    assert pixels.shape[1] / dpi[0] * 25.4 == pytest.approx(paper.width, abs=0.1)
    assert pixels.shape[0] / dpi[1] * 25.4 == pytest.approx(paper.height, abs=0.1)
    board = find_board(pixels)
    assert board is not None
    assert len(board.ids) == CORNERS
    span = board.corners[3] - board.corners[0]
    assert np.hypot(*span) / dpi[0] * 25.4 == pytest.approx(3 * SQUARE_MM, abs=0.05), "mm"
    sheet = save_sheet(tmp_path / "board", paper)
    assert sheet.suffix == ".pdf"
    width, height = (f"{round(side / 25.4 * 72)}" for side in (paper.width, paper.height))
    assert f"/MediaBox [0 0 {width}".encode() in sheet.read_bytes()
    assert height.encode() in sheet.read_bytes()


def test_a_sheet_that_cannot_be_written_is_told(application: QApplication, tmp_path: Path):
    for path in (tmp_path / "none" / "board.pdf", tmp_path / "none" / "board.png", tmp_path / "a\0.pdf"):
        with pytest.raises(BothhandsError, match="choose another folder"):
            save_sheet(path, PAPERS[0])


def test_the_board_is_saved_from_the_menu(window: MainWindow, tmp_path: Path):
    window.commands.actions["print-board"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    assert {"A4", "Letter"} <= {part.split()[-2] for part in dialog.nameFilters()}
    dialog.fileSelected.emit(str(tmp_path / "sheet.pdf"))
    dialog.close()
    window.cameras._tasks.wait()
    window.cameras._tasks.poll()
    assert (tmp_path / "sheet.pdf").stat().st_size > 1000
    assert "print it at 100 %" in window.banners.banners[-1].message.text


@pytest.mark.parametrize("size", [(800, 600), (500, 900)])
def test_the_board_on_a_screen_can_be_read(window: MainWindow, size: tuple[int, int]):
    screen = BoardScreen(window)
    screen.resize(*size)
    shot = screen.grab().toImage()
    pixels = np.array([[shot.pixelColor(x, y).red() for x in range(size[0])] for y in range(size[1])], np.uint8)
    board = find_board(np.repeat(pixels[..., None], 3, axis=2))
    assert board is not None
    assert len(board.ids) == CORNERS
    screen.show()
    QTest.keyClick(screen, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert not screen.isVisible()


# Those that are kept.


def test_cameras_are_chosen_in_the_menu(window: MainWindow, session: FakeSession, store: SettingsStore):
    none = "&None: assume 60° across"
    assert titles(window) == [none]
    assert not action(window, none).isEnabled(), "there is no image yet"
    store.change(cameras=(PHONE, SQUARE, WEBCAM))
    see(window, session)
    window.cameras.show_cameras()
    assert titles(window)[:4] == [none, "Phone", "Square (for images of 64x64)", "Webcam && Co"]
    assert action(window, "Webcam && Co").isChecked(), "it was made with this source"
    assert not action(window, "Square (for images of 64x64)").isEnabled()
    action(window, "Phone").trigger()
    assert store.current.camera_choices == {"demo": "Phone"}
    assert session.calls[-1] == ("set_cameras", store.current)
    assert action(window, "Phone").isChecked()
    action(window, none).trigger()
    assert store.current.camera_choices == {"demo": ASSUMED}
    assert action(window, none).isChecked()


def test_what_was_given_at_the_start_holds_until_another_is_chosen(
    application: QApplication, session: FakeSession, tmp_path: Path
):
    first = SettingsStore.load(tmp_path / "settings.json")
    first.change(cameras=(PHONE, WEBCAM))
    first.save()
    for given, title in (({"camera": "Phone"}, "Phone, for every source"), ({"fov": 70.0}, "As given at the start")):
        store = SettingsStore.load(tmp_path / "settings.json", **given)
        window = MainWindow(session, store)  # type: ignore[arg-type]
        see(window, session)
        window.cameras.show_cameras()
        assert titles(window)[0] == title
        assert action(window, title).isChecked()
        assert not action(window, "Webcam && Co").isChecked()
        action(window, "Webcam && Co").trigger()
        assert not store.current.camera_for_all
        assert store.current.camera_choices == {"demo": WEBCAM.name}
        assert action(window, "Webcam && Co").isChecked()
        window.close()


def test_cameras_are_renamed_and_deleted_and_come_back(window: MainWindow, session: FakeSession, store: SettingsStore):
    store.change(cameras=(PHONE, WEBCAM), camera_choices={"demo": "Phone", "other": "Phone"})
    see(window, session)
    window.cameras.show_cameras()
    action(window, "&Rename Phone…").trigger()
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("My phone")
    dialog.accept()
    assert [camera.name for camera in store.current.cameras] == ["My phone", WEBCAM.name]
    assert store.current.camera_choices == {"demo": "My phone", "other": "My phone"}
    window.cameras.rename_to("My phone", WEBCAM.name)
    assert "already" in window.banners.banners[-1].message.text
    action(window, "&Delete My phone").trigger()
    assert store.current.cameras == (WEBCAM,)
    assert store.current.camera_choices == {}
    assert action(window, "Webcam && Co").isChecked()
    banner = window.banners.banners[-1]
    next(button for button in banner.findChildren(QPushButton) if button.text() == "Undo").click()
    assert [camera.name for camera in store.current.cameras] == [WEBCAM.name, "My phone"]
    assert store.current.camera_choices == {"demo": "My phone", "other": "My phone"}
    assert session.calls[-1] == ("set_cameras", store.current)


@pytest.mark.parametrize("percent", [100, LARGEST_TEXT])
def test_a_narrow_window_stays_narrow(
    window: MainWindow, session: FakeSession, application: QApplication, percent: int
):
    apply_theme(application, "dark", percent)
    try:
        window.resize(round(800 * percent / 100), 700)
        application.processEvents()
        wide = window.width()
        see(window, session)
        for begin in (window.cameras.by_angle, window.cameras.by_board):
            begin()
            application.processEvents()
            assert window.width() == wide
        FakeLoop.made[0].progress = replace(FakeLoop.made[0].progress, result=MEASURED)
        window._refresh()
        application.processEvents()
        assert window.width() == wide
        window.cameras.leave()
    finally:
        apply_theme(application)


def test_everything_in_the_page_has_a_name_and_a_tooltip(window: MainWindow):
    page = window.cameras.page
    field, guide = page.field_of_view, page.guide
    parts = (field.across_box, field.angle_box, field.usual_box, guide.bar, guide.map, guide.save_button)
    for part in (*parts, guide.screen_button, page.name_edit, page.keep_button, page.again_button, page.cancel_button):
        assert part.accessibleName()
        assert part.toolTip()
