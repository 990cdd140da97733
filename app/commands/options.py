"""Options that several commands have; each is declared once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from app.commands.console import choice, shortened
from models.errors import BothhandsError
from models.registry import default_model

if TYPE_CHECKING:
    from app.cameras import CameraCalibration

DEFAULT_MODEL = default_model()
MOST = 1_000_000_000
"""Of what is counted; a larger number is a slip."""
_LONGEST_NAME = 230
"""Bytes: file systems take 255, and what is not finished yet has a longer name."""
_PORTS = {"http": 80, "https": 443}
"""That browsers leave out of a site's origin."""
_MIDDLE = 0.5
"""Of a knob of smoothing: the gains are as they were tuned."""


def checked_device(name: str | None) -> str | None:
    """The device's name, looked at before anything is opened or loaded for it."""
    from models.runtime.device import check_device_name

    return None if name is None else check_device_name(name)


def checked_mode(text: str | None) -> str | None:
    """The camera's mode, looked at before any is opened for it."""
    from tracking.sources.camera_mode import read_mode

    return None if text is None else str(read_mode(text))


def checked_renderer(name: str | None) -> str | None:
    """The renderer's name, looked at before anything is measured or opened for it."""
    return None if name is None else choice("--renderer", name, ("auto", "moderngl", "pyrender", "cpu"))


def site_origins(given: list[str] | None) -> list[str] | None:
    """The origins of web pages as browsers send them (RFC 6454, 6.2): a site's address with nothing behind it.

    Raises:
        BothhandsError: one that no browser would send.
    """
    return None if given is None else [_origin(text) for text in given]


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:  # brackets, or a port, that cannot be
        raise _no_site(text) from None
    if not host or parts.scheme not in _PORTS:
        raise _no_site(text)
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + ("" if port in (None, _PORTS[parts.scheme]) else f":{port}")


def _no_site(text: str) -> BothhandsError:
    return BothhandsError(
        f"{shortened(repr(text))} is no site; write --websocket-origin https://example.org, with http or https."
    )


def writable_path(text: str) -> Path:
    """What a result is to be called, looked at before the work is begun whose result could not be written there.

    Raises:
        BothhandsError: the name is empty, which would be the working folder ("." says that), or too long.
    """
    if not text:
        raise BothhandsError("A file or folder to write was given without a name; `.` is the folder you are in.")
    path = Path(text)
    longest = max(path.parts, key=lambda part: len(os.fsencode(part)), default="")
    if len(os.fsencode(longest)) > _LONGEST_NAME:
        raise BothhandsError(f"The name {shortened(longest)} is too long; choose one of at most {_LONGEST_NAME} bytes.")
    return path


def readable_path(text: str) -> Path:
    """A file or folder to read.

    Raises:
        BothhandsError: the name is empty, which would be the working folder.
    """
    if not text:
        raise BothhandsError("A file or folder to read was given without a name; `.` is the folder you are in.")
    return Path(text)


def smoothing_knobs(steadiness: float | None, response: float | None, raw: bool) -> tuple[float, float]:
    """Where both knobs of smoothing stand.

    Raises:
        BothhandsError: they are to tune what is to be left out.
    """
    if raw and (steadiness is not None or response is not None):
        raise BothhandsError(
            "--steadiness and --response tune the smoothing that --raw leaves out: give one or the other."
        )
    return _MIDDLE if steadiness is None else steadiness, _MIDDLE if response is None else response


def hand_shape_of(name: str | None, mano: Path | None) -> tuple[float, ...] | None:
    """The shape that was measured of a person, in the window; None where nobody is named.

    Args:
        name: of the person.
        mano: folder of official MANO files, None for the free hand model.

    Raises:
        BothhandsError: there is no such person, or their shape is of the other hand model.
    """
    if name is None:
        return None
    from app.persons import named
    from app.settings import SettingsStore

    return named(SettingsStore.load().current.persons, name, "free" if mano is None else "mano").shape


def camera_of(given: str | None) -> CameraCalibration | Path | None:
    """The camera that was named: a calibration that the window keeps, or a file; None where none is named.

    Raises:
        BothhandsError: it is neither.
    """
    if given is None:
        return None
    from app.cameras import given_camera
    from app.settings import SettingsStore

    return given_camera(SettingsStore.load().current.cameras, given)


def mano_for(session: Path, mano: Path | None) -> Path | None:
    """The folder of official MANO files that was named for a session.

    Raises:
        BothhandsError: the session needs none, or cannot be read.
    """
    from app.sessions.info import read_info

    if mano is not None and read_info(session).hand_model == "free":
        raise BothhandsError(
            f"--mano makes no difference to {session}, a session of the free hand model; leave it out."
        )
    return mano


Model = Annotated[str, typer.Option("--model", metavar="NAME", help="Reconstruction model; `models` lists them.")]
GivenModel = Annotated[str | None, typer.Option("--model", metavar="NAME", help="`models` lists them.")]
Device = Annotated[
    str, typer.Option("--device", metavar="DEVICE", help="auto, cpu, cuda or cuda:N.", callback=checked_device)
]
GivenDevice = Annotated[
    str | None,
    typer.Option("--device", metavar="DEVICE", help="auto, cpu, cuda or cuda:N.", callback=checked_device),
]
Mano = Annotated[
    Path | None,
    typer.Option(
        "--mano",
        metavar="DIR",
        help="Folder with official MANO_LEFT.pkl and MANO_RIGHT.pkl.",
        parser=readable_path,
    ),
]
Fov = Annotated[
    float | None,
    typer.Option("--fov", metavar="DEGREES", min=5, max=170, help="Horizontal; default: 60 across the longer side."),
]
GivenCamera = Annotated[
    str | None,
    typer.Option(
        "--camera",
        metavar="NAME|FILE",
        help="A camera that the window calibrated, or intrinsics: JSON or YAML, or an OpenCV calibration.",
    ),
]
GivenMode = Annotated[
    str | None,
    typer.Option(
        "--camera-mode",
        metavar="SIZE@RATE:FORMAT",
        help="To ask cameras for: 1280x720@30:MJPG, any part alone, or driver. Default: what the window chose.",
        callback=checked_mode,
    ),
]
Mirrored = Annotated[
    bool, typer.Option("--mirrored", help="The source shows everything mirrored, as selfie clips do: turn it back.")
]
Renderer = Annotated[
    str,
    typer.Option("--renderer", metavar="NAME", help="auto, moderngl, pyrender or cpu.", callback=checked_renderer),
]
Vmc = Annotated[
    list[str] | None,
    typer.Option("--vmc", metavar="HOST:PORT", help="Stream finger bones to a VMC receiver; may be repeated."),
]
Osc = Annotated[
    list[str] | None,
    typer.Option("--osc", metavar="HOST:PORT", help="Stream joints and parameters as plain OSC; may be repeated."),
]
WebSocket = Annotated[
    str | None, typer.Option("--websocket", metavar="[HOST:]PORT", help="Serve hands to web pages. Default host: here.")
]
WebSocketOrigin = Annotated[
    list[str] | None,
    typer.Option(
        "--websocket-origin",
        metavar="URL",
        help="Site whose pages may connect as well; may be repeated.",
        callback=site_origins,
    ),
]
VirtualCamera = Annotated[
    bool, typer.Option("--virtual-camera", help="Show the image with the hands as a webcam to other programs.")
]
Steadiness = Annotated[
    float | None,
    typer.Option("--steadiness", metavar="0..1", min=0, max=1, help="Of smoothing: more is stiller. Default: 0.5."),
]
Response = Annotated[
    float | None,
    typer.Option("--response", metavar="0..1", min=0, max=1, help="Of smoothing: more lags less. Default: 0.5."),
]
ReadingsName = Annotated[
    str,
    typer.Option("--readings", help="both, or only the model's network, or only the landmarks of MediaPipe's network."),
]
GivenReadings = Annotated[
    str | None, typer.Option("--readings", help="both, network or landmarks: what the tracker reads.")
]
GivenRenderer = Annotated[
    str | None,
    typer.Option("--renderer", metavar="NAME", help="auto, moderngl, pyrender or cpu.", callback=checked_renderer),
]
HandShapeName = Annotated[
    str | None,
    typer.Option(
        "--hand-shape", metavar="NAME", help="Hold the shape of this person's hands, which the window measured."
    ),
]
LockSides = Annotated[
    bool,
    typer.Option("--lock-sides", help="A hand that is followed keeps its side: it never turns from left to right."),
]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]
