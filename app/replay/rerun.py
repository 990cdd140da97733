"""Runs a model over the images of a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from app import __version__
from app.replay.clip import Clip
from app.replay.runs import RunInfo, new_run_name, run_notes, run_path
from app.replay.video_images import ImageReader
from app.sessions.files import is_there, replacing
from app.sessions.journal import HandJournal
from app.sessions.recorded_config import recorded_config
from models.errors import BothhandsError
from models.registry import model_card, require_weights
from models.sentences import say
from models.values import Intrinsics
from tracking.config import TrackerConfig
from tracking.readings import Readings
from tracking.tracker import Tracker
from tracking.values import Frame


class RunCancelled(Exception):  # noqa: N818 - not an error: a person wanted it
    """The run was stopped on request; nothing was written."""


def run_model(
    clip: Clip,
    model: str,
    *,
    device: str = "auto",
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Track every image of a session with a model, with the camera, hand model and smoothing it was recorded with.

    Args:
        clip: the session.
        model: a name of the registry.
        device: "auto", "cpu", "cuda" or "cuda:N".
        progress: called with images done and in all.
        cancelled: asked before each image whether to stop.

    Returns:
        Name of the run, stored whole beside the session.

    Raises:
        BothhandsError: no video, a model that cannot be loaded, or a folder that cannot be written.
        RunCancelled: `cancelled` said so.
    """
    video = clip.video
    cameras = _Cameras(clip)
    tracker = _tracker(clip, model, device, cameras)
    try:
        name = new_run_name(clip.session.path, model)
        path = run_path(clip.session.path, name)
        try:
            check_there(clip)
            path.parent.mkdir(exist_ok=True)
            with replacing(path) as partial:
                partial.unlink(missing_ok=True)  # of a run that was killed
                _track_all(clip, tracker, cameras, video, partial, progress, cancelled)
        except OSError as error:
            raise BothhandsError(
                say(
                    "The run of {model} cannot be written in {parent}: {reason}; free some space or make the "
                    "folder writable.",
                    model=model,
                    parent=path.parent,
                    reason=str(error.strerror or error),
                )
            ) from error
        return name
    finally:
        tracker.close()


def check_there(clip: Clip) -> None:
    """Make sure that the session's folder is still there.

    Raises:
        BothhandsError: it was deleted or moved.
    """
    if not is_there(clip.session.path):
        raise BothhandsError(
            say(
                "The folder of this session, {path}, was deleted or moved: no run can be kept in it.",
                path=clip.session.path,
            )
        )


def _track_all(
    clip: Clip,
    tracker: Tracker,
    cameras: _Cameras,
    video: Path,
    target: Path,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    assert clip.index is not None, "a clip with a video has its index"
    independent = clip.session.info.settings.get("independent") is True
    reader = ImageReader(video, clip.index)
    journal = HandJournal(target, clip.session.info.hand_model, notes=run_notes(_info(tracker)))
    try:
        total = len(clip.times_ns)
        for number, captured_ns in enumerate(clip.times_ns.tolist()):
            if cancelled():
                raise RunCancelled
            image = reader.read(number)
            image.flags.writeable = False
            cameras.number = number
            tracked = tracker.track(Frame(number, captured_ns, image), independent=independent)
            journal.append(tracked, model=tracker.model, camera=int(clip.numbers[number]))
            progress(number + 1, total)
    finally:
        journal.close()
        reader.close()


class _Cameras:
    """The camera of the image that is being tracked: in a session several may have come after one another."""

    def __init__(self, clip: Clip) -> None:
        self.number = 0
        self._clip = clip

    def __call__(self, width: int, height: int) -> Intrinsics:
        return self._clip.camera_of(self.number)


def _tracker(clip: Clip, model: str, device: str, cameras: _Cameras) -> Tracker:
    require_weights(model)
    config = config_of_run(recorded_config(clip.session.info), model, device)
    return Tracker.from_config(config, hand_models=clip.hand_models, camera=cameras)


def config_of_run(recorded: TrackerConfig, model: str, device: str) -> TrackerConfig:
    """A recording's choices for another model: it reads what was read there, if it can."""
    readings: Readings = "both" if model_card(model).needs_landmarks else recorded.readings
    return replace(recorded, model=model, device=device, readings=readings)


def _info(tracker: Tracker) -> RunInfo:
    return RunInfo(
        model=tracker.model,
        weights_sha256=model_card(tracker.model).sha256,
        app_version=__version__,
        smoothing=None if tracker.smoothing is None else asdict(tracker.smoothing),
        made=datetime.now().astimezone().isoformat(timespec="seconds"),
    )
