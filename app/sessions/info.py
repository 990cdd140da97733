"""session.json: what a session says of itself."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.sessions.checks import MOST_FRAMES, MOST_NS
from app.sessions.files import INFO_FILE, replacing
from app.sessions.schema import SCHEMA_VERSION, todays_name
from models.errors import BothhandsError
from models.plain_files import open_file
from models.sentences import joined, say
from models.validation import fault_text
from models.values import Intrinsics

_MOST_BYTES = 64 << 20
_MOST_SIDE_PX = 1 << 20
_MOST_FOCAL_PX = 1e9


@dataclass(frozen=True, kw_only=True)
class RecoveryNote:
    """What a recovered session says of its recovery; all counts and lengths are of what is left.

    Attributes:
        at: local time of the recovery with offset, ISO 8601.
        pictures: frames in the video.
        rows: hands in the journal.
        lost_hands_seconds: about how much of the hands is missing at the end, at most.
        lost_video_seconds: about how much of the video is missing at the end, at most; None where none was kept.
        lost_frames: frames before the end whose hands could not be read.
        set_aside: files that were damaged, or of which nothing could be read; they lie beside the others under these
            names.
    """

    at: str
    pictures: int
    rows: int
    lost_hands_seconds: float
    lost_video_seconds: float | None
    lost_frames: int = 0
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SessionEvent:
    """A choice that changed while the session was written.

    Attributes:
        kind: "model", "smoothing", "hand_shape", "lock_sides" or "camera": what changed; "ended": the session stops
            before its source does.
        frame, captured_ns: the first frame that it holds for (of "ended": the last one), as in the journal.
        value: of "model" its name; of "smoothing" the gains, null for none; of "hand_shape" the shape that is held,
            null where it adapts; of "lock_sides" whether sides are; of "camera" the place in the table of cameras; of
            "ended" the reason.
    """

    kind: str
    frame: int
    captured_ns: int
    value: Any


@dataclass(frozen=True, kw_only=True)
class DroppedFrames:
    """Frames of a recording whose image is not in the video, by reason.

    Attributes:
        not_delivered: the source counted them, but had replaced them by newer ones before they were fetched.
        not_written: fetched, but the disk or the encoder was behind and the queue of images full.
    """

    not_delivered: int = 0
    not_written: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.not_delivered + self.not_written

    def told(self) -> str:
        """The reasons as words, "" where nothing was dropped."""
        reasons = [
            say("{count} not written, as the disk or the encoder was too slow", count=self.not_written)
            if self.not_written
            else "",
            say("{count} not delivered by the source", count=self.not_delivered) if self.not_delivered else "",
        ]
        return joined(*reasons, between=", ")


@dataclass(frozen=True, kw_only=True)
class SessionInfo:
    """What session.json holds.

    Attributes:
        app_version: version of this program.
        model: name of the reconstruction model that the session begins with.
        weights_sha256: of its weights file, None where it has none.
        hand_model: name of the hand model that the parameters belong to.
        source: what a person calls the source.
        intrinsics: the camera that hands of the first frame are placed with.
        cameras: all cameras of the session, each for its image size, the first one first; the journal's rows name
            them by their place. Empty in version 1, which had only one; see `camera_table`.
        settings: all other choices that shape the result, as JSON values.
        events: which of these choices changed, and when.
        started: local time with offset, ISO 8601.
        frames: captured while the session was written, tracked or not; None until it was stopped.
        tracked: frames among them in which hands were looked for: a live source goes on while the tracker is busy. None
            where it is not noted (sessions that are not finished, and older ones, of which every frame was tracked).
        dropped: frames among them whose image is not in the video; their hands are in the journal where any were
            tracked.
        dropped_by: the same by reason; older sessions give none.
        recovered: how a session was completed whose writer was killed; None where it was completed as usual.
        schema_version: of the folder.
    """

    app_version: str
    model: str
    weights_sha256: str | None
    hand_model: str
    source: str
    intrinsics: Intrinsics
    cameras: tuple[Intrinsics, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[SessionEvent, ...] = ()
    started: str = field(default_factory=lambda: datetime.now().astimezone().isoformat(timespec="milliseconds"))
    frames: int | None = None
    tracked: int | None = None
    dropped: int = 0
    dropped_by: DroppedFrames = field(default_factory=DroppedFrames)
    recovered: RecoveryNote | None = None
    schema_version: int = SCHEMA_VERSION

    @property
    def camera_table(self) -> tuple[Intrinsics, ...]:
        """The cameras that the journal's rows name."""
        return self.cameras or (self.intrinsics,)

    @property
    def models(self) -> tuple[str, ...]:
        """The models that made its hands, in the order in which they were chosen."""
        changed = [event.value for event in self.events if event.kind == "model" and isinstance(event.value, str)]
        return tuple(dict.fromkeys((self.model, *changed)))


_INFO = TypeAdapter(SessionInfo)


def no_folder(path: Path) -> BothhandsError:
    """What is said where a session is asked for and no folder is there: a name may be wrong, or a video is meant."""
    if path.is_file():
        return BothhandsError(
            say(
                "{path} is a file, and a session is a folder; `process` makes one of a video, with its hands.",
                path=path,
            )
        )
    return BothhandsError(say("There is no session folder {path}; check the name.", path=path))


def read_info(folder: Path) -> SessionInfo:
    """What session.json of a folder says, of any version, in today's form.

    Raises:
        BothhandsError: no session, made by a newer version, or damaged; the text names it.
    """
    path = folder / INFO_FILE
    try:
        with open_file(path) as file:
            if os.fstat(file.fileno()).st_size > _MOST_BYTES:
                raise ValueError("too long")
            values = json.loads(file.read().decode())
        # Looked at before anything else: a newer version may have other fields.
        version = values.get("schema_version") if isinstance(values, dict) else None
        if isinstance(version, int) and version > SCHEMA_VERSION:
            raise BothhandsError(
                say(
                    "The session {folder} has version {version:.6g} and this program reads up to {known}: update it.",
                    folder=folder,
                    version=version,
                    known=SCHEMA_VERSION,
                )
            )
        info = _INFO.validate_python(printable(values))
    except (FileNotFoundError, NotADirectoryError) as error:
        if not folder.is_dir():
            raise no_folder(folder) from error
        raise BothhandsError(
            say("The folder {folder} is no session: it lacks {name}.", folder=folder, name=path.name)
        ) from error
    except OSError as error:
        raise BothhandsError(
            say("{path} cannot be read: {reason}.", path=path, reason=str(error.strerror or error))
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or say("the whole")
        raise BothhandsError(
            say("{path} is damaged: {where}: {fault}.", path=path, where=where, fault=fault_text(first))
        ) from error
    except (ValueError, RecursionError, OverflowError) as error:
        raise BothhandsError(say("{path} is damaged: it is not JSON.", path=path)) from error
    if fault := _fault_in(info):
        raise BothhandsError(say("{path} is damaged: {fault}.", path=path, fault=fault))
    if info.schema_version == 1:
        info = replace(info, settings=_todays(info.settings))
    return _with_todays_names(info)


def write_info(folder: Path, info: SessionInfo) -> None:
    """Replace session.json at once: a reader, and a power cut, meet the old one or the new one.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(folder / INFO_FILE) as partial, partial.open("wb") as file:
        file.write(info_json(info).encode() + b"\n")


def info_json(info: SessionInfo) -> str:
    """session.json as text."""
    return json.dumps(printable(_INFO.dump_python(info)), indent=2, ensure_ascii=False, default=str)


def printable(value: Any) -> Any:
    """A JSON value whose texts are Unicode: of file names that are not, what can be read of them.

    Python gives bytes of a name that the system's encoding cannot read as lone surrogates (PEP 383). They are the bytes
    of UTF-8 where only the locale is to blame; others become the replacement character.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass" if _has_others(value) else "surrogateescape").decode(
                "utf-8", "replace"
            )
        return value
    if isinstance(value, Mapping):
        return {printable(key): printable(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(entry) for entry in value]
    return value


def _has_others(text: str) -> bool:
    """Whether there are lone surrogates that stand for no byte."""
    return any("\ud800" <= letter <= "\udfff" and not "\udc80" <= letter <= "\udcff" for letter in text)


def _fault_in(info: SessionInfo) -> str:
    """What cannot be in the numbers of a session, as words; "" where all can be."""
    for name, camera in (("intrinsics", info.intrinsics), *((f"cameras.{n}", c) for n, c in enumerate(info.cameras))):
        if not _can_be(camera):
            return say("{name}: no camera has these numbers", name=name)
    counts: list[tuple[str, int | None]] = [("frames", info.frames), ("tracked", info.tracked)]
    counts += [("dropped", info.dropped)]
    counts += [(f"dropped_by.{reason}", count) for reason, count in asdict(info.dropped_by).items()]
    if info.recovered is not None:
        note = info.recovered
        counts += [("pictures", note.pictures), ("rows", note.rows), ("lost_frames", note.lost_frames)]
        if not all(0 <= seconds < math.inf for seconds in (note.lost_hands_seconds, note.lost_video_seconds or 0.0)):
            return say("recovered: no time was lost that can be")
    counts += [("events.frame", event.frame) for event in info.events]
    for name, number in counts:
        if number is not None and not 0 <= number < MOST_FRAMES:
            return say("{name}: no number that can be", name=name)
    if not all(abs(event.captured_ns) < MOST_NS for event in info.events):
        return say("events.captured_ns: no clock has this time")
    return "" if info.schema_version >= 1 else say("schema_version: there never was such a version")


def _can_be(camera: Intrinsics) -> bool:
    return (
        0 < camera.fx < _MOST_FOCAL_PX
        and 0 < camera.fy < _MOST_FOCAL_PX
        and 0 < camera.width <= _MOST_SIDE_PX
        and 0 < camera.height <= _MOST_SIDE_PX
        and abs(camera.cx) < _MOST_FOCAL_PX
        and abs(camera.cy) < _MOST_FOCAL_PX
    )


def _with_todays_names(info: SessionInfo) -> SessionInfo:
    version = info.schema_version
    events = tuple(
        replace(event, value=todays_name(event.value, version))
        if event.kind == "model" and isinstance(event.value, str)
        else event
        for event in info.events
    )
    return replace(info, model=todays_name(info.model, version), events=events)


def _todays(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Settings of version 1, whose `process` (alone it noted "independent") wrote the crop mode as the detector:
    "mediapipe" meant that crops were cut, whichever detector ran.
    """
    if "independent" not in settings or "crop_mode" in settings:
        return settings
    crop_mode = "full-frame" if settings.get("detector") == "full-frame" else "hands"
    return {**settings, "detector": None, "crop_mode": crop_mode}
