"""Sentences about cameras and their calibration, as the window shows them."""

from __future__ import annotations

from collections.abc import Mapping

from app.cameras import CameraCalibration
from app.live.board_calibration import MeasuredCamera
from app.live.board_loop import BoardProgress
from app.live.board_views import Lack, Need
from app.live.calibration_board import SQUARE_MM
from app.window.menu_entries import as_entry
from models.values import Intrinsics
from tracking.camera_model import angle_of

SHEET_TEXT = f"Squares of {SQUARE_MM} mm. Print at 100 %, not fitted to the page, and lay it on something flat."
HALF_A_METRE = 0.5
"""Metres: where a hand is thought to be while none is seen."""
_NO_CHANGE = 0.0025
"""Share of depth: less than the rounding of an angle to a tenth of a degree makes."""
LACK_TEXTS: Mapping[Lack | None, str] = {
    "board": "No board is seen: hold it before the camera, flat, with light from the front.",
    "covered": "Too little of the board is seen: hold it by its rim, and more of it in the picture.",
    "mirrored": "The source shows everything mirrored: View > Turn a mirrored source back.",
    "sharp": "The board is blurred: hold it stiller, or switch on more light.",
    "still": "Hold it still for a moment.",
    "another": "There is such a view already: tilt it otherwise, or hold it in another place.",
    None: "Good, this view is kept.",
}
NEED_TEXTS: Mapping[Need | None, str] = {
    "upper left": "Move the board to the upper left corner of the picture.",
    "upper right": "Move the board to the upper right corner of the picture.",
    "lower left": "Move the board to the lower left corner of the picture.",
    "lower right": "Move the board to the lower right corner of the picture.",
    "left edge": "Turn the board: its left edge towards the camera, its right edge away.",
    "right edge": "Turn the board: its right edge towards the camera, its left edge away.",
    "upper edge": "Tilt the board: its upper edge towards the camera, its lower edge away.",
    "lower edge": "Tilt the board: its lower edge towards the camera, its upper edge away.",
    "near": "Bring the board nearer, until it fills most of the picture's height.",
    "far": "Take the board farther away, until it fills a third of the picture.",
    "more": "Show the board in other places and tilts.",
    None: "All is seen.",
}
"""As the picture on the screen shows it."""
_MIRRORED: Mapping[Need, Need] = {
    "upper left": "upper right",
    "upper right": "upper left",
    "lower left": "lower right",
    "lower right": "lower left",
    "left edge": "right edge",
    "right edge": "left edge",
}


def guide_texts(progress: BoardProgress, *, mirrored: bool) -> tuple[str, str]:
    """What to do with the board, and what the newest frame comes to.

    Args:
        progress: how far the calibration is.
        mirrored: the screen shows the picture as a mirror would, in which left and right are the other way round.
    """
    if progress.error:
        return "These views cannot be used.", progress.error
    if progress.computing:
        return "All is seen.", "The camera is being computed…"
    if progress.lack == "board" and not progress.views:
        return "Hold the board before the camera.", LACK_TEXTS["board"]
    need = progress.need
    shown = _MIRRORED.get(need, need) if mirrored and need is not None else need
    return NEED_TEXTS[shown], LACK_TEXTS[progress.lack]


def focal_text(camera: Intrinsics) -> str:
    """Focal length and fields of view."""
    across, up = angle_of(camera, "horizontal"), angle_of(camera, "vertical")
    return (
        f"Focal length {(camera.fx * camera.fy) ** 0.5:.0f} px at {camera.width}x{camera.height}: "
        f"{across:.1f}° across, {up:.1f}° from top to bottom."
    )


def depth_text(before: Intrinsics, now: Intrinsics, depth: float | None) -> str:
    """What another focal length does to depth.

    Args:
        before: the camera that held until now.
        now: the new one.
        depth: of a hand with the first, metres; None while none is seen.
    """
    factor = ((now.fx * now.fy) / (before.fx * before.fy)) ** 0.5
    shown = HALF_A_METRE if depth is None else depth
    change = f"{100 * (factor - 1):+.1f} %"
    if abs(factor - 1) < _NO_CHANGE:
        return "Depth stays as it is: the camera in use has the same focal length."
    hand = "A hand" if depth is None else "The hand"
    return f"{hand} that was at {100 * shown:.0f} cm is at {100 * shown * factor:.0f} cm with it ({change})."


def measured_text(measured: MeasuredCamera) -> str:
    """How good a calibration is, and what the lens does that the hands' camera does not."""
    good = f"{measured.views} views, {measured.rms:.2f} px off (RMS)."
    if measured.worst_error < 1.0:
        return f"{good} The lens does not bend the image."
    return (
        f"{good} The lens bends the image, and hands are fitted as if it did not: {measured.pinhole_error:.1f} px off "
        f"(RMS), at most {measured.worst_error:.0f} px, at the image's rim."
    )


def calibration_title(calibration: CameraCalibration, size: tuple[int, int] | None) -> str:
    """A calibration in a menu, with why it cannot be used where it cannot.

    Args:
        calibration: it.
        size: width and height of the images, px; None while there are none.
    """
    name, camera = as_entry(calibration.name), calibration.camera
    if size is None or calibration.fits(*size):
        return name
    return f"{name} (for images of {camera.width}x{camera.height})"
