"""What a live session hands to whoever shows it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from app.live.player import PlaybackStatus
from models.errors import BothhandsError
from models.sentences import said, say
from models.values import Side
from render.layers import Layer
from tracking.gestures import Gesture
from tracking.sources.camera_mode import CameraMode
from tracking.values import Readers, TrackedFrame

logger = logging.getLogger(__name__)

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Message:
    """One sentence for the person at the screen.

    Attributes:
        severity: "info": good to know; "warning": something is worse than it was; "error": something asked for failed.
        text: what happened and what helps.
    """

    severity: Severity
    text: str


@dataclass(frozen=True, eq=False)
class BesideFrame:
    """A frame as a second model sees it.

    Attributes:
        image: (H, W, 3) uint8 RGB, unmirrored, hands drawn in unless they are in `layers`.
        tracked: the frame and hands it was drawn from.
        layers: the hands by themselves; None where they are in the image.
    """

    image: np.ndarray
    tracked: TrackedFrame
    layers: tuple[Layer, ...] | None = None


@dataclass(frozen=True, eq=False)
class RenderedFrame:
    """One finished image.

    Attributes:
        image: (H, W, 3) uint8 RGB, unmirrored, hands drawn in unless they are in `layers`.
        tracked: the frame and hands it was drawn from.
        captured_ns: when the frame was grabbed (files: when playback handed it out), on the session's clock.
        rendered_ns: when drawing was finished, same clock.
        milliseconds: time spent by stage, drawing ("render") included.
        faces: (F, 3) by side, of the hands' meshes; None where no tracker could be made.
        beside: the very same frame with a second model's hands; None where none is compared, or not loaded yet.
        layers: the hands by themselves, with the screen's pixels; None where they are in the image.
    """

    image: np.ndarray
    tracked: TrackedFrame
    captured_ns: int
    rendered_ns: int
    milliseconds: Mapping[str, float]
    faces: Mapping[Side, np.ndarray] | None = None
    beside: BesideFrame | None = None
    layers: tuple[Layer, ...] | None = None


@dataclass(frozen=True)
class ComparisonStatus:
    """A second model over the same frames, beside the running one.

    Attributes:
        model: its name.
        loading: it is being loaded.
        loading_seconds: for how long.
        loading_reason: what is being done for it now, "" where it is loaded.
    """

    model: str
    loading: bool = False
    loading_seconds: float = 0.0
    loading_reason: str = ""


@dataclass(frozen=True)
class RecordingStatus:
    """A running recording.

    Attributes:
        folder: of the session.
        seconds: from its first frame to its last.
        frames: whose images were taken so far, tracked or not.
        dropped: frames whose image is missing, whatever the reason.
        captured: frames that the source gave meanwhile.
        tracked: frames whose hands are recorded.
        size: bytes of the folder.
        disk_left: bytes that are free on its disk, None where unknown.
    """

    folder: Path
    seconds: float
    frames: int
    dropped: int
    captured: int = 0
    tracked: int = 0
    size: int = 0
    disk_left: int | None = None


@dataclass(frozen=True)
class HandState:
    """What is known of a hand in an image.

    Attributes:
        score: confidence that it is there, 0..1.
        seen_by: who measured it in this frame, or that it was carried on.
        gesture: that it makes, None where it makes none.
    """

    score: float
    seen_by: Readers | Literal["predicted"]
    gesture: Gesture | None = None


def hand_states(tracked: TrackedFrame) -> dict[Side, HandState]:
    """Of each hand in a frame."""
    return {
        side: HandState(
            float(hand.score),
            "predicted" if side in tracked.predicted else tracked.readers.get(side, "network"),
            tracked.gestures.get(side),
        )
        for side, hand in tracked.hands.hands.items()
    }


@dataclass(frozen=True)
class LiveStatus:
    """What is going on in a session.

    Attributes:
        source: name of the running source, "" where none runs.
        source_spec: what names it to `select_source`; None where none runs.
        live: the running source is a camera or a stream, and no file.
        source_fps: frames a second that the running source says it gives, None where it does not say.
        camera: what the running source's calibration is remembered by, "" where none runs: see `app.cameras`.
        asked_mode, mode: what the running camera was asked for, and what it gives as far as its driver says; None where
            no camera runs.
        modes: those that the running camera's driver lists; none where it lists none, and where no camera runs.
        mirrored: the running source is turned back left to right.
        opening: a source is being opened.
        stalled: the running camera or stream has given no image for 1.5 s.
        playback: where the running clip is; None where none runs.
        model: name of the model in use, "" until one is loaded.
        loading_model: name of the model that is being loaded, or None.
        loading_seconds: how long it has been loading.
        loading_reason: what is being done for it now, "" where none is loaded.
        comparison: a second model beside it, or None.
        recording: the running recording, or None.
        last_recording: folder of the last finished recording, or None.
        frames_per_second: images finished, over the last two seconds.
        hands: sides in the newest image.
        hand_states: what is known of each of them.
    """

    source: str = ""
    source_spec: str | None = None
    live: bool = False
    source_fps: float | None = None
    camera: str = ""
    asked_mode: CameraMode | None = None
    mode: CameraMode | None = None
    modes: tuple[CameraMode, ...] = ()
    mirrored: bool = False
    opening: bool = False
    stalled: bool = False
    playback: PlaybackStatus | None = None
    model: str = ""
    loading_model: str | None = None
    loading_seconds: float = 0.0
    loading_reason: str = ""
    comparison: ComparisonStatus | None = None
    recording: RecordingStatus | None = None
    last_recording: Path | None = None
    frames_per_second: float = 0.0
    hands: frozenset[Side] = frozenset()
    hand_states: Mapping[Side, HandState] = field(default_factory=dict)


class MessageBoard:
    """Messages of all threads, until the window fetches them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: dict[Message, None] = {}

    def post(self, severity: Severity, text: str) -> None:
        """Put up a message; one that hangs there already is not put up twice."""
        with self._lock:
            self._messages[Message(severity, text)] = None

    def post_error(self, doing: str, error: Exception) -> None:
        """Put up an exception: the user's errors as they are, others (which are ours) with what was being done.

        Only ours go to the log with where they come from: a person can do nothing with a traceback of a bad file.
        """
        if isinstance(error, BothhandsError):
            logger.info("%s: %s", doing, error)
            self.post("error", said(error))
        else:
            logger.error("%s failed", doing, exc_info=error)
            kind = type(error).__name__
            text = say(
                "{doing} failed: {kind}: {error}. The log on the terminal says more.",
                doing=doing,
                kind=kind,
                error=str(error),
            )
            self.post("error", text)

    def drain(self) -> list[Message]:
        """All messages since the last call, oldest first."""
        with self._lock:
            messages, self._messages = list(self._messages), {}
        return messages
