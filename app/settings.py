"""What the app remembers between two starts, as one JSON file."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.cameras import CameraCalibration, CameraRule
from app.naming import find
from app.persons import Person
from app.profiles import Profile, known_values
from models.errors import BothhandsError
from models.plain_files import open_file, refuse_devices
from models.registry import FORMER_NAMES, default_model
from models.runtime.device import check_device_name
from models.sentences import joined, say
from models.user_folders import config_folder, notice, recordings_folder
from models.validation import fault_text
from render.protocol import OverlayView
from tracking.config import NARROWEST_FOV, WIDEST_FOV, TrackerConfig
from tracking.detector import DetectorName
from tracking.gestures import Gesture
from tracking.readings import Readings
from tracking.smoothing import gains_of
from tracking.sources import is_camera, is_url
from tracking.sources.camera_controls import ControlName
from tracking.sources.camera_mode import CameraMode, read_mode

Theme = Literal["dark", "light"]
Language = Literal["system", "en", "de"]
CONFIG_VARIABLE = "BOTHHANDS_CONFIG"
"""Environment variable that names another settings file."""
SCHEMA_VERSION = 3
"""Raised where an older file means something else; `_migrated` reads those."""
SMALLEST_TEXT, LARGEST_TEXT = 90, 150
"""Percent."""
MOST_RECENT = 8
"""Files and folders that are offered again."""
_LONGEST_NAME = 255
_MOST_DIGITS = 400
"""Of an integer; no number that a setting can be has as many."""
PositiveFiniteFloat = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _checked_mode(text: str) -> str:
    try:
        return str(read_mode(text))
    except BothhandsError as error:
        raise ValueError(str(error)) from error


ControlValue = Annotated[int, Field(ge=-(1 << 31), lt=1 << 31)]
"""What a driver counts with."""
WrittenMode = Annotated[str, AfterValidator(_checked_mode)]
_FARTHEST = 100_000
"""Pixels; no desktop reaches farther, and Qt cannot count much farther."""


class WindowGeometry(BaseModel):
    """Where the window was, in Qt's device-independent pixels."""

    model_config = ConfigDict(frozen=True)

    x: int = Field(ge=-_FARTHEST, le=_FARTHEST)
    y: int = Field(ge=-_FARTHEST, le=_FARTHEST)
    width: int = Field(gt=0, le=_FARTHEST)
    height: int = Field(gt=0, le=_FARTHEST)
    maximized: bool = False


class Settings(BaseModel):
    """One person's choices.

    Attributes:
        schema_version: of the file.
        source: what `open_source` takes; None is the first working camera. Only cameras and streams are remembered.
        recent: files and folders that were opened, the last one first.
        model: name in the registry.
        device: "auto", "cpu" or "cuda[:N]".
        mano_dir: folder of official MANO files; None is the free hand model.
        detector: "auto" or a detector's name.
        readings: what the tracker reads, see `tracking.tracker.Tracker`.
        fov: horizontal field of view of the camera, degrees, where no `camera_file` is given; None assumes one.
        camera_file: file with intrinsics.
        cameras: calibrations of cameras.
        camera_choices: source to the name of its calibration, as `CameraRule` has them.
        camera: name of the calibration that holds for every source, whatever its own; None for none.
        camera_modes: camera, as `source_identity` has it, to the mode that is asked of it, as `read_mode` takes it; the
            others are asked for the usual one.
        camera_mode: the mode that is asked of every camera, whatever was chosen for it; None for none.
        camera_controls: camera, as `source_identity` has it, to what its driver is told, by the names of the controls.
        renderer: "auto" takes the fastest one that works here.
        view: what is drawn over the image.
        opacity: of the meshes, 0..1.
        crisp: draw hands with the screen's pixels, as far as there is time, and not with the frame's.
        mirror, mirror_files: show cameras and streams, and clips and images, as a mirror would; recordings are never
            mirrored.
        mirrored_files, mirrored_cameras: whether clips and images, and cameras, show everything mirrored, as selfie
            clips do; they are turned back before hands are looked for.
        smoothing: whether hands are smoothed.
        steadiness, response: the two knobs of `SmoothingSettings.scaled`, 0..1.
        persons: people whose hands were measured.
        person: name of the one whose hand shape every fit holds; None, and a name that is not among them, adapts it.
        lock_sides: a hand that is followed keeps its side.
        profiles: named sets of settings.
        recordings: folder in which each recording gets a folder of its own.
        vmc, osc, websocket, virtual_camera: whether this stream runs from the start.
        vmc_address, osc_address: where it goes to: "HOST:PORT", several with commas between.
        websocket_address: where clients find it; this machine alone, unless another host is named.
        websocket_origins: origins of web pages that may connect, besides this machine's.
        countdown: seconds before a recording begins.
        theme: colours of the window.
        language: of the window; "system" is the system's where the window speaks it, and English elsewhere.
        text_size: of all text, in percent of the system's.
        shortcuts: action to key, where a person has chosen another one than `app.shortcuts` has; "" for none.
        scene: whether the 3D view is shown beside the image.
        gesture_recording: a gesture that begins and ends recordings, None for none.
        model_ms: model to milliseconds that it took for an image when it last ran here.
        folded: titles of the panel's sections that are folded.
        setup_checked: the page that checks the setup was closed once, and does not come by itself any more.
        geometry: of the window; None until it was closed once.
    """

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    schema_version: int = SCHEMA_VERSION
    source: str | None = None
    recent: tuple[str, ...] = ()
    model: str = Field(default_factory=default_model)
    device: str = "auto"
    mano_dir: Path | None = None
    detector: DetectorName = "auto"
    readings: Readings = "both"
    fov: float | None = Field(default=None, ge=NARROWEST_FOV, le=WIDEST_FOV)
    camera_file: Path | None = None
    cameras: tuple[CameraCalibration, ...] = ()
    camera_choices: dict[str, str] = Field(default_factory=dict)
    camera: str | None = None
    camera_modes: dict[str, WrittenMode] = Field(default_factory=dict)
    camera_mode: WrittenMode | None = None
    camera_controls: dict[str, dict[ControlName, ControlValue]] = Field(default_factory=dict)
    renderer: Literal["auto", "moderngl", "pyrender", "cpu"] = "auto"
    view: OverlayView = "mesh"
    opacity: float = Field(default=0.85, ge=0.0, le=1.0)
    crisp: bool = True
    mirror: bool = True
    mirror_files: bool = False
    mirrored_files: bool = False
    mirrored_cameras: bool = False
    smoothing: bool = True
    steadiness: float = Field(default=0.5, ge=0.0, le=1.0)
    response: float = Field(default=0.5, ge=0.0, le=1.0)
    persons: tuple[Person, ...] = ()
    person: str | None = None
    lock_sides: bool = False
    profiles: tuple[Profile, ...] = ()
    recordings: Path = Field(default_factory=recordings_folder)
    vmc: bool = False
    vmc_address: str = "127.0.0.1:39539"
    osc: bool = False
    osc_address: str = "127.0.0.1:9000"
    websocket: bool = False
    websocket_address: str = "127.0.0.1:8765"
    websocket_origins: tuple[str, ...] = ()
    virtual_camera: bool = False
    countdown: int = Field(default=0, ge=0, le=60)
    theme: Theme = "dark"
    language: Language = "system"
    text_size: int = Field(default=100, ge=SMALLEST_TEXT, le=LARGEST_TEXT)
    shortcuts: dict[str, str] = Field(default_factory=dict)
    scene: bool = False
    gesture_recording: Gesture | None = None
    model_ms: dict[str, PositiveFiniteFloat] = Field(default_factory=dict)
    folded: tuple[str, ...] = ("Recording options", "Smoothing")
    setup_checked: bool = False
    geometry: WindowGeometry | None = None

    @property
    def tracker(self) -> TrackerConfig:
        """The choices that shape the hands, as the tracker takes them."""
        named = find(self.cameras, self.camera)
        return TrackerConfig(
            model=self.model,
            readings=self.readings,
            device=self.device,
            detector=self.detector,
            mano_dir=self.mano_dir,
            fov=self.fov,
            camera_file=self.camera_file,
            camera=None if named is None else named.camera,
            smoothing=gains_of(self.smoothing, self.steadiness, self.response),
            hand_shape=self.hand_shape,
            lock_sides=self.lock_sides,
        )

    @property
    def camera_for_all(self) -> bool:
        """Whether one camera is named for every source, by its angle, by a file or by its name."""
        return self.fov is not None or self.camera_file is not None or find(self.cameras, self.camera) is not None

    @property
    def camera_rule(self) -> CameraRule:
        """Where the intrinsics of a source come from, unless one camera is named for all."""
        return CameraRule() if self.camera_for_all else CameraRule(self.cameras, dict(self.camera_choices))

    def mode_of(self, camera: str) -> CameraMode | None:
        """What to ask a camera for, which is named as `source_identity` has it; None for the usual mode."""
        written = self.camera_mode or self.camera_modes.get(camera)
        return None if written is None else read_mode(written)

    def controls_of(self, camera: str) -> Mapping[ControlName, int]:
        """What the driver of a camera is told, which is named as `source_identity` has it."""
        return self.camera_controls.get(camera, {})

    @property
    def hand_model(self) -> str:
        """Name of the hand model that these settings load."""
        return "free" if self.mano_dir is None else "mano"

    @property
    def hand_shape(self) -> tuple[float, ...] | None:
        """The shape that fits hold: the chosen person's, if it was measured with the hand model in use."""
        person = find(self.persons, self.person)
        return person.shape if person is not None and person.hand_model == self.hand_model else None

    @field_validator("device")
    @classmethod
    def _is_a_device(cls, value: str) -> str:
        try:
            return check_device_name(value)
        except BothhandsError as error:
            raise ValueError(str(error)) from error

    @field_validator("recent")
    @classmethod
    def _can_be_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in value if "\0" not in name)[:MOST_RECENT]

    @field_validator("persons", "profiles", "cameras")
    @classmethod
    def _have_names_of_their_own(
        cls, value: tuple[Person | Profile | CameraCalibration, ...]
    ) -> tuple[Person | Profile | CameraCalibration, ...]:
        return tuple({each.name: each for each in reversed(value)}.values())[::-1]

    @field_validator("source", "mano_dir", "camera_file", "recordings")
    @classmethod
    def _can_be_a_name(cls, value: str | Path | None) -> str | Path | None:
        if "\0" in str(value):
            raise ValueError("no file or folder has a name with a zero byte in it")
        if isinstance(value, Path) and any(len(os.fsencode(part)) > _LONGEST_NAME for part in value.parts):
            raise ValueError(f"no file or folder has a name of more than {_LONGEST_NAME} bytes")
        return value

    def changed(self, **values: Any) -> Settings:
        """A copy with other values, checked.

        Raises:
            BothhandsError: a name is unknown or a value does not fit; the text names it.
        """
        unknown = values.keys() - type(self).model_fields.keys()
        if unknown:
            raise BothhandsError(say("There is no setting named {choices}.", choices=", ".join(sorted(unknown))))
        try:
            return type(self).model_validate({**self.model_dump(), **values})
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise BothhandsError(
                say(
                    "The setting {name} cannot be {value!r}: {fault}.",
                    name=name,
                    value=first["input"],
                    fault=fault_text(first),
                )
            ) from error


def settings_path() -> Path:
    """The file named by `BOTHHANDS_CONFIG`, or settings.json in the user's configuration folder."""
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else config_folder() / "settings.json"


class SettingsStore:
    """Settings with their file: what was remembered, and over it what holds for this run only.

    Attributes:
        path: the file.
        notice: what a person should know of how loading went, or None.
    """

    def __init__(
        self, path: Path, remembered: Settings, overrides: dict[str, Any] | None = None, notice: str | None = None
    ) -> None:
        self.path = path
        self.notice = notice
        self._remembered = remembered
        self._chosen: set[str] = set()
        self._overrides = overrides or {}
        self._current = remembered.changed(**self._overrides)

    @classmethod
    def load(cls, path: Path | None = None, **overrides: Any) -> Self:
        """Read the file; a damaged one is kept aside and the defaults take its place.

        Args:
            path: the file; `settings_path()` where None.
            overrides: values of the command line. They hold for this run and are not saved; None is no override.

        Raises:
            BothhandsError: an override does not fit.
        """
        path = path or settings_path()
        remembered, said = _read(path)
        given = {name: value for name, value in overrides.items() if value is not None}
        return cls(path, remembered, given, said or notice())

    @property
    def current(self) -> Settings:
        """What holds now."""
        return self._current

    def remembered(self, name: str) -> Any:
        """What the next start begins with, whatever holds now."""
        return getattr(self._remembered, name)

    def change(self, **values: Any) -> Settings:
        """Remember other values, which end an override of the same name; `save` writes them.

        Raises:
            BothhandsError: a value does not fit; nothing is changed.
        """
        remembered = self._remembered.changed(**values)
        self._chosen |= {name for name in values if getattr(remembered, name) != getattr(self._remembered, name)}
        self._overrides = {name: value for name, value in self._overrides.items() if name not in values}
        self._remembered = remembered
        self._current = remembered.changed(**self._overrides)
        return self._current

    def save(self) -> None:
        """Write the file in one step, so that a crash leaves the old or the new one and nothing between.

        What was not chosen here stays as the file has it by now: another window may have written it meanwhile. Where
        the file is a link, as people keep such files elsewhere, what it leads to is written.

        Raises:
            BothhandsError: the folder cannot be written.
        """
        self.write_of_now()()

    def write_of_now(self) -> Callable[[], None]:
        """What `save` does with what is remembered now, for another thread; of two at once, either may be the last."""
        return partial(_write, self.path, self._remembered, frozenset(self._chosen))


def _write(path: Path, remembered: Settings, chosen: frozenset[str]) -> None:
    target = Path(os.path.realpath(path))
    beside = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        refuse_devices(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8") as file:
            file.write(_merged(path, remembered, chosen).model_dump_json(indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise BothhandsError(
            say(
                "Settings cannot be saved in {path} ({reason}); make that folder writable or set {config_variable} to "
                "another file.",
                path=path,
                reason=error.strerror,
                config_variable=CONFIG_VARIABLE,
            )
        ) from error


def _merged(path: Path, remembered: Settings, chosen: frozenset[str]) -> Settings:
    """What was chosen here, and the rest as the file has it by now."""
    try:
        by_now = _values_in(_content(path))
    except (OSError, ValueError):  # it is gone or damaged
        return remembered
    by_now = _without_bad_entries(_migrated(by_now))[0]
    ours = remembered.model_dump()
    for name in chosen | _bad_names(by_now):
        by_now.pop(name, None)
    theirs = Settings.model_validate_json(json.dumps(by_now))
    return theirs.changed(**{name: value for name, value in ours.items() if name not in by_now})


def _content(path: Path) -> bytes:
    """What a settings file holds.

    Raises:
        OSError: it is not there or cannot be read.
    """
    with open_file(path) as file:
        return file.read()


def _values_in(content: bytes) -> dict[str, Any]:
    """The table that a settings file holds. What is no text, or no number that Python reads, is taken as something
    that no setting can be, so that it leaves the others alone.

    Raises:
        ValueError: there is none.
    """
    try:
        values = json.loads(content.decode(json.detect_encoding(content), "surrogateescape"), parse_int=_integer)
    except RecursionError as error:
        raise ValueError("brackets in brackets") from error
    if not isinstance(values, dict):
        raise ValueError("no table")
    return values


def _integer(written: str) -> float:
    """Python refuses to read integers of thousands of digits."""
    return int(written) if len(written) < _MOST_DIGITS else math.inf


def _read(path: Path) -> tuple[Settings, str | None]:
    """What the file says, and what a person should know of it. A value that cannot be leaves the others alone."""
    try:
        content = _content(path)
    except FileNotFoundError:
        return Settings(), None
    except OSError as error:
        return Settings(), say(
            "Settings in {path} cannot be read ({reason}); the defaults are used.", path=path, reason=error.strerror
        )
    try:
        values = _values_in(content)
    except ValueError:
        aside = _kept_aside(path, content)
        return Settings(), say("The settings file was damaged: {aside}, and the defaults are used.", aside=aside)
    values, left_out = _without_bad_entries(_migrated(values))
    bad = _bad_names(values)
    if not bad and not left_out:
        return Settings.model_validate_json(json.dumps(values)), None
    kept = {name: value for name, value in values.items() if name not in bad}
    names = ", ".join(sorted(name.encode(errors="backslashreplace").decode() for name in bad))
    faults = []
    if len(bad) == 1:
        faults.append(say("{name} cannot be used and is as at the first start", name=names))
    elif bad:
        faults.append(say("{names} cannot be used and are as at the first start", names=names))
    faults += [
        say("an entry of {name} cannot be used and is left out", name=name)
        if count == 1
        else say("{count} entries of {name} cannot be used and are left out", count=count, name=name)
        for name, count in left_out.items()
    ]
    settings = Settings.model_validate_json(json.dumps(kept))
    said, aside = joined(*faults, between=say(", and ")), _kept_aside(path, content)
    return settings, say("In the settings file {faults}; {aside}.", faults=said, aside=aside)


def _without_bad_entries(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    """The settings with those persons, profiles and cameras that can be used, and how many of each were left out: one
    leaves the others alone.
    """
    left_out: dict[str, int] = {}
    kinds: dict[str, type[BaseModel]] = {"persons": Person, "profiles": Profile, "cameras": CameraCalibration}
    for name, kind in kinds.items():
        entries = values.get(name)
        if isinstance(entries, list):
            good = [entry for entry in entries if _is_good(kind, entry)]
            values = {**values, name: good}
            if len(good) < len(entries):
                left_out[name] = len(entries) - len(good)
    return values, left_out


def _is_good(kind: type[BaseModel], entry: object) -> bool:
    """Whether an entry of a list can be used: a profile, where its values can be settings."""
    if not _is_text({"entry": entry}):
        return False
    try:
        made = kind.model_validate_json(json.dumps(entry), strict=True)
        if isinstance(made, Profile):
            Settings.model_validate_json(json.dumps(known_values(made)))
    except ValidationError:
        return False
    return True


def _bad_names(values: dict[str, Any]) -> set[str]:
    """One by one, but for files in which all is well: of brackets too deep pydantic does not say whose they are."""
    return set() if _can_be(values) else {name for name, value in values.items() if not _can_be({name: value})}


def _can_be(values: dict[str, Any]) -> bool:
    if not _is_text(values):
        return False
    try:
        Settings.model_validate_json(json.dumps(values))
    except ValidationError:
        return False
    return True


def _is_text(values: dict[str, Any]) -> bool:
    """Whether UTF-8 can hold them: JSON may write half of a character, which no other reader takes, and brackets in
    brackets without end.
    """
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _migrated(values: dict[str, Any]) -> dict[str, Any]:
    """Values of an older version as this one has them; those of a newer one are taken as far as they fit."""
    version = values.get("schema_version", 1)
    values = {**values, "schema_version": SCHEMA_VERSION}
    source = values.get("source")
    if version == 1 and isinstance(source, str) and not is_camera(source) and not is_url(source):
        # A file was where the next start began; now it is one that is offered again.
        values["source"] = None
        if source != "demo":
            values["recent"] = [source]
    model = values.get("model")
    if version in (1, 2) and isinstance(model, str):
        values["model"] = FORMER_NAMES.get(model, model)
    return values


def _kept_aside(path: Path, content: bytes) -> str:
    aside = path.with_suffix(".damaged.json")
    try:
        aside.write_bytes(content)
    except OSError as error:
        return say("it could not be kept aside ({reason})", reason=error.strerror)
    return say("it is kept as {aside}", aside=aside)
