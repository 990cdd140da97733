"""A session as exports see it: its columns as arrays, and the hand model that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from av.error import FFmpegError

from app.replay.runs import read_run
from app.sessions.columns import HandColumns
from app.sessions.files import open_video
from app.sessions.hand_models import session_hand_models
from app.sessions.info import SessionInfo
from app.sessions.moments import MediaTime, origin_of
from app.sessions.session import Session, load_session
from models.errors import BothhandsError
from models.hand_model import HandModel
from models.sentences import say
from models.values import SIDES, HandParameters, Side

_BATCH = 256


@dataclass(frozen=True, eq=False)
class Take:
    """What is exported.

    Attributes:
        path: the session's folder.
        info: what session.json says.
        columns: its hands.
        start_ns: `captured_ns` that exports count time from: the first image's, the first hand's without a video.
        time: how capture times are played; long pauses of the source are shortened.
        video: the images, None where none were kept.
        every_frame_tracked: whether an image without hands has none; see `app.sessions.between`.
        hand_models: by side; empty where the format does not need them.
    """

    path: Path
    info: SessionInfo
    columns: HandColumns
    start_ns: int
    time: MediaTime
    video: Path | None
    every_frame_tracked: bool
    hand_models: Mapping[Side, HandModel]

    @property
    def sides(self) -> tuple[Side, ...]:
        """Hands that appear in it."""
        return tuple(side for side in SIDES if np.any(self.columns.side == side))

    def seconds(self) -> np.ndarray:
        """(N,) time of each row, from the take's start, as it is played."""
        return (self.time.at(self.columns.captured_ns) - self.time.at(np.array([self.start_ns]))) * 1e-9

    def with_parameters(self, pose: np.ndarray, translation: np.ndarray, progress: Callable[[int, int], None]) -> Take:
        """The same take with hands posed otherwise; joints follow from the hand model.

        Args:
            pose: (N, 48) radians.
            translation: (N, 3) metres.
            progress: called with rows done and in all.
        """
        columns = self.columns
        joints = np.empty((len(pose), 21, 3), np.float32)
        done = 0
        for side in self.sides:
            rows = columns.rows(side)
            for batch in np.split(rows, range(_BATCH, len(rows), _BATCH)):
                progress(done, len(pose))
                joints[batch] = _joints(self.hand_models[side], pose[batch], columns.shape[batch], translation[batch])
                done += len(batch)
        pixels = np.empty((len(pose), 21, 2), np.float32)
        for number, camera in enumerate(self.info.camera_table):
            rows = columns.camera == number
            pixels[rows] = camera.project(joints[rows])
        changed = replace(
            columns,
            pose=pose.astype(np.float32),
            translation=translation.astype(np.float32),
            joints=joints.reshape(-1, 63),
            joints_px=pixels.reshape(-1, 42),
        )
        return replace(self, columns=changed)


def load_take(
    folder: Path, *, with_hand_models: bool, mano_dir: Path | None = None, run: str | None = None
) -> tuple[Take, Session]:
    """Read a session for an export.

    Args:
        folder: of the session.
        with_hand_models: whether meshes or new joints are needed.
        mano_dir: folder of official MANO files, needed where the session was made with them.
        run: name of a run of another model, whose hands take the place of the recorded ones; None for those.

    Returns:
        The take, and the session as it lies on disk.

    Raises:
        BothhandsError: no session, damaged, of a newer version, without hands, or of a hand model that is not at hand.
    """
    session = load_session(folder)
    table = session.table if run is None else read_run(folder, run, session.info.hand_model)[1]
    columns = HandColumns.of(table)
    if not len(columns.frame):
        where = (
            say("the session {path}", path=folder)
            if run is None
            else say("the run {run} of the session {path}", run=run, path=folder)
        )
        raise BothhandsError(say("No hand was found in {where}, so there is nothing to export.", where=where))
    _check(columns, session)
    models = session_hand_models(session, mano_dir) if with_hand_models else {}
    first = int(columns.captured_ns.min())
    origin = None if session.video is None else video_origin(session.video)
    # The first image is never after the first hand; a video of something else would be.
    start = first if origin is None else min(origin, first)
    time = MediaTime.of(np.union1d(session.journal.moments_ns, [start]))
    whole = session.every_frame_tracked
    return Take(folder, session.info, columns, start, time, session.video, whole, models), session


def video_origin(video: Path) -> int | None:
    """`captured_ns` of a video's first image; None where the file does not say."""
    try:
        with open_video(video) as container:
            return origin_of(container)
    except (FFmpegError, OSError):
        return None


def _check(columns: HandColumns, session: Session) -> None:
    """The columns' values were checked while they were read; here, that each hand goes on in time."""
    if not all(np.all(np.diff(columns.captured_ns[columns.rows(side)]) > 0) for side in SIDES):
        raise BothhandsError(
            say(
                "The hands of the session {path} do not follow one another in time; no export can be made of them.",
                path=session.path,
            )
        )


def _joints(model: HandModel, pose: np.ndarray, shape: np.ndarray, translation: np.ndarray) -> np.ndarray:
    """(B, 21, 3) metres."""
    hands = zip(pose.reshape(-1, 16, 3).astype(np.float32), shape, translation.astype(np.float32), strict=True)
    return np.stack([model.mesh(HandParameters(*hand))[1] for hand in hands])
