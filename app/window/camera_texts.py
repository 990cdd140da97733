"""Sentences about cameras and their calibration, as the window shows them."""

from __future__ import annotations

from collections.abc import Mapping

from app.cameras import CameraCalibration
from app.live.board_calibration import MeasuredCamera
from app.live.board_loop import BoardProgress
from app.live.board_views import Lack, Need
from app.window.language import Texts, worded
from app.window.menu_entries import as_entry
from models.values import Intrinsics
from tracking.camera_model import angle_of

tr = Texts("CameraTexts")

HALF_A_METRE = 0.5
"""Metres: where a hand is thought to be while none is seen."""
_NO_CHANGE = 0.0025
"""Share of depth: less than the rounding of an angle to a tenth of a degree makes."""
LACK_TEXTS: Mapping[Lack | None, str] = {
    "board": tr.mark("No board is seen: hold it before the camera, flat, with light from the front."),
    "covered": tr.mark("Too little of the board is seen: hold it by its rim, and more of it in the image."),
    "mirrored": tr.mark("The source shows everything mirrored: View > Turn a mirrored source back."),
    "sharp": tr.mark("The board is blurred: hold it stiller, or switch on more light."),
    "still": tr.mark("Hold it still for a moment."),
    "another": tr.mark("There is such a view already: tilt it otherwise, or hold it in another place."),
    None: tr.mark("Good, this view is kept."),
}
NEED_TEXTS: Mapping[Need | None, str] = {
    "upper left": tr.mark("Move the board to the upper left corner of the image."),
    "upper right": tr.mark("Move the board to the upper right corner of the image."),
    "lower left": tr.mark("Move the board to the lower left corner of the image."),
    "lower right": tr.mark("Move the board to the lower right corner of the image."),
    "left edge": tr.mark("Turn the board: its left edge towards the camera, its right edge away."),
    "right edge": tr.mark("Turn the board: its right edge towards the camera, its left edge away."),
    "upper edge": tr.mark("Tilt the board: its upper edge towards the camera, its lower edge away."),
    "lower edge": tr.mark("Tilt the board: its lower edge towards the camera, its upper edge away."),
    "near": tr.mark("Bring the board nearer, until it fills most of the image's height."),
    "far": tr.mark("Take the board farther away, until it fills a third of the image."),
    "more": tr.mark("Show the board in other places and tilts."),
    None: tr.mark("All is seen."),
}
"""As the image on the screen shows it."""
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
        mirrored: the screen shows the image as a mirror would, in which left and right are the other way round.
    """
    if progress.error:
        return tr("These views cannot be used."), worded(progress.error)
    if progress.computing:
        return tr("All is seen."), tr("The camera is being computed…")
    if progress.lack == "board" and not progress.views:
        return tr("Hold the board before the camera."), tr(LACK_TEXTS["board"])
    need = progress.need
    shown = _MIRRORED.get(need, need) if mirrored and need is not None else need
    return tr(NEED_TEXTS[shown]), tr(LACK_TEXTS[progress.lack])


def focal_text(camera: Intrinsics) -> str:
    """Focal length and fields of view."""
    return tr(
        "Focal length {focal:.0f} px at {width}x{height}: {across:.1f}° across, {up:.1f}° from top to bottom.",
        focal=(camera.fx * camera.fy) ** 0.5,
        width=camera.width,
        height=camera.height,
        across=angle_of(camera, "horizontal"),
        up=angle_of(camera, "vertical"),
    )


def depth_text(before: Intrinsics, now: Intrinsics, depth: float | None) -> str:
    """What another focal length does to depth.

    Args:
        before: the camera that held until now.
        now: the new one.
        depth: of a hand with the first, metres; None while none is seen.
    """
    factor = ((now.fx * now.fy) / (before.fx * before.fy)) ** 0.5
    if abs(factor - 1) < _NO_CHANGE:
        return tr("Depth stays as it is: the camera in use has the same focal length.")
    shown = HALF_A_METRE if depth is None else depth
    return tr(
        "A hand that was at {before:.0f} cm is at {now:.0f} cm with it ({percent:+.1f} %)."
        if depth is None
        else "The hand that was at {before:.0f} cm is at {now:.0f} cm with it ({percent:+.1f} %).",
        before=100 * shown,
        now=100 * shown * factor,
        percent=100 * (factor - 1),
    )


def measured_text(measured: MeasuredCamera) -> str:
    """How good a calibration is, and what the lens does that the hands' camera does not."""
    if measured.worst_error < 1.0:
        return tr(
            "{views} views, {rms:.2f} px off (RMS). The lens does not bend the image.",
            views=measured.views,
            rms=measured.rms,
        )
    return tr(
        "{views} views, {rms:.2f} px off (RMS). The lens bends the image, and hands are fitted as if it did not: "
        "{error:.1f} px off (RMS), at most {worst:.0f} px, at the image's rim.",
        views=measured.views,
        rms=measured.rms,
        error=measured.pinhole_error,
        worst=measured.worst_error,
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
    return tr("{name} (for images of {width}x{height})", name=name, width=camera.width, height=camera.height)
