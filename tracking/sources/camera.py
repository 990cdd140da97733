"""Webcams, through OpenCV."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from models.sentences import say
from tracking.sources.camera_controls import ControlName, apply_controls
from tracking.sources.camera_formats import offered_modes
from tracking.sources.camera_mode import USUAL_MODE, CameraMode, mode_text
from tracking.sources.cameras import CameraInfo, camera_identity, list_cameras, quiet_opencv
from tracking.sources.control_texts import deviations_text
from tracking.sources.live import RECONNECT_DELAYS, LiveSource, now_ns
from tracking.sources.pixels import bits_used, to_rgb
from tracking.sources.protocol import SourceError, check_size
from tracking.sources.system_cameras import PREFIX, SystemCamera, find_system_camera

logger = logging.getLogger(__name__)

# A pixel format has two names: Video4Linux calls it as on the left, Windows as on the right.
_WINDOWS_NAMES = {"YUYV": "YUY2"}


@dataclass(frozen=True)
class Patience:
    """How long a silent camera counts as a camera.

    Attributes:
        failed_grabs: failures in a row after which it is given up; one or two happen on a shaky USB bus.
        silence: seconds without an image after which the next failure is enough (drivers wait long in a grab).
        pause: seconds between two attempts.
    """

    failed_grabs: int = 10
    silence: float = 3.0
    pause: float = 0.02


class CameraSource(LiveSource):
    """A webcam: the newest image, reconnecting by itself after it was unplugged.

    Attributes:
        asked: the mode that it was asked for.
        mode: the one that it gives, read back from its first image and its driver; another one may come after it was
            unplugged.
        modes: those that its driver lists; none where it lists none, and on other systems than Linux.
    """

    def __init__(
        self,
        camera: str,
        *,
        mode: CameraMode | None = None,
        on_notice: Callable[[str], None] | None = None,
        reconnect_delays: Sequence[float] = RECONNECT_DELAYS,
        patience: Patience | None = None,
    ) -> None:
        """Open a camera and wait for its first image.

        Args:
            camera: an index ("0"); on Linux a device path ("/dev/video0", "/dev/v4l/by-id/..."), on Windows and macOS
                what `list_cameras` names it.
            mode: to ask for, `USUAL_MODE` where None; what the camera then gives is read back and counts.
            on_notice: gets one sentence when the camera gives another mode than asked for, stops, or is back.
            reconnect_delays: seconds before each attempt to reconnect; the last one repeats.
            patience: when a silent camera is given up.

        Raises:
            SourceError: the camera is missing, may not be used, or gives no image (another program has it).
        """
        linux = sys.platform.startswith("linux")
        system = None if linux else find_system_camera(camera.strip())
        info = _linux_camera(camera) if linux else _info(system)
        # Numbers change when cameras are plugged in again, so the link that does not change is opened.
        target = info.spec if info else camera.strip()
        listed = camera.startswith(PREFIX)  # such a name says nothing to a person
        name = (
            say("camera {camera} ({name})", camera=info.device if listed else camera, name=info.name)
            if info
            else say("camera {camera}", camera=camera.removeprefix(PREFIX))
        )
        self.asked = USUAL_MODE if mode is None else mode
        self.mode = CameraMode()
        self._device = camera_identity(target) if linux else target
        self.modes = offered_modes(self._device)
        self._controls: Callable[[], Mapping[ControlName, int]] = dict
        self._noticed: set[str] = set()
        listed = [system]

        def connect() -> _CameraConnection:
            # Windows and macOS take a while to list their cameras, so what was found above is opened; when the camera
            # was plugged in again it is looked for anew, as it may have another number.
            found = listed.pop() if listed else None if linux else find_system_camera(target)
            connection = _CameraConnection(target, name, self.asked, patience or Patience(), found)
            self.mode = connection.mode
            self._apply_controls()
            self._notice_once(_difference(name, self.asked, connection.mode))
            return connection

        super().__init__(name, connect, on_notice, reconnect_delays)

    def hold_controls(self, wanted: Callable[[], Mapping[ControlName, int]]) -> None:
        """Tell the driver these values, now and whenever the camera was unplugged, which makes it forget them.

        Args:
            wanted: gives those that hold then; called in any thread.
        """
        self._controls = wanted
        self._apply_controls()

    def _apply_controls(self) -> None:
        wanted = self._controls()
        if not wanted:
            return
        try:
            deviations = apply_controls(self._device, wanted).deviations
        except SourceError as error:
            logger.info("%s: %s", self.name, error)
            return
        if deviations:
            text = say(
                "The driver of {camera} has not taken all that was remembered for it. {what}",
                camera=self.name,
                what=deviations_text(deviations),
            )
            self._notice_once(text)

    def _notice_once(self, text: str | None) -> None:
        if text and text not in self._noticed:
            self._noticed.add(text)
            self._notice(text)


class _CameraConnection:
    def __init__(
        self, target: str, name: str, mode: CameraMode, patience: Patience, system: SystemCamera | None
    ) -> None:
        self._name = name
        self._patience = patience
        self._bits = 8
        self._capture = _open(target, system)
        try:
            if not self._capture.isOpened():
                raise SourceError(_why_not(target, name))
            _configure(self._capture, mode)
            try:
                self._first: tuple[int, np.ndarray] | None = self._next()
            except SourceError as error:
                raise SourceError(_why_not(target, name)) from error
            height, width = self._first[1].shape[:2]
            check_size(width, height, name)
            self.size = (width, height)
            self.fps = _rate(self._capture)
            self.mode = CameraMode(width, height, self.fps, _pixel_format(self._capture))
        except BaseException:
            self._capture.release()
            raise

    def grab(self) -> tuple[int, np.ndarray]:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return self._next()

    def close(self) -> None:
        self._capture.release()

    def _next(self) -> tuple[int, np.ndarray]:
        last_seen = now_ns()
        failures = 0
        while True:
            picture = self._try()
            if picture is not None:
                return picture
            failures += 1
            silent = (now_ns() - last_seen) / 1e9
            if failures >= self._patience.failed_grabs or silent >= self._patience.silence:
                raise SourceError(say("{name} stopped delivering images.", name=self._name))
            time.sleep(self._patience.pause)

    def _try(self) -> tuple[int, np.ndarray] | None:
        try:
            if not self._capture.grab():
                return None
            captured_ns = now_ns()  # before the image is decoded: decoding is latency of ours, not of the camera
            good, image = self._capture.retrieve()
        except cv2.error:  # how some drivers report that the device is gone
            return None
        if not good or image is None or image.size == 0:
            return None
        return self._converted(captured_ns, image)

    def _converted(self, captured_ns: int, image: np.ndarray) -> tuple[int, np.ndarray] | None:
        if image.dtype.kind in "ui" and image.dtype != np.uint8:
            # Ten and twelve bits come in sixteen; which of them a camera uses shows in its brightest image so far.
            self._bits = max(self._bits, bits_used(image))
        try:
            return captured_ns, to_rgb(image, bgr=True, bits=self._bits)
        except ValueError:  # raw bytes in a row, where OpenCV does not know the camera's format
            return None


def _info(found: SystemCamera | None) -> CameraInfo | None:
    return None if found is None else CameraInfo(found.spec, found.name, str(found.index))


def _linux_camera(camera: str) -> CameraInfo | None:
    """The listed camera that this index or path means; None for unknown ones."""
    device = f"/dev/video{camera}" if camera.isdecimal() else os.path.realpath(camera)
    return next((info for info in list_cameras() if info.device == device), None)


def _open(target: str, system: SystemCamera | None) -> cv2.VideoCapture:
    device = int(target) if target.isdecimal() else target
    backend = cv2.CAP_V4L2 if sys.platform.startswith("linux") else cv2.CAP_ANY
    if system is not None:  # by its number as it is now: it may have another one since another camera was plugged in
        device, backend = system.index, system.backend
    with quiet_opencv():
        return cv2.VideoCapture(device, backend)


def _configure(capture: cv2.VideoCapture, mode: CameraMode) -> None:
    """Ask for a mode. A camera that lacks it picks another one, which is read back from its first image."""

    def ask_for_format() -> None:
        if mode.pixel_format is not None:
            windows = sys.platform == "win32"
            letters = _WINDOWS_NAMES.get(mode.pixel_format, mode.pixel_format) if windows else mode.pixel_format
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*letters.ljust(4)))

    # V4L2 picks from the sizes of the format that is set; DirectShow forgets the format when the size is set.
    if sys.platform != "win32":
        ask_for_format()
    if mode.size is not None:
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, mode.size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, mode.size[1])
    if mode.fps is not None:
        capture.set(cv2.CAP_PROP_FPS, mode.fps)
    if sys.platform == "win32":
        ask_for_format()


def _rate(capture: cv2.VideoCapture) -> float | None:
    """Images a second, None where the driver does not say."""
    rate = float(capture.get(cv2.CAP_PROP_FPS))
    return rate if np.isfinite(rate) and rate > 0 else None


def _pixel_format(capture: cv2.VideoCapture) -> str | None:
    """The pixel format's letters; None where the driver says none, or gives a number that stands for none."""
    value = float(capture.get(cv2.CAP_PROP_FOURCC))
    if not np.isfinite(value):
        return None
    letters = (int(value) & 0xFFFFFFFF).to_bytes(4, "little").decode("ascii", "replace").rstrip(" \0")
    return letters if letters.isascii() and letters.isalnum() else None


def _difference(name: str, asked: CameraMode, given: CameraMode) -> str | None:
    """What the camera gives instead of what was asked for, as a sentence; None where they agree."""
    same_size = asked.size in (None, given.size)
    # 29.97 is 30 to a person.
    same_rate = asked.fps is None or given.fps is None or abs(given.fps - asked.fps) < 1.0
    formats = {_WINDOWS_NAMES.get(mode.pixel_format or "", mode.pixel_format) for mode in (asked, given)}
    # The usual one is the app's own wish, with which a camera that has raw images alone need not be reproached.
    same_format = asked == USUAL_MODE or None in formats or len(formats) == 1
    if same_size and same_rate and same_format:
        return None
    return say(
        "{name} was asked for {asked} and gives {given}.",
        name=name,
        asked=mode_text(asked),
        given=mode_text(given),
    )


def _why_not(target: str, name: str) -> str:
    device = Path(f"/dev/video{target}" if target.isdecimal() else target)
    found = ", ".join(f"{camera.spec} ({camera.name})" for camera in list_cameras())
    others = say("cameras found: {cameras}", cameras=found) if found else say("no camera was found")
    if sys.platform.startswith("linux"):
        if not device.exists():
            return say(
                "There is no {name}: plug it in, choose another one ({others}) or name a video file.",
                name=name,
                others=others,
            )
        if not os.access(device, os.R_OK | os.W_OK):
            return say(
                "{device} may not be used by this account: add it to the group that owns the device (often video).",
                device=str(device),
            )
    return say(
        "{name} gives no image; close the program that may be using it, or choose another source ({others}).",
        name=name,
        others=others,
    )
