"""The session folder: what a recording or `process` leaves on disk.

::

    YYYYMMDD-HHMMSS/  session.json  hands.arrows  video.mkv  .recording (while it is written)
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pyarrow as pa

from app.sessions import marker
from app.sessions.extent import VideoExtent, read_extent
from app.sessions.files import INFO_FILE, JOURNAL_FILE, VIDEO_FILE, session_name
from app.sessions.info import (
    DroppedFrames,
    RecoveryNote,
    SessionEvent,
    SessionInfo,
    no_folder,
    read_info,
    write_info,
)
from app.sessions.journal import HandJournal
from app.sessions.reading import Journal, JournalOutline, outline_journal_file, read_journal_file
from app.sessions.video import VideoWriter
from models.amounts import frames_text
from models.errors import BothhandsError
from models.sentences import said, say
from models.values import Intrinsics
from tracking.values import Frame, TrackedFrame

__all__ = [
    "INFO_FILE",
    "JOURNAL_FILE",
    "DroppedFrames",
    "RecoveryNote",
    "Session",
    "SessionEvent",
    "SessionInfo",
    "SessionOutline",
    "SessionWriter",
    "load_session",
    "outline_session",
    "read_info",
    "write_info",
]

NONE_DROPPED = DroppedFrames()
LEAST_ROOM = 64 << 20
"""Bytes that a recording leaves free on the disk: enough to be completed, and for other programs to go on."""
_ROOM_EVERY = 16
_EVENTS_SECONDS = 1.0
"""Changes of a camera that changes with every image reach session.json this often."""


class SessionWriter:
    """Writes one session. Used by one thread at a time.

    As a context manager it finishes the session. When an exception passes it closes the files and leaves the mark of
    an unfinished session, so that everything written can be recovered.

    Attributes:
        path: the folder.
        frames: tracked ones, that were entered in the journal.
        pictures: frames in the video.
    """

    def __init__(
        self,
        path: Path,
        info: SessionInfo,
        *,
        video: bool,
        least_room: int = LEAST_ROOM,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin a session in a folder that is there already; see `create`.

        Args:
            path: the folder.
            info: what to note about the session.
            video: whether the images are kept as well.
            least_room: bytes that are left free on the disk.
            clock: seconds; decides how often changes are written.

        Raises:
            BothhandsError: another process writes there, or nothing can be written.
        """
        self.path = path
        self._info = replace(info, cameras=info.camera_table)
        self._places = {_key(camera): place for place, camera in enumerate(self._info.cameras)}
        self._camera, self._model = 0, info.model
        self._unwritten = False  # whether there are events that session.json lacks
        self._clock = clock
        self._written = clock()
        self._least_room = least_room
        self._room_every = 1 if least_room < LEAST_ROOM else _ROOM_EVERY
        self._with_video = video
        self._video: VideoWriter | None = None
        self._closed = False
        self.frames = 0
        self.pictures = 0
        try:
            marker.claim(path)
            write_info(path, self._info)
            self._journal = HandJournal(path / JOURNAL_FILE, info.hand_model)
        except OSError as error:
            raise BothhandsError(
                say("The session {path} cannot be written: {reason}.", path=path, reason=str(error.strerror or error))
            ) from error

    @classmethod
    def create(cls, root: Path, info: SessionInfo, *, video: bool) -> SessionWriter:
        """Begin a session in a new folder under `root`, named after the time at which it started.

        Args:
            root: folder of sessions; made where missing.
            info: what to note about the session.
            video: whether the images are kept as well.

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
                say(
                    "No session can be written in {root}: {reason}; choose another folder.",
                    root=root,
                    reason=str(error.strerror or error),
                )
            ) from error
        return cls(path, info, video=video)

    def append(self, tracked: TrackedFrame) -> None:
        """Write a frame and its hands.

        Raises:
            BothhandsError: as `check_room`, `append_image` and `append_hands`.
            ValueError: the session is closed.
        """
        if self.frames % self._room_every == 0:
            self.check_room()
        self.append_image(tracked.frame)
        self.append_hands(tracked)

    def append_image(self, frame: Frame) -> None:
        """Write the image of a frame, where images are kept.

        Raises:
            BothhandsError: writing failed, for example because the disk is full. The session is closed then and keeps
                what was written; the text says so.
            ValueError: the session is closed.
        """
        self._check_open()
        if not self._with_video:
            return
        try:
            if self._video is None:  # the size is known with the first image
                self._video = VideoWriter(self.path / VIDEO_FILE, frame.image.shape[1], frame.image.shape[0])
            self._video.add(frame.image, frame.captured_ns)
            self.pictures += 1
        except (OSError, BothhandsError) as error:
            raise self._stopped_by(error) from error

    def append_hands(self, tracked: TrackedFrame) -> None:
        """Write the hands of a frame; its image is not looked at.

        Raises:
            BothhandsError: writing failed; as in `append_image`.
            ValueError: the session is closed.
        """
        self._check_open()
        try:
            self._note_changes(tracked)
            self._journal.append(tracked, model=self._info.model, camera=self._camera)
        except (OSError, BothhandsError) as error:
            raise self._stopped_by(error) from error
        self.frames += 1

    def note(self, kind: str, value: Any, frame: int, captured_ns: int) -> None:
        """Note that a choice changed, or that the session ends before its source does; see `SessionEvent`.

        Raises:
            BothhandsError: writing failed; as in `append_image`.
            ValueError: the session is closed.
        """
        self._check_open()
        try:
            self._add_event(kind, value, frame, captured_ns)
            self._write_changes()
        except OSError as error:
            raise self._stopped_by(error) from error

    def check_room(self) -> None:
        """Make sure that there is room for more, before there is none to complete the session.

        Raises:
            BothhandsError: the disk is nearly full: the session is still open and is to be finished. Or its folder was
                deleted, and nothing can be done.
        """
        try:
            free = shutil.disk_usage(self.path).free
        except FileNotFoundError:
            free = 0
        if not (self.path / JOURNAL_FILE).exists():
            raise _deleted(self.path)
        if free < self._least_room:
            raise DiskNearlyFullError(
                say(
                    "The disk of {path} is nearly full ({room} MB left), so recording stopped; what was recorded "
                    "is complete. Free some space or choose another folder.",
                    path=self.path,
                    room=free >> 20,
                )
            )

    def finish(self, *, dropped: DroppedFrames = NONE_DROPPED) -> None:
        """Complete the session: counts into session.json, mark of an unfinished session removed.

        Args:
            dropped: frames whose image was never appended.

        Raises:
            BothhandsError: writing failed; what was written is kept.
        """
        if self._closed:
            return
        try:
            self._close_files()
            captured = max(self.frames, self.pictures + dropped.total)
            counted = replace(
                self._info, frames=captured, tracked=self.frames, dropped=dropped.total, dropped_by=dropped
            )
            write_info(self.path, counted)
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

    def _note_changes(self, tracked: TrackedFrame) -> None:
        """Note a camera or a model that is not that of the frame before; what rows refer to is on the disk first."""
        frame = tracked.frame
        key = _key(tracked.intrinsics)
        is_new = key not in self._places
        if is_new:
            self._places[key] = len(self._info.cameras)
            self._info = replace(self._info, cameras=(*self._info.cameras, tracked.intrinsics))
        if self._places[key] != self._camera:
            self._camera = self._places[key]
            self._add_event("camera", self._camera, frame.index, frame.captured_ns)
        if tracked.model and tracked.model != self._model:
            self._model = tracked.model
            self._add_event("model", self._model, frame.index, frame.captured_ns)
        if is_new or self._clock() - self._written >= _EVENTS_SECONDS:
            self._write_changes()

    def _add_event(self, kind: str, value: Any, frame: int, captured_ns: int) -> None:
        event = SessionEvent(kind=kind, frame=frame, captured_ns=captured_ns, value=value)
        self._info = replace(self._info, events=(*self._info.events, event))
        self._unwritten = True

    def _write_changes(self) -> None:
        if self._unwritten:
            write_info(self.path, self._info)
            self._unwritten = False
            self._written = self._clock()

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
        if isinstance(error, FileNotFoundError) and not self.path.is_dir():
            return _deleted(self.path)
        self._release()
        reason = f"{error.strerror or error}." if isinstance(error, OSError) else said(error)
        return BothhandsError(
            say(
                "The recording stopped; {path} keeps {frames}. The reason: {reason}",
                frames=frames_text(self.frames),
                path=self.path,
                reason=reason,
            )
        )


class DiskNearlyFullError(BothhandsError):
    """There is just enough room left to complete what was begun."""


def _key(camera: Intrinsics) -> tuple[float, ...]:
    return (camera.fx, camera.fy, camera.cx, camera.cy, camera.width, camera.height)


def _deleted(folder: Path) -> BothhandsError:
    return BothhandsError(
        say(
            "The folder of the recording, {folder}, was deleted or moved while it was written, so recording stopped.",
            folder=folder,
        )
    )


@dataclass(frozen=True, eq=False)
class SessionOutline:
    """A session as it lies on disk, but for its hands.

    Attributes:
        path: the folder.
        info: what session.json says.
        journal: what could be read of the hands.
        video: the images, None where none were kept.
        interrupted: whether its writer never finished it.
    """

    path: Path
    info: SessionInfo
    journal: JournalOutline
    video: Path | None
    interrupted: bool

    @cached_property
    def extent(self) -> VideoExtent:
        """How far the video reaches."""
        return VideoExtent() if self.video is None else read_extent(self.video)

    @property
    def frames(self) -> int:
        """Tracked frames: those that were entered, as far as journal and session.json tell."""
        # What a recovery found to be missing at the end is noted there.
        noted = self.tracked if self.info.recovered is None else None
        return max(self.journal.frames, noted or 0)

    @property
    def every_frame_tracked(self) -> bool:
        """Whether hands were looked for in every frame, as of files; of a session that is not finished nobody knows."""
        noted = self.tracked
        return noted is not None and noted >= (self.info.frames or 0)

    @property
    def tracked(self) -> int | None:
        """Frames in which hands were looked for, as session.json notes them; None until the session was stopped."""
        return self.info.frames if self.info.tracked is None else self.info.tracked

    @property
    def readable_frames(self) -> int:
        """Tracked frames whose hands can be read."""
        return min(self.journal.readable_frames, self.frames)

    @property
    def damaged(self) -> bool:
        """Whether hands are missing, or may be, that no recovery has looked for yet."""
        lost = self.readable_frames < self.frames and self.info.recovered is None
        return self.journal.damaged or (not self.interrupted and (self.journal.cut_off or lost))

    @property
    def damage(self) -> str:
        """How much is missing of hands that were written, as a clause; "" where nothing is."""
        if not self.damaged and self.readable_frames == self.frames:
            return ""
        return say(
            "damaged: {readable_frames} of {frames} readable",
            readable_frames=self.readable_frames,
            frames=frames_text(self.frames),
        )


@dataclass(frozen=True, eq=False)
class Session(SessionOutline):
    """A session as it lies on disk."""

    journal: Journal

    @property
    def table(self) -> pa.Table:
        """One row per frame and side, columns as in `app.sessions.schema.JOURNAL_SCHEMA`."""
        return self.journal.table(self.info.model)


_AnySession = TypeVar("_AnySession", bound=SessionOutline)


def load_session(path: Path) -> Session:
    """Read a session folder, also one whose writer was killed or that was damaged.

    Raises:
        BothhandsError: no session, made by a newer version, or a part is missing or damaged as a whole; the text names
            it.
    """
    info, video, interrupted = _parts(path)
    return _checked(Session(path, info, read_journal_file(path / JOURNAL_FILE), video, interrupted))


def outline_session(path: Path) -> SessionOutline:
    """Read and check a session folder as `load_session` does, without keeping its hands.

    Raises:
        BothhandsError: as there.
    """
    info, video, interrupted = _parts(path)
    return _checked(SessionOutline(path, info, outline_journal_file(path / JOURNAL_FILE), video, interrupted))


def _parts(path: Path) -> tuple[SessionInfo, Path | None, bool]:
    """What a session folder holds besides the hands: what it says of itself, its video, whether it is unfinished."""
    if not path.is_dir():
        raise no_folder(path)
    info = read_info(path)
    if not (path / JOURNAL_FILE).is_file():
        raise BothhandsError(
            say("The session {path} lacks its journal of hands, {journal}.", path=path, journal=JOURNAL_FILE)
        )
    video = path / VIDEO_FILE
    return info, video if video.is_file() else None, marker.is_marked(path)


def _checked(session: _AnySession) -> _AnySession:
    if session.journal.most_camera >= len(session.info.camera_table):
        raise BothhandsError(
            say(
                "The session {path} is damaged: {journal} names a camera that {info} lacks.",
                path=session.path,
                journal=JOURNAL_FILE,
                info=INFO_FILE,
            )
        )
    return session
