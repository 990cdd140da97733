"""The session folder: what a recording or `process` leaves on disk.

::

    YYYYMMDD-HHMMSS/  session.json  hands.arrows  video.mkv  .recording (while it is written)
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from app.sessions import marker
from app.sessions.files import INFO_FILE, JOURNAL_FILE, VIDEO_FILE, session_name
from app.sessions.journal import HandJournal, read_journal
from app.sessions.schema import SCHEMA_VERSION
from app.sessions.video import VideoWriter
from models.errors import BothhandsError
from models.values import Intrinsics
from tracking.values import Frame, TrackedFrame

LEAST_ROOM = 64 << 20
"""Bytes that a recording leaves free on the disk: enough to be completed, and for other programs to go on."""
_ROOM_EVERY = 16


@dataclass(frozen=True, kw_only=True)
class RecoveryNote:
    """What a recovered session says of its recovery; all counts and lengths are of what is left.

    Attributes:
        at: local time of the recovery with offset, ISO 8601.
        pictures: in the video.
        rows: hands in the journal.
        lost_hands_seconds: about how much of the hands is missing at the end, at most.
        lost_video_seconds: about how much of the video is missing at the end, at most; None where none was kept.
        set_aside: files of which nothing could be read; they lie beside the others under these names.
    """

    at: str
    pictures: int
    rows: int
    lost_hands_seconds: float
    lost_video_seconds: float | None
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SessionInfo:
    """What session.json holds.

    Attributes:
        app_version: version of this program.
        model: name of the reconstruction model.
        weights_sha256: of its weights file, None where it has none.
        hand_model: name of the hand model that the parameters belong to.
        source: what a person calls the source.
        intrinsics: the camera that hands are placed with.
        settings: all other choices that shape the result, as JSON values.
        started: local time with offset, ISO 8601.
        frames: pictures tracked; None until the session was stopped.
        dropped: pictures among them that are not in the video because the disk was too slow; their hands are there.
        recovered: how a session was completed whose writer was killed; None where it was completed as usual.
        schema_version: of the folder.
    """

    app_version: str
    model: str
    weights_sha256: str | None
    hand_model: str
    source: str
    intrinsics: Intrinsics
    settings: Mapping[str, Any] = field(default_factory=dict)
    started: str = field(default_factory=lambda: datetime.now().astimezone().isoformat(timespec="milliseconds"))
    frames: int | None = None
    dropped: int = 0
    recovered: RecoveryNote | None = None
    schema_version: int = SCHEMA_VERSION


_INFO = TypeAdapter(SessionInfo)


class SessionWriter:
    """Writes one session. Used by one thread at a time.

    As a context manager it finishes the session. When an exception passes it closes the files and leaves the mark of
    an unfinished session, so that everything written can be recovered.

    Attributes:
        path: the folder.
        frames: whose hands were written.
    """

    def __init__(self, path: Path, info: SessionInfo, *, video: bool) -> None:
        """Begin a session in a folder that is there already; see `create`."""
        self.path = path
        self._info = info
        self._with_video = video
        self._video: VideoWriter | None = None
        self._closed = False
        self.frames = 0
        try:
            marker.claim(path)
            write_info(path, info)
            self._journal = HandJournal(path / JOURNAL_FILE, info.hand_model)
        except OSError as error:
            raise BothhandsError(f"The session {path} cannot be written: {error.strerror or error}.") from error

    @classmethod
    def create(cls, root: Path, info: SessionInfo, *, video: bool) -> SessionWriter:
        """Begin a session in a new folder under `root`, named after the time at which it started.

        Args:
            root: folder of sessions; made where missing.
            info: what to note about the session.
            video: whether the pictures are kept as well.

        Raises:
            BothhandsError: no folder can be made or written there.
        """
        name = session_name(datetime.fromisoformat(info.started))
        path = root / name
        try:
            root.mkdir(parents=True, exist_ok=True)
            number = 1
            while True:
                try:
                    path.mkdir()
                    break
                except FileExistsError:
                    number += 1
                    path = root / f"{name}-{number}"
        except OSError as error:
            raise BothhandsError(
                f"No session can be written in {root}: {error.strerror or error}; choose another folder."
            ) from error
        return cls(path, info, video=video)

    def append(self, tracked: TrackedFrame) -> None:
        """Write a frame and its hands.

        Raises:
            BothhandsError: as `check_room`, `append_picture` and `append_hands`.
            ValueError: the session is closed.
        """
        if self.frames % _ROOM_EVERY == 0:
            self.check_room()
        self.append_picture(tracked.frame)
        self.append_hands(tracked)

    def append_picture(self, frame: Frame) -> None:
        """Write the picture of a frame, where pictures are kept.

        Raises:
            BothhandsError: writing failed, for example because the disk is full. The session is closed then and keeps
                what was written; the text says so.
            ValueError: the session is closed.
        """
        self._check_open()
        if not self._with_video:
            return
        try:
            if self._video is None:  # the size is known with the first picture
                self._video = VideoWriter(self.path / VIDEO_FILE, frame.image.shape[1], frame.image.shape[0])
            self._video.add(frame.image, frame.captured_ns)
        except (OSError, BothhandsError) as error:
            raise self._stopped_by(error) from error

    def append_hands(self, tracked: TrackedFrame) -> None:
        """Write the hands of a frame; its picture is not looked at.

        Raises:
            BothhandsError: writing failed; as in `append_picture`.
            ValueError: the session is closed.
        """
        self._check_open()
        try:
            self._journal.append(tracked)
        except OSError as error:
            raise self._stopped_by(error) from error
        self.frames += 1

    def check_room(self) -> None:
        """Make sure that there is room for more, before there is none to complete the session.

        Raises:
            BothhandsError: the disk is nearly full. The session is still open and is to be finished.
        """
        free = shutil.disk_usage(self.path).free
        if free < LEAST_ROOM:
            raise BothhandsError(
                f"The disk of {self.path} is nearly full ({free >> 20} MB left), so recording stopped; what was "
                "recorded is complete. Free some space or choose another folder."
            )

    def finish(self, *, frames: int | None = None, dropped: int = 0) -> None:
        """Complete the session: counts into session.json, mark of an unfinished session removed.

        Args:
            frames: pictures tracked, where that is not the number of those whose hands were appended.
            dropped: pictures tracked that were never appended.

        Raises:
            BothhandsError: writing failed; what was written is kept.
        """
        if self._closed:
            return
        try:
            self._close_files()
            write_info(
                self.path, replace(self._info, frames=self.frames if frames is None else frames, dropped=dropped)
            )
            marker.remove(self.path)
        except (OSError, BothhandsError) as error:
            raise self._stopped_by(error) from error

    def abort(self) -> None:
        """Close the files as they are; the session stays unfinished and can be recovered."""
        if self._closed:
            return
        with contextlib.suppress(OSError, BothhandsError):  # whatever made this necessary is the error to tell
            self._close_files()
        self._release()

    def __enter__(self) -> SessionWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.abort()

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError(f"the session {self.path} is closed")

    def _close_files(self) -> None:
        self._closed = True
        try:
            if self._video is not None:
                self._video.close()
        finally:
            self._journal.close()

    def _release(self) -> None:
        with contextlib.suppress(OSError):  # a disk that is gone
            marker.release(self.path)

    def _stopped_by(self, error: Exception) -> BothhandsError:
        with contextlib.suppress(OSError, BothhandsError):  # the disk that was full is still full
            self._close_files()
        self._release()
        reason = f"{error.strerror or error}." if isinstance(error, OSError) else str(error)
        return BothhandsError(
            f"The recording stopped after {self.frames} frames, which are kept in {self.path}. The reason: {reason}"
        )


@dataclass(frozen=True, eq=False)
class Session:
    """A session as it lies on disk.

    Attributes:
        path: the folder.
        info: what session.json says.
        table: one row per frame and side, columns as in `app.sessions.schema.JOURNAL_SCHEMA`.
        video: the pictures, None where none were kept.
        interrupted: whether its writer never finished it.
    """

    path: Path
    info: SessionInfo
    table: pa.Table
    video: Path | None
    interrupted: bool


def load_session(path: Path) -> Session:
    """Read a session folder, also one whose writer was killed.

    Raises:
        BothhandsError: no session, made by a newer version, or a part is missing or damaged; the text names it.
    """
    if not path.is_dir():
        raise BothhandsError(f"There is no session folder {path}; check the name.")
    info = read_info(path)
    if not (path / JOURNAL_FILE).is_file():
        raise BothhandsError(f"The session {path} lacks its journal of hands, {JOURNAL_FILE}.")
    video = path / VIDEO_FILE
    return Session(
        path=path,
        info=info,
        table=read_journal(path / JOURNAL_FILE),
        video=video if video.is_file() else None,
        interrupted=marker.is_marked(path),
    )


def read_info(folder: Path) -> SessionInfo:
    """What session.json of a folder says.

    Raises:
        BothhandsError: no session, made by a newer version, or damaged; the text names it.
    """
    path = folder / INFO_FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        # Looked at before anything else: a newer version may have other fields.
        version = values.get("schema_version") if isinstance(values, dict) else None
        if isinstance(version, int) and version > SCHEMA_VERSION:
            raise BothhandsError(
                f"The session {folder} has version {version} and this program reads up to {SCHEMA_VERSION}: update it."
            )
        return _INFO.validate_python(values)
    except FileNotFoundError as error:
        raise BothhandsError(f"The folder {folder} is no session: it lacks {path.name}.") from error
    except OSError as error:
        raise BothhandsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise BothhandsError(f"{path} is damaged: {where}: {first['msg']}.") from error
    except ValueError as error:
        raise BothhandsError(f"{path} is damaged: it is not JSON.") from error


def write_info(folder: Path, info: SessionInfo) -> None:
    """Replace session.json at once: a reader, and a power cut, meet the old one or the new one.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(folder / INFO_FILE) as partial, partial.open("wb") as file:
        file.write(_INFO.dump_json(info, indent=2) + b"\n")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file beside another and put it in its place when it is whole and on the disk.

    Yields:
        The path to write to. When an exception passes, it is removed and the other file stays as it was.

    Raises:
        OSError: the folder cannot be written.
    """
    partial = path.with_name(f"{path.name}.part")
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # the new name itself; other systems have no call for it
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
