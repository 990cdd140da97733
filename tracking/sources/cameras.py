"""Which cameras this machine has, and names by which they stay the same ones."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracking.sources.system_cameras import find_system_camera, system_cameras

# The kernel lists every V4L2 node here; udev keeps links that survive unplugging and another port order.
_SYSFS = Path("/sys/class/video4linux")
_BY_ID = Path("/dev/v4l/by-id")
_PROBED = range(4)

_LOG_ERRORS = 2  # OpenCV's LogLevel, which its Python module has no names for


@dataclass(frozen=True)
class CameraInfo:
    """A camera that can be opened.

    Attributes:
        spec: what `open_source` takes. On Linux a path that stays the same when the camera is plugged in elsewhere,
            where udev gives one; on Windows and macOS what `system_cameras` has, or an index.
        name: what its maker calls it, or "camera N".
        device: "/dev/videoN" on Linux, the index elsewhere.
    """

    spec: str
    name: str
    device: str


def list_cameras() -> list[CameraInfo]:
    """Cameras that are plugged in, in the order of their numbers.

    Linux, Windows and macOS are asked without opening any device. Where that fails, the first four numbers are tried,
    which takes a moment and leaves out a camera that another program uses.
    """
    if sys.platform.startswith("linux"):
        return _linux_cameras()
    listed = system_cameras()
    if listed is None:
        return _probed_cameras()
    return [CameraInfo(camera.spec, camera.name, str(camera.index)) for camera in listed]


def cameras_are_listed() -> bool:
    """Whether `list_cameras` opens no device here, so that it may be called now and then."""
    return sys.platform.startswith("linux") or system_cameras() is not None


def camera_identity(spec: str) -> str:
    """What names a camera also after another start: on Linux the link that udev gives it, where there is one; elsewhere
    maker and product.

    Args:
        spec: what `open_source` takes for a camera: a number, a device or such a link.
    """
    if not sys.platform.startswith("linux"):
        found = find_system_camera(spec.strip())
        return spec.strip() if found is None else found.spec
    device = f"/dev/video{int(spec)}" if spec.strip().isdecimal() else spec.strip()
    node = Path(device).resolve().name
    links = sorted(_BY_ID.glob("*")) if _BY_ID.is_dir() else []
    return next((str(link) for link in links if link.resolve().name == node), device)


@contextmanager
def quiet_opencv() -> Iterator[None]:
    """No warnings from OpenCV on stderr about cameras that cannot be opened: the caller says it in one sentence."""
    import cv2

    level = cv2.setLogLevel(_LOG_ERRORS)
    try:
        yield
    finally:
        cv2.setLogLevel(level)


def _linux_cameras() -> list[CameraInfo]:
    links = {link.resolve().name: str(link) for link in sorted(_BY_ID.glob("*"))} if _BY_ID.is_dir() else {}
    cameras: list[tuple[int, CameraInfo]] = []
    for node in _SYSFS.glob("video*") if _SYSFS.is_dir() else ():
        number = re.fullmatch(r"video(\d+)", node.name)
        # One USB camera has several nodes; the first one (index 0) gives images, the others metadata.
        if number is None or _read(node / "index") not in ("", "0"):
            continue
        device = f"/dev/{node.name}"
        name = _read(node / "name") or f"camera {number[1]}"
        cameras.append((int(number[1]), CameraInfo(links.get(node.name, device), name, device)))
    return [camera for _, camera in sorted(cameras, key=lambda entry: entry[0])]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _probed_cameras() -> list[CameraInfo]:
    import cv2

    found = []
    with quiet_opencv():
        for index in _PROBED:
            capture = cv2.VideoCapture(index)
            try:
                if capture.isOpened() and capture.grab():
                    found.append(CameraInfo(str(index), f"camera {index}", str(index)))
            finally:
                capture.release()
    return found
