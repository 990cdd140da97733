"""Calibrations of cameras, kept under names, and which of them holds for the frames of a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.naming import LONGEST_NAME, checked_name, find, given_name, with_one_renamed
from models.errors import BothhandsError
from models.sentences import say
from tracking.camera_model import KnownCamera, of_one_shape
from tracking.sources import is_camera, is_url
from tracking.sources.cameras import camera_identity

ASSUMED = ""
"""What stands for the assumed camera where a calibration can be chosen."""
_Choice = TypeVar("_Choice")
MOST_CHOICES = 100
"""Sources whose choice is remembered."""
_Pixels = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class CameraCalibration(BaseModel):
    """What is known of a camera.

    Attributes:
        name: what it is called.
        source: of the camera or clip that it was made with, as `source_identity` has it.
        source_name: what that is called.
        camera: intrinsics, for images of one size.
        method: how they were found: the angle that a data sheet names, or views of a board.
        distortion: k1, k2, p1, p2, k3 of the lens as OpenCV has them, for programs that use them; the intrinsics are
            those of the pinhole camera that comes nearest. Empty where nothing is known of it.
        rms: reprojection error of the views, with distortion, px; None where there were none.
        pinhole_error: what is left out without distortion, RMS over the image, px; None where nothing is known of it.
    """

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, AfterValidator(checked_name)]
    source: str
    source_name: str = ""
    camera: KnownCamera
    method: Literal["field of view", "board"] = "field of view"
    distortion: tuple[Annotated[float, Field(allow_inf_nan=False)], ...] = ()
    rms: _Pixels | None = None
    pinhole_error: _Pixels | None = None

    def fits(self, width: int, height: int) -> bool:
        """Whether it can be scaled to images of this size, px."""
        return of_one_shape((self.camera.width, self.camera.height), (width, height))


@dataclass(frozen=True)
class CameraRule:
    """Where the intrinsics of a source come from.

    Attributes:
        calibrations: all that are kept.
        choices: source to the name of its calibration, or `ASSUMED`; a source without a choice takes one of its own.
        trial: source and intrinsics that are tried before they are kept; None for none.
    """

    calibrations: tuple[CameraCalibration, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    trial: tuple[str, KnownCamera] | None = None

    def chosen(self, source: str, width: int, height: int) -> CameraCalibration | None:
        """The calibration of a source's images of this size, px; None where the camera is assumed.

        What was chosen comes first. Where its images have another shape, one that was made with this source takes its
        place: a camera may have one for each shape of image that it gives.
        """
        name = self.choices.get(source)
        if name == ASSUMED or not source:
            return None
        own = [each for each in reversed(self.calibrations) if each.source == source]
        wanted = find(self.calibrations, name)
        candidates = own if wanted is None else [wanted, *own]
        return next((each for each in candidates if each.fits(width, height)), None)

    def camera(self, source: str, width: int, height: int) -> KnownCamera | None:
        """The intrinsics to scale to this size, px; None where they are assumed."""
        if self.trial is not None and self.trial[0] == source:
            tried = self.trial[1]
            if of_one_shape((tried.width, tried.height), (width, height)):
                return tried
        calibration = self.chosen(source, width, height)
        return None if calibration is None else calibration.camera


def source_identity(spec: str) -> str:
    """What a source's calibration is remembered by: the camera, the address without what logs in to it, or the file."""
    if is_camera(spec):
        return camera_identity(spec)
    if is_url(spec):
        try:
            parts = urlsplit(spec)
        except ValueError:  # an address that opens nothing
            return spec
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    return spec


def with_choice(choices: Mapping[str, _Choice], source: str, choice: _Choice) -> dict[str, _Choice]:
    """The choices with this one, which is the newest; the oldest goes where there are too many."""
    entries = [*((each, its) for each, its in choices.items() if each != source), (source, choice)]
    return dict(entries[-MOST_CHOICES:])


def without_name(choices: Mapping[str, str], name: str) -> dict[str, str]:
    """The choices of other calibrations."""
    return {source: its for source, its in choices.items() if its != name}


def renamed(
    calibrations: Sequence[CameraCalibration], choices: Mapping[str, str], name: str, new: str
) -> tuple[tuple[CameraCalibration, ...], dict[str, str]]:
    """All calibrations, one of them under another name, and the choices, which follow it.

    Raises:
        BothhandsError: it is no name, or another one's.
    """
    kept = with_one_renamed(
        calibrations,
        name,
        new,
        lambda taken: say("There is a camera called {name} already; choose another name.", name=taken),
    )
    new = given_name(new)
    return kept, {source: new if its == name else its for source, its in choices.items()}


def given_camera(calibrations: Sequence[CameraCalibration], given: str) -> CameraCalibration | Path:
    """What was named on a command line: a calibration that is kept, else a file.

    Args:
        calibrations: all of them.
        given: name of one, or of a file.

    Raises:
        BothhandsError: it is neither.
    """
    calibration = find(calibrations, " ".join(given.split()))
    if calibration is not None:
        return calibration
    path = Path(given)
    try:
        there = bool(given) and path.exists()  # an empty name would be the working folder
    except (OSError, ValueError):  # a name that no file can have
        there = False
    if there or path.suffix or len(path.parts) > 1:  # the reader of files says what is wrong with it
        return path
    known = ", ".join(each.name for each in calibrations)
    helps = say("known are {known}", known=known) if known else say("the Camera menu of the window makes one")
    raise BothhandsError(
        say("There is no camera called {given!r:.60}, and no such file; {helps}.", given=given, helps=helps)
    )


def offered_name(source_name: str, width: int, height: int) -> str:
    """A name for the calibration of a source's images of this size, px."""
    size = f" {width}x{height}"
    name = "".join(letter if letter.isprintable() else " " for letter in source_name) or "Camera"
    return " ".join(f"{name[: LONGEST_NAME - len(size)]}{size}".split())
