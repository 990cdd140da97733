"""A session opened for replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.replay.video_images import VideoIndex
from app.sessions.cameras import ImageCameras
from app.sessions.hand_models import session_hand_models
from app.sessions.moments import exact
from app.sessions.session import Session, load_session
from models.errors import BothhandsError
from models.hand_model import HandModel
from models.registry import require_weights
from models.sentences import say
from models.values import Intrinsics, Side


@dataclass(frozen=True, eq=False)
class Clip:
    """What is the same for all runs of a session.

    Attributes:
        session: as it lies on disk.
        index: of its video; None where it has none.
        times_ns: (P,) int64 rising capture times of its images; without a video, of the frames that have hands.
        size: width, height of the images, px.
        cameras: that the images were taken with, for images of that size.
        numbers: (P,) which of the cameras each image was taken with.
        hand_models: by side, those that the parameters belong to.
    """

    session: Session
    index: VideoIndex | None
    times_ns: np.ndarray
    size: tuple[int, int]
    cameras: ImageCameras
    numbers: np.ndarray
    hand_models: Mapping[Side, HandModel]

    @property
    def intrinsics(self) -> Intrinsics:
        """The camera of the first image."""
        return self.camera_of(0)

    def camera_of(self, number: int) -> Intrinsics:
        """The camera of an image."""
        return self.cameras.fitted[self.numbers[number]]

    @property
    def video(self) -> Path:
        """The images.

        Raises:
            BothhandsError: there are none.
        """
        if self.session.video is None:
            raise BothhandsError(
                say(
                    "The session {path} has no video, so no model can be run on it; record one in the window, or "
                    "with `process --keep-frames`.",
                    path=self.session.path,
                )
            )
        return self.session.video

    def check_runnable(self, model: str) -> None:
        """Make sure that a model can be run over the session, before a window is opened for it.

        Raises:
            BothhandsError: there is no such model, it has no weights, or the session has no video.
        """
        require_weights(model)
        _ = self.video


def open_clip(path: Path, mano_dir: Path | None = None) -> Clip:
    """Open a session folder.

    Args:
        path: the folder.
        mano_dir: folder of official MANO files; None takes the one that the session was recorded with.

    Raises:
        BothhandsError: no session, damaged, of a newer version, of a hand model that is not at hand, or with nothing
            in it; one sentence that says which.
    """
    session = load_session(path)
    hand_models = session_hand_models(session, mano_dir or _own_mano_dir(session))
    found_ns = np.unique(session.table["captured_ns"].to_numpy())
    if session.video is None:
        if not len(found_ns):
            raise BothhandsError(
                say("The session {path} has neither frames nor hands; there is nothing to replay.", path=path)
            )
        first = session.info.camera_table[session.table["camera"][0].as_py()]
        return _clip(session, None, found_ns, (first.width, first.height), hand_models)
    index = VideoIndex.of(session.video)
    return _clip(session, index, exact(index.times_ns, found_ns), index.size, hand_models)


def _clip(
    session: Session,
    index: VideoIndex | None,
    times_ns: np.ndarray,
    size: tuple[int, int],
    hand_models: Mapping[Side, HandModel],
) -> Clip:
    cameras = ImageCameras.of(session.info, size)
    numbers = cameras.of_images(times_ns, session.table)
    return Clip(session, index, times_ns, size, cameras, numbers, hand_models)


def _own_mano_dir(session: Session) -> Path | None:
    named = session.info.settings.get("mano_dir")
    try:
        return Path(named) if isinstance(named, str) and Path(named).is_dir() else None
    except ValueError:  # no name that any folder can have
        return None
