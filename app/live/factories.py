"""What a live session is made of: the real sources, tracker, networks and renderers, or a test's own.

Heavy modules are imported where they are first needed, by the thread that needs them, so that the window is there at
once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING, Self

import numpy as np

from app import __version__
from app.live.feed import Clock
from app.live.frame_tracker import CreateTracker, FrameTracker
from app.live.model_switch import CreateModel
from app.live.painting import CreateRenderer
from app.live.recording import CreateRecorder, FrameRecorder, RecordingStart
from app.settings import Settings
from models.registry import HandModels, Reconstructor
from models.values import Side
from render.protocol import MeshRenderer
from tracking.config import TrackerConfig
from tracking.sources.camera_mode import CameraMode
from tracking.sources.protocol import FrameSource

if TYPE_CHECKING:
    from app.sessions.info import SessionInfo
    from tracking.sources import CameraInfo

OpenSource = Callable[[str, Callable[[str], None], CameraMode | None], FrameSource]
"""What names a source, a function that gets its notices, and the mode to ask a camera for, to the open source."""


def _cameras_are_listed() -> bool:
    from tracking.sources import cameras_are_listed

    return cameras_are_listed()


@dataclass(frozen=True)
class Factories:
    """Makers of the parts. Each is called in the thread that will own the part.

    Attributes:
        open_source: opens cameras, files, folders and streams.
        list_cameras: which cameras there are.
        create_tracker: loads and warms up everything.
        create_model: loads a network beside the running one.
        create_renderer: makes the GL context.
        create_recorder: makes a session folder.
        clock: steady nanoseconds, the clock that live sources stamp their frames with.
        cameras_listed_quietly: whether `list_cameras` opens no device, so that it may be called now and then.
    """

    open_source: OpenSource
    list_cameras: Callable[[], Sequence[CameraInfo]]
    create_tracker: CreateTracker
    create_model: CreateModel
    create_renderer: CreateRenderer
    create_recorder: CreateRecorder
    clock: Clock = perf_counter_ns
    cameras_listed_quietly: Callable[[], bool] = _cameras_are_listed

    @classmethod
    def real(cls, settings: Settings) -> Self:
        """The parts that these settings name."""

        def create_tracker(config: TrackerConfig) -> FrameTracker:
            from app.compiled import compile_beside
            from models.registry import require_weights
            from tracking.tracker import Tracker

            require_weights(config.model)
            compile_beside()  # what was compiled before is there before the networks are, and so before the first frame
            return Tracker.from_config(config)

        def create_network(config: TrackerConfig, hand_models: HandModels) -> Reconstructor:
            from models.registry import create_model, require_weights
            from models.runtime.device import resolve_device

            require_weights(config.model)
            return create_model(config.model, hand_models, resolve_device(config.device))

        def create_mesh_renderer(faces: Mapping[Side, np.ndarray]) -> MeshRenderer:
            from render import create_renderer

            return create_renderer(settings.renderer, faces)

        def create_recorder(start: RecordingStart) -> tuple[FrameRecorder, Path]:
            from app.sessions.recorder import Recorder
            from app.sessions.session import SessionWriter

            writer = SessionWriter.create(settings.recordings, _session_info(start), video=True)
            return Recorder(writer), writer.path

        return cls(_open_source, _list_cameras, create_tracker, create_network, create_mesh_renderer, create_recorder)


def _open_source(spec: str, on_notice: Callable[[str], None], camera_mode: CameraMode | None) -> FrameSource:
    from tracking.sources import open_source

    return open_source(spec, camera_mode=camera_mode, on_notice=on_notice)


def _list_cameras() -> Sequence[CameraInfo]:
    from tracking.sources import list_cameras

    return list_cameras()


def _session_info(start: RecordingStart) -> SessionInfo:
    from app.sessions.info import SessionInfo
    from app.sessions.recorded_config import recorded_settings
    from models.registry import model_card

    return SessionInfo(
        app_version=__version__,
        model=start.first.model,
        weights_sha256=model_card(start.first.model).sha256,
        hand_model=start.hand_model,
        source=start.source,
        intrinsics=start.first.intrinsics,
        settings=recorded_settings(
            start.config,
            mirrored=start.mirrored,
            **({"title": start.title} if start.title else {}),
            **({"notes": start.notes} if start.notes else {}),
        ),
    )
