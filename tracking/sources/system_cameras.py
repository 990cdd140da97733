"""Cameras of Windows and macOS with their makers' names, which cv2-enumerate-cameras asks the system for.

OpenCV has numbers alone there, which change when another camera is plugged in. A camera is named here by its maker and
product, as USB has them, and by the place where it is plugged in only where two are of one kind.
"""

from __future__ import annotations

import logging
import re
import sys
from dataclasses import dataclass
from typing import Any

logger = logging.getLogger(__name__)

PREFIX = "camera:"
"""Begins what names such a camera."""
_KIND = re.compile(rf"{PREFIX}(?P<kind>[0-9a-f]{{4}}:[0-9a-f]{{4}})(?::.*)?", re.IGNORECASE)
_BACKENDS = {"win32": ("CAP_MSMF", "CAP_DSHOW"), "darwin": ("CAP_AVFOUNDATION",)}
"""OpenCV's names, in the order in which it tries them itself; virtual cameras may be DirectShow's alone."""


@dataclass(frozen=True)
class SystemCamera:
    """A camera that the system lists.

    Attributes:
        spec: what `open_source` takes and settings remember.
        name: what its maker calls it.
        index: number that OpenCV has for it now.
        backend: OpenCV's number of the part that opens it.
        place: what tells it from another one of the same kind: the system's path or identity, else its name.
        kind: numbers of maker and product, "046d:0825"; "" where the system has none.
    """

    spec: str
    name: str
    index: int
    backend: int
    place: str
    kind: str


def system_cameras() -> list[SystemCamera] | None:
    """The cameras that are plugged in; None on other systems, and where the system cannot be asked. Opens none."""
    if sys.platform not in _BACKENDS:
        return None
    import cv2

    try:
        from cv2_enumerate_cameras import enumerate_cameras  # pyright: ignore[reportMissingImports]

        listed: dict[str, tuple[Any, int]] = {}
        for name in _BACKENDS[sys.platform]:
            backend = getattr(cv2, name)
            for found in enumerate_cameras(backend):
                listed.setdefault(_place(found), (found, backend))
    except Exception as error:  # noqa: BLE001 - a driver's fault in a list must not keep every camera shut
        logger.info("The system does not list its cameras (%s); numbers are tried", error)
        return None
    kinds = [_kind(found) for found, _ in listed.values()]
    return [
        SystemCamera(_spec(_kind(found), place, kinds), _name(found), found.index, backend, place, _kind(found))
        for place, (found, backend) in listed.items()
    ]


def find_system_camera(spec: str) -> SystemCamera | None:
    """The camera that is meant; None where it is not there, and where the system lists none.

    Args:
        spec: as `SystemCamera` has it, or a number of OpenCV's. One that is plugged in elsewhere is found by its kind,
            unless there are several of that kind.
    """
    cameras = system_cameras() or []
    if spec.isdecimal():
        return next((camera for camera in cameras if camera.index == int(spec)), None)
    exact = [camera for camera in cameras if spec in (camera.spec, f"{PREFIX}{camera.kind}:{camera.place}")]
    if exact:
        return exact[0]
    match = _KIND.fullmatch(spec)
    alike = [camera for camera in cameras if match is not None and camera.kind == match["kind"].lower()]
    return alike[0] if len(alike) == 1 or (alike and match is not None and match[0] == PREFIX + match["kind"]) else None


def _spec(kind: str, place: str, kinds: list[str]) -> str:
    if not kind:
        return f"{PREFIX}{place}"
    return f"{PREFIX}{kind}" if kinds.count(kind) == 1 else f"{PREFIX}{kind}:{place}"


def _name(found: Any) -> str:
    return found.name or f"camera {found.index}"


def _kind(found: Any) -> str:
    return "" if found.vid is None or found.pid is None else f"{found.vid:04x}:{found.pid:04x}"


def _place(found: Any) -> str:
    # Windows' two lists end a device's path with an interface of their own: "...#{GUID}\global".
    return (found.path or "").lower().partition("#{")[0] or _name(found)
