"""Cameras in the window: the menu of those that are calibrated, calibrating them, and their modes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from PyQt5 import sip
from PyQt5.QtCore import QObject, QStandardPaths
from PyQt5.QtWidgets import QFileDialog, QMenu, QWidget

from app.cameras import ASSUMED, CameraCalibration, offered_name, renamed, with_choice, without_name
from app.live import LiveStatus, Message, RenderedFrame
from app.live.board_calibration import MeasuredCamera
from app.live.board_loop import BoardLoop
from app.live.control_wishes import ControlWishes
from app.live.values import MessageBoard
from app.naming import find, given_name, with_one, without
from app.settings import Settings
from app.window.banner import BannerStack
from app.window.board_sheet import PAPERS, BoardScreen, save_sheet, usual_paper
from app.window.camera_controls import CameraControls
from app.window.camera_page import CameraPage
from app.window.camera_texts import calibration_title, depth_text, focal_text, measured_text
from app.window.dialogs import ask_name, open_file_dialog
from app.window.language import Texts
from app.window.menu_entries import MenuEntries, as_entry
from app.window.tasks import WindowTasks
from models.errors import BothhandsError
from models.values import Intrinsics
from tracking.camera_model import KnownCamera, angle_of, camera_from, from_angle
from tracking.sources import is_camera
from tracking.sources.camera_controls import CameraControl, ControlName, Told, defaults, read_controls
from tracking.sources.camera_mode import read_mode

tr = Texts("Cameras")


class CameraSession(Protocol):
    """What is asked of `app.live.LiveSession`."""

    @property
    def status(self) -> LiveStatus:
        """What is going on now."""
        ...

    def set_cameras(self, settings: Settings, trial: KnownCamera | None = None) -> None:
        """Take intrinsics from elsewhere."""
        ...

    def set_camera_modes(self, settings: Settings) -> None:
        """Ask cameras for other modes."""
        ...

    def set_camera_controls(self, settings: Settings) -> None:
        """Have cameras' drivers told other values when they are opened."""
        ...


class Cameras(QObject):
    """Calibrates cameras, keeps them and chooses among them.

    Attributes:
        page: to be laid below the image.
        entries: of the menu; None until there is one.

    Args:
        window: that dialogs belong to.
        session: whose fits take the intrinsics.
        banners: where messages are shown.
        settings: gives those that hold now.
        remember: changes and saves settings, and returns them.
        mirrored: whether the screen is a mirror.
    """

    def __init__(
        self,
        window: QWidget,
        session: CameraSession,
        banners: BannerStack,
        settings: Callable[[], Settings],
        remember: Callable[..., Any],
        mirrored: Callable[[], bool],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._banners = banners
        self._settings = settings
        self._remember = remember
        self._mirrored = mirrored
        self._tasks = WindowTasks(self, banners)
        self._doing: Literal["angle", "board"] | None = None
        self._board: MessageBoard = MessageBoard()
        self._loop: BoardLoop | None = None
        self._measured: MeasuredCamera | None = None
        self._tried: KnownCamera | None = None
        self._picture: RenderedFrame | None = None
        self._size: tuple[int, int] | None = None
        self._source = ""
        self._before: Intrinsics | None = None
        self._controls: CameraControls | None = None
        self.entries: MenuEntries | None = None
        self.page = CameraPage()
        self.page.kept.connect(self._keep)
        self.page.again.connect(self.by_board)
        self.page.cancelled.connect(self.leave)
        self.page.field_of_view.changed.connect(self._try_angle)
        self.page.guide.save_button.clicked.connect(lambda: self.save_board())
        self.page.guide.screen_button.clicked.connect(lambda: self.show_board())

    @property
    def busy(self) -> bool:
        """Whether the page is open."""
        return self._doing is not None

    # Calibrating.

    def by_angle(self) -> None:
        """Open the page in which the field of view is entered."""
        if not self._can_begin():
            return
        self._end_loop()
        self._doing, self._measured, self._tried = "angle", None, None
        self._session.set_cameras(self._settings())
        self._offer_angle()

    def by_board(self) -> None:
        """Open the guide through the calibration by a board, or begin anew where it is open."""
        if not self._can_begin():
            return
        self._doing, self._measured, self._tried = "board", None, None
        self._session.set_cameras(self._settings())
        if self._loop is None:
            self._loop = BoardLoop(self._board)
            self._loop.start()
        else:
            self._loop.restart()
        self.page.open_board()
        self.refresh()

    def leave(self) -> None:
        """Close the page; the fits go on with the camera that is chosen."""
        self._end_loop()
        self._doing, self._measured, self._tried = None, None, None
        self.page.leave()
        self._session.set_cameras(self._settings())

    def restart(self) -> None:
        """Another source begins, which another camera took."""
        self._close_controls()
        self._picture, self._size = None, None
        if self.busy:
            self.leave()

    def see(self, picture: RenderedFrame) -> None:
        """Take the next frame in."""
        height, width = picture.tracked.frame.image.shape[:2]
        before, self._size, self._picture = self._size, (width, height), picture
        if self._loop is not None:
            self._loop.see(picture.tracked.frame)
        if before not in (None, self._size) and self._doing == "angle":
            self._offer_angle()

    def refresh(self) -> None:
        """Show how far it is by now."""
        if self.busy and self._session.status.camera != self._source:
            self.leave()
        loop = self._loop
        if self._doing == "board" and loop is not None and self._measured is None:
            progress = loop.progress
            self.page.guide.show_progress(progress, mirrored=self._mirrored())
            if progress.error:
                self.page.show_refused()
            if progress.result is not None:
                self._measured = progress.result
                self._try(progress.result.camera)
                self.page.show_result(self._offered_name())
        if self._tried is not None or self._doing == "angle":
            self._show_effect()
        for message in self._board.drain():
            self._banners.show_message(message)

    def close(self) -> None:
        """End what runs."""
        self._end_loop()
        self._tasks.close()

    def save_board(self) -> None:
        """Ask where to save the board to be printed."""
        usual = usual_paper()
        papers = {f"PDF, {paper.name} (*.pdf)": paper for paper in sorted(PAPERS, key=lambda each: each != usual)}
        papers |= {f"PNG, {paper.name} (*.png)": paper for paper in sorted(PAPERS, key=lambda each: each != usual)}
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self._window, tr("Save the calibration board"), folder, ";;".join(papers))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("png" if "png" in chosen else "pdf"))
        dialog.selectFile(tr("calibration-board"))

        def save(path: str) -> None:
            paper = papers.get(dialog.selectedNameFilter(), usual)
            self._tasks.begin("board-sheet", lambda: save_sheet(Path(path), paper), self._tell_saved)

        open_file_dialog(dialog, save)

    def show_board(self) -> None:
        """Show the board over a whole screen."""
        BoardScreen(self._window).showFullScreen()

    def _tell_saved(self, path: Path) -> None:
        text = tr(
            "The board is in {path}: print it at 100 %, not fitted to the page, or open it on a tablet.", path=path
        )
        self._banners.show_message(Message("info", text))

    def _can_begin(self) -> bool:
        if self._size is None or not self._session.status.camera:
            text = tr("There is no camera to calibrate: choose one under Source, or wait for its first image.")
            self._banners.show_message(Message("warning", text))
            return False
        self._source, self._before = self._session.status.camera, None
        return True

    def _end_loop(self) -> None:
        if self._loop is not None:
            self._loop.close()
            self._loop = None

    def _offer_angle(self) -> None:
        held = self._held()
        if held is not None:
            self._tried = None
            self.page.open_angle(self._offered_name())
            self.page.field_of_view.show_angle(angle_of(held, "diagonal"))
            self._show_effect()

    def _offered_name(self) -> str:
        """The one of the calibration that it replaces, else one of the source."""
        assert self._size is not None
        status, chosen = self._session.status, self._chosen()
        own = chosen is not None and chosen.source == status.camera
        return chosen.name if chosen is not None and own else offered_name(status.source, *self._size)

    def _try_angle(self) -> None:
        if self._doing == "angle":
            self._try(self._angle_camera())

    def _try(self, camera: KnownCamera) -> None:
        self._tried = camera
        self._session.set_cameras(self._settings(), camera)  # the effect is seen before it is kept
        self._show_effect()

    def _angle_camera(self) -> KnownCamera:
        assert self._size is not None
        field = self.page.field_of_view
        return KnownCamera.of(from_angle(*self._size, field.degrees, field.across))

    def _show_effect(self) -> None:
        held, measured = self._held(), self._measured
        if held is None:
            return
        now = (self._tried or self._angle_camera()).intrinsics
        parts = [focal_text(now), depth_text(held, now, self._depth(held))]
        if measured is not None:
            parts.insert(1, measured_text(measured))
        self.page.show_text(" ".join(parts))

    def _depth(self, held: Intrinsics) -> float | None:
        """Metres from the camera to a hand, as the camera that holds until now has it; None while none is seen."""
        if self._picture is None:
            return None
        tracked = self._picture.tracked
        used = tracked.intrinsics
        depths = [float(hand.joints[:, 2].mean()) for hand in tracked.hands.hands.values()]
        factor = ((held.fx * held.fy) / (used.fx * used.fy)) ** 0.5
        return min(depths) * factor if depths and min(depths) > 0 else None

    def _held(self) -> Intrinsics | None:
        """The camera that holds without what is tried; None while there is no image."""
        before = self._before
        if self._size is None or (before is not None and (before.width, before.height) == self._size):
            return before
        settings, chosen = self._settings(), self._chosen()
        known = settings.tracker.camera if chosen is None else chosen.camera
        try:
            self._before = camera_from(settings.fov, settings.camera_file, known)(*self._size)
        except BothhandsError:
            self._before = Intrinsics.assumed(*self._size)
        return self._before

    def _chosen(self) -> CameraCalibration | None:
        """The calibration of the running source, None where it has none or one camera holds for all."""
        if self._size is None:
            return None
        return self._settings().camera_rule.chosen(self._session.status.camera, *self._size)

    def _keep(self, name: str) -> None:
        status, measured = self._session.status, self._measured
        if self._size is None or not self.busy or (self._doing == "board" and measured is None):
            return
        camera = measured.camera if measured is not None else self._tried or self._angle_camera()
        try:
            calibration = CameraCalibration(
                name=given_name(name),
                source=status.camera,
                source_name=status.source,
                camera=camera,
                method="field of view" if measured is None else "board",
                distortion=() if measured is None else measured.distortion,
                rms=None if measured is None else measured.rms,
                pinhole_error=None if measured is None else measured.pinhole_error,
            )
        except BothhandsError as error:
            self._banners.show_refusal(error)
            return
        self._remember(cameras=with_one(self._settings().cameras, calibration), **self._choice(calibration.name))
        self.leave()
        self.show_cameras()
        text = tr("Every fit of {source} now takes the camera {name}.", source=status.source, name=calibration.name)
        self._banners.show_message(Message("info", text), about=_about(calibration))

    # Those that are kept.

    def build(self, menu: QMenu) -> None:
        """Add the cameras to a menu, below what is in it."""
        menu.addSeparator()
        self.entries = MenuEntries(self, menu)
        menu.aboutToShow.connect(self.show_cameras)  # which of them fit is the source's matter
        self.show_cameras()

    def show_cameras(self) -> None:
        """Show which there are, and which is chosen."""
        entries, settings = self.entries, self._settings()
        if entries is None:
            return
        entries.clear()
        chosen, runs = self._chosen(), self._size is not None and bool(self._session.status.camera)
        for_all = find(settings.cameras, settings.camera)
        if settings.camera_for_all:
            title = tr("As given at the start")
            if for_all is not None:
                title = tr("{name}, for every source", name=as_entry(for_all.name))
            entries.add_choice(title, lambda: None, checked=True)
        none = chosen is None and not settings.camera_for_all
        assumed = tr("&None: assume 60° across")
        entries.add_choice(assumed, lambda: self.choose(ASSUMED), checked=none).setEnabled(runs)
        for calibration in settings.cameras:
            fits = runs and self._size is not None and calibration.fits(*self._size)
            title, name = calibration_title(calibration, self._size), calibration.name
            entry = entries.add_choice(title, lambda name=name: self.choose(name), checked=calibration == chosen)
            entry.setEnabled(fits)
        if chosen is not None:
            title, name = as_entry(chosen.name), chosen.name
            entries.add_separator()
            entries.add(tr("&Rename {name}…", name=title), lambda: self.rename(name))
            entries.add(tr("&Delete {name}", name=title), lambda: self.delete(name))

    def choose(self, name: str) -> None:
        """Take this camera, or the assumed one, for the running source."""
        self._remember(**self._choice(name))
        self._take_over()

    def rename(self, name: str) -> None:
        """Ask for another name of a camera."""
        title, label = tr("Bothhands: camera"), tr("Name of the camera:")
        ask_name(self._window, title, label, lambda new: self.rename_to(name, new), name)

    def rename_to(self, name: str, new: str) -> None:
        """Call a camera otherwise."""
        settings = self._settings()
        try:
            cameras, choices = renamed(settings.cameras, settings.camera_choices, name, new)
        except BothhandsError as error:
            self._banners.show_refusal(error)
            return
        self._remember(cameras=cameras, camera_choices=choices)
        self._take_over()

    def delete(self, name: str) -> None:
        """Forget a camera; a message offers to bring it back."""
        settings = self._settings()
        calibration = find(settings.cameras, name)
        if calibration is None:
            return
        choices = settings.camera_choices
        self._remember(cameras=without(settings.cameras, name), camera_choices=without_name(choices, name))
        self._take_over()
        undo = (tr("Undo"), lambda: self._bring_back(calibration, choices))
        text = tr("The camera {name} was deleted.", name=name)
        self._banners.show_message(Message("info", text), [undo], about=_about(calibration))

    def _bring_back(self, calibration: CameraCalibration, choices: dict[str, str]) -> None:
        cameras = with_one(self._settings().cameras, calibration)
        self._remember(cameras=cameras, camera_choices={**choices, **self._settings().camera_choices})
        self._take_over()

    # Their modes and controls.

    def ask_mode(self, camera: str, asked: str) -> None:
        """Ask for another mode of a camera.

        Args:
            camera: as `source_identity` has it.
            asked: the mode that it is asked for now.
        """
        title, label = tr("Bothhands: camera mode"), tr("Size, rate and pixel format, all or some of them:")
        ask_name(self._window, title, label, lambda written: self.choose_mode(camera, written or asked), asked)

    def choose_mode(self, camera: str, written: str) -> None:
        """Ask a camera for this mode from now on; what was given at the start for every camera ends with that.

        Args:
            camera: as `source_identity` has it.
            written: as `read_mode` takes it; "" for the usual one.
        """
        modes = self._settings().camera_modes
        try:
            if written:
                modes = with_choice(modes, camera, str(read_mode(written)))
            else:
                modes = {each: its for each, its in modes.items() if each != camera}
        except BothhandsError as error:
            self._banners.show_refusal(error)
            return
        self._session.set_camera_modes(self._remember(camera_modes=modes, camera_mode=None))

    def show_controls(self) -> None:
        """Open the window in which exposure, gain and focus are set, where the driver has them."""
        status = self._session.status
        if not is_camera(status.source_spec or ""):
            text = tr("There is no camera whose exposure could be set: choose one under Source.")
            self._banners.show_message(Message("info", text))
            return
        camera, name = status.camera, status.source
        self._tasks.begin(
            "camera-controls", lambda: read_controls(camera), lambda found: self._open_controls(camera, name, found)
        )

    def _open_controls(self, camera: str, name: str, found: Sequence[CameraControl]) -> None:
        if not found:
            text = tr(
                "{name} offers neither exposure nor gain nor focus here; its maker's program or the system's settings "
                "may.",
                name=name,
            )
            self._banners.show_message(Message("info", text))
            return
        self._close_controls()
        shown = CameraControls(name, found, self._window)
        chosen, latest = set(self._settings().controls_of(camera)), [found]

        def take(told: Told) -> None:
            latest[:] = [told.controls]
            self._keep_controls(camera, told.controls, chosen)
            if not sip.isdeleted(shown):
                shown.show_controls(told.controls)
                shown.show_deviations(told.deviations)

        wishes = ControlWishes(
            camera, lambda work, take: self._tasks.begin("camera-controls", work, take), take, self._board
        )

        def change(name: ControlName, value: int) -> None:
            chosen.add(name)
            wishes.add(name, value)

        def reset() -> None:
            chosen.clear()
            for name, value in defaults(latest[0]).items():
                wishes.add(name, value)

        shown.changed.connect(change)
        shown.reset_wanted.connect(reset)
        self._controls = shown
        shown.show()

    def _keep_controls(self, camera: str, controls: Sequence[CameraControl], names: Collection[ControlName]) -> None:
        """Remember what a person has chosen, as the driver has taken it, so that it is told again at the next start."""
        if not controls:  # the camera was unplugged
            return
        chosen = {control.name: control.value for control in controls if control.name in names}
        kept = dict(self._settings().camera_controls)
        if chosen != kept.pop(camera, {}):
            if chosen:
                kept = with_choice(kept, camera, chosen)
            self._session.set_camera_controls(self._remember(camera_controls=kept))

    def _close_controls(self) -> None:
        shown, self._controls = self._controls, None
        if shown is not None and not sip.isdeleted(shown):
            shown.close()

    def _choice(self, name: str) -> dict[str, Any]:
        """Settings in which the running source has this camera, whatever was given for all."""
        choices = with_choice(self._settings().camera_choices, self._session.status.camera, name)
        return {"camera_choices": choices, "camera": None, "camera_file": None, "fov": None}

    def _take_over(self) -> None:
        if self.busy:
            self.leave()
        else:
            self._session.set_cameras(self._settings())
        self.show_cameras()


def _about(calibration: CameraCalibration) -> str:
    return f"camera {calibration.name}"
