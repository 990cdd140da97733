"""Exposure, gain, focus and power-line frequency of a camera, where Linux' driver has them.

They are asked of Video4Linux itself (https://docs.kernel.org/userspace-api/media/v4l/control.html) and not through
OpenCV, which tells neither the range of a control nor whether there is one.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from tracking.sources.v4l2 import ioctl, opened

ControlName = Literal["auto exposure", "exposure", "gain", "auto focus", "focus", "power line"]

# Of linux/videodev2.h and linux/v4l2-controls.h; the sizes of the structures are part of the numbers.
_IDS: dict[ControlName, int] = {
    "auto exposure": 0x009A0901,
    "exposure": 0x009A0902,
    "gain": 0x00980913,
    "auto focus": 0x009A090C,
    "focus": 0x009A090A,
    "power line": 0x00980918,
}
_QUERY, _QUERY_MENU, _GET, _SET = 0xC0445624, 0xC02C5625, 0xC008561B, 0xC008561C
_QUERY_FORM, _MENU_FORM, _VALUE_FORM = "=II32siiiiI8x", "=II32sI", "=Ii"
_DISABLED, _READ_ONLY, _INACTIVE = 0x0001, 0x0004, 0x0010
_AUTOMATIC_ONES: tuple[ControlName, ...] = ("auto exposure", "auto focus")
_MANUAL = 1
_AUTOMATIC = (3, 0)  # aperture priority, which webcams have, or all automatic


@dataclass(frozen=True)
class CameraControl:
    """Something that a driver can be told.

    Attributes:
        name: of it.
        value: now; "auto exposure" and "auto focus" 0 or 1, "exposure" in units of 100 µs, "power line" 0 for off, 1
            for 50 Hz, 2 for 60 Hz, 3 for automatic, "gain" and "focus" in the driver's own units.
        smallest, largest, step: the values that it can have.
        choices: those that it has, where not each between is one; empty elsewhere.
        active: False while an automatic one decides it.
        default: the driver's.
    """

    name: ControlName
    value: int
    smallest: int
    largest: int
    step: int = 1
    choices: tuple[int, ...] = ()
    active: bool = True
    default: int = 0


@dataclass(frozen=True)
class Deviation:
    """A value that a driver was told and does not have.

    Attributes:
        name: of the control.
        wanted: what it was told.
        value: what it has instead.
        reason: what it says of the refusal; "" where it took another value and said nothing.
    """

    name: ControlName
    wanted: int
    value: int
    reason: str = ""


@dataclass(frozen=True)
class Told:
    """What a driver has after it was told something.

    Attributes:
        controls: all that it has.
        deviations: the values that it was told and does not have, leaving out what an automatic one decides.
    """

    controls: tuple[CameraControl, ...] = ()
    deviations: tuple[Deviation, ...] = ()


@runtime_checkable
class ControlledSource(Protocol):
    """A source whose driver can be told how to make its images."""

    def hold_controls(self, wanted: Callable[[], Mapping[ControlName, int]]) -> None:
        """Tell the driver these values, now and whenever the camera is plugged in again.

        Args:
            wanted: gives those that hold then; called in any thread.
        """
        ...


def read_controls(device: str) -> tuple[CameraControl, ...]:
    """The controls that a camera's driver has; none on other systems than Linux.

    Args:
        device: its path, as `camera_identity` gives it.

    Raises:
        SourceError: the device cannot be opened.
    """
    if not sys.platform.startswith("linux"):
        return ()
    with opened(device) as file:
        return _read_all(file)


def tell_controls(device: str, wanted: Mapping[ControlName, int]) -> Told:
    """Tell a camera's driver values, one after the other, and read back what it has then.

    It keeps them until the camera is unplugged. Controls that it lacks, and those that an automatic one decides when
    their turn comes, are passed over.

    Args:
        device: its path, as `camera_identity` gives it.
        wanted: values, as `CameraControl` has them, by the names of their controls.

    Raises:
        SourceError: the device cannot be opened.
    """
    if not sys.platform.startswith("linux"):
        return Told()
    reasons: dict[ControlName, str] = {}
    with opened(device) as file:
        for name, value in wanted.items():
            control = _read(file, name)
            if control is not None and control.active and control.value != value:
                try:
                    _set(file, name, value)
                except OSError as error:
                    reasons[name] = str(error.strerror)
        controls = _read_all(file)
    deviations = tuple(
        Deviation(control.name, wanted[control.name], control.value, reasons.get(control.name, ""))
        for control in controls
        if control.active and wanted.get(control.name, control.value) != control.value
    )
    return Told(controls, deviations)


def apply_controls(device: str, wanted: Mapping[ControlName, int]) -> Told:
    """Tell a camera's driver several values at once, in the order that it needs.

    Args:
        device: its path, as `camera_identity` gives it.
        wanted: values by the names of their controls.

    Raises:
        SourceError: the device cannot be opened.
    """
    # What is automatic says which of the others can be set.
    names = sorted(wanted, key=lambda name: name not in _AUTOMATIC_ONES)
    return tell_controls(device, {name: wanted[name] for name in names})


def defaults(controls: Sequence[CameraControl]) -> dict[ControlName, int]:
    """The driver's own values of the controls that can be set now; what is automatic by itself comes last.

    Args:
        controls: as they are.
    """
    active = [control for control in controls if control.active]
    active.sort(key=lambda control: control.name in _AUTOMATIC_ONES)
    return {control.name: control.default for control in active}


def _set(file: int, name: ControlName, value: int) -> None:
    number = _IDS[name]
    if name == "auto exposure":
        value = _automatic(_menu(file, number, range(4))) or 0 if value else _MANUAL
    ioctl(file, _SET, struct.pack(_VALUE_FORM, number, value))


def _read_all(file: int) -> tuple[CameraControl, ...]:
    return tuple(control for name in _IDS if (control := _read(file, name)) is not None)


def _read(file: int, name: ControlName) -> CameraControl | None:
    number = _IDS[name]
    try:
        answer = ioctl(file, _QUERY, struct.pack(_QUERY_FORM, number, 0, b"", 0, 0, 0, 0, 0))
        _, _, _, smallest, largest, step, default, flags = struct.unpack(_QUERY_FORM, answer)
        if flags & (_DISABLED | _READ_ONLY) or largest <= smallest:
            return None
        value = struct.unpack(_VALUE_FORM, ioctl(file, _GET, struct.pack(_VALUE_FORM, number, 0)))[1]
    except OSError:  # there is no such control, or it cannot be read
        return None
    active = not flags & _INACTIVE
    if name == "auto exposure":
        menu = _menu(file, number, range(smallest, largest + 1))
        if _MANUAL not in menu or _automatic(menu) is None:
            return None
        return CameraControl(name, int(value != _MANUAL), 0, 1, active=active, default=int(default != _MANUAL))
    choices = _menu(file, number, range(smallest, largest + 1)) if name == "power line" else ()
    return CameraControl(name, value, smallest, largest, max(step, 1), choices, active, default)


def _automatic(menu: tuple[int, ...]) -> int | None:
    return next((entry for entry in _AUTOMATIC if entry in menu), None)


def _menu(file: int, number: int, entries: range) -> tuple[int, ...]:
    """Those of the entries that the driver's menu has."""
    found = []
    for entry in entries[:16]:
        try:
            ioctl(file, _QUERY_MENU, struct.pack(_MENU_FORM, number, entry, b"", 0))
        except OSError:
            continue
        found.append(entry)
    return tuple(found)
