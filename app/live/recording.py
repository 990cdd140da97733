"""Starting and stopping recordings while images go on."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.live.feed import Clock
from app.live.threads import guarded_thread
from app.live.values import MessageBoard, RecordingStatus
from models.amounts import frames_text
from models.sentences import joined, say
from tracking.config import TrackerConfig
from tracking.values import Frame, TrackedFrame

if TYPE_CHECKING:
    from app.sessions.info import DroppedFrames

_MEASURE_SECONDS = 1.0
"""How often a recording's size is looked at."""

_MOST_HELD = 20
"""Images that are held at most while the session's folder is being made: fewer than a recorder's queue takes."""


class FrameRecorder(Protocol):
    """What is asked of a recorder: bounded queues with a writing thread behind them."""

    @property
    def dropped_by(self) -> DroppedFrames:
        """Frames whose image is not in the video, by reason."""
        ...

    @property
    def error(self) -> Exception | None:
        """Why writing ended by itself or could not be finished, or None."""
        ...

    def note(self, kind: str, value: Any) -> None:
        """Note that a choice changes with the next tracked frame."""
        ...

    def offer_image(self, frame: Frame) -> bool:
        """Take a frame's image without waiting, in the order of the source; False where it was dropped."""
        ...

    def miss_image(self, index: int) -> None:
        """Count a frame whose image could not be kept until it could be offered."""
        ...

    def offer_hands(self, tracked: TrackedFrame) -> None:
        """Take the hands of a frame without waiting, whose image was offered before."""
        ...

    def stop(self) -> None:
        """Write what was taken and close the session; waits."""
        ...


@dataclass(frozen=True, eq=False)
class RecordingStart:
    """What a session folder notes about how its hands were made.

    Attributes:
        first: the frame that the recording begins with.
        source: name of the source.
        hand_model: name of the hand model.
        config: what hands are tracked with.
        mirrored: the source is turned back left to right.
        title, notes: what the person says of it, "" for nothing.
    """

    first: TrackedFrame
    source: str
    hand_model: str
    config: TrackerConfig
    mirrored: bool = False
    title: str = ""
    notes: str = ""


CreateRecorder = Callable[[RecordingStart], tuple[FrameRecorder, Path]]
"""Makes a session folder, and a recorder that writes into it."""


@dataclass
class _Running:
    recorder: FrameRecorder
    folder: Path
    begun_ns: int
    newest_ns: int
    config: TrackerConfig
    since: int = 0
    """Index of its first frame."""
    frames: int = 0
    captured: int = 0
    tracked: int = 0
    size: int = 0
    disk_left: int | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def note_changes(self, config: TrackerConfig) -> None:
        """Note what a person has changed since the last frame."""
        before, self.config = self.config, config
        if config.smoothing != before.smoothing:
            self.recorder.note("smoothing", None if config.smoothing is None else asdict(config.smoothing))
        if config.hand_shape != before.hand_shape:
            self.recorder.note("hand_shape", None if config.hand_shape is None else list(config.hand_shape))
        if config.lock_sides != before.lock_sides:
            self.recorder.note("lock_sides", config.lock_sides)


class Recording:
    """At most one recording at a time; begun by the tracking thread, ended by any.

    The capturing thread brings every image as it comes, so that the video has the rate of the source; the tracking
    thread brings the hands of those that it had time for. Images that come while the folder is being made are held.

    Args:
        create_recorder: makes the session folder.
        board: is told what was saved and what went wrong.
        clock: steady nanoseconds.
    """

    def __init__(self, create_recorder: CreateRecorder, board: MessageBoard, clock: Clock) -> None:
        self._create_recorder = create_recorder
        self._board = board
        self._clock = clock
        self._lock = threading.Lock()
        self._wanted = False
        self._title = self._notes = ""
        self._running: _Running | None = None
        self._held: deque[Frame] = deque(maxlen=_MOST_HELD)  # newest images, from the request to the beginning
        self._let_go: list[int] = []  # indices of those that were held before them
        self._finishing: list[threading.Thread] = []
        self._last: Path | None = None

    def request(self, title: str = "", notes: str = "") -> None:
        """Begin with the next captured frame, or the one that is being tracked if that is the frame before.

        Args:
            title: what the person calls it.
            notes: what the person says of it.
        """
        with self._lock:
            self._title, self._notes = title, notes
            self._wanted = True

    def add_image(self, frame: Frame) -> None:
        """Record the image of a captured frame if a recording runs or was asked for; never waits for the disk.

        Args:
            frame: of the running source, in its order.
        """
        with self._lock:
            running = self._running
            if running is None:
                if self._wanted:
                    self._hold(frame)
                return
            self._pass_image(running, frame)
            failed = running.recorder.error is not None
        if failed:
            self.stop()

    def add_hands(self, tracked: TrackedFrame, start: Callable[[], RecordingStart]) -> None:
        """Record the hands of a tracked frame if a recording runs; if one was asked for it begins now.

        Tracking thread only; waits for the disk only to begin.

        Args:
            tracked: the frame, of the running source.
            start: what to note, where a recording begins with this frame, or gains or the hands' shape have changed.
        """
        if self._wanted and self._running is None:
            self._begin(replace(start(), title=self._title, notes=self._notes))
        with self._lock:
            running = self._running
            if running is None:
                return
            running.note_changes(start().config)
            if tracked.frame.index >= running.since:
                running.recorder.offer_hands(tracked)
                running.tracked += 1
            failed = running.recorder.error is not None
        if failed:
            self.stop()

    def stop(self, because: str = "") -> None:
        """End the recording, if there is one; what was taken is written by a thread of its own.

        Args:
            because: a sentence for the message, where the person did not ask for the end.
        """
        with self._lock:
            self._wanted = False
            self._forget_held()
            running, self._running = self._running, None
            if running is None:
                return
            thread = guarded_thread(
                "finish-recording", say("Finishing the recording"), lambda: self._finish(running, because), self._board
            )
            self._finishing = [other for other in self._finishing if other.is_alive()] + [thread]
            thread.start()

    @property
    def status(self) -> RecordingStatus | None:
        """Of the running recording."""
        with self._lock:
            running = self._running
            if running is None:
                return None
            seconds = (running.newest_ns - running.begun_ns) * 1e-9  # a source that stalls lengthens nothing
            return RecordingStatus(
                running.folder,
                seconds,
                running.frames,
                running.recorder.dropped_by.total,
                captured=running.captured,
                tracked=running.tracked,
                size=running.size,
                disk_left=running.disk_left,
            )

    @property
    def last(self) -> Path | None:
        """Folder of the last recording that was finished."""
        return self._last

    def join(self, timeout: float | None = None) -> bool:
        """Wait until everything is written; whether it is."""
        for thread in self._finishing:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._finishing)

    def _begin(self, start: RecordingStart) -> None:
        try:
            recorder, folder = self._create_recorder(start)
        except Exception as error:  # noqa: BLE001 - told and logged
            with self._lock:
                self._wanted = False
                self._forget_held()
            self._board.post_error(say("Starting the recording"), error)
            return
        begun_ns = start.first.frame.captured_ns
        with self._lock:
            running = self._running = _Running(recorder, folder, begun_ns, begun_ns, start.config)
            self._pass_held(running, start.first.frame)
            measuring = guarded_thread(
                "recording-size", say("Measuring the recording"), lambda: _measure(running), self._board
            )
            self._finishing = [other for other in self._finishing if other.is_alive()] + [measuring]
            measuring.start()
            stopped = not self._wanted
        if stopped:  # while the folder was being made
            self.stop()

    def _hold(self, frame: Frame) -> None:
        if len(self._held) == _MOST_HELD:
            self._let_go.append(self._held[0].index)
        self._held.append(frame)

    def _forget_held(self) -> None:
        self._held.clear()
        self._let_go.clear()

    def _pass_held(self, running: _Running, first: Frame) -> None:
        """What was captured since the request and before the recording began, from the first tracked frame on.

        Args:
            running: the recording.
            first: the first tracked frame. It may have been captured before the request, and others as well that
                nobody has held: then the recording begins with the first one that was.
        """
        let_go = [index for index in self._let_go if index > first.index]
        held = [frame for frame in self._held if frame.index > first.index]
        following = min([*let_go, *(frame.index for frame in held)], default=first.index + 1)
        requested = first.index in self._let_go or any(frame.index == first.index for frame in self._held)
        if requested or following == first.index + 1:
            running.since = first.index
            self._pass_image(running, first)
        else:
            running.since = following
        for index in let_go:
            running.recorder.miss_image(index)
        for frame in held:
            self._pass_image(running, frame)
        self._forget_held()

    @staticmethod
    def _pass_image(running: _Running, frame: Frame) -> None:
        running.captured = frame.index - running.since + 1
        running.newest_ns = max(running.newest_ns, frame.captured_ns)
        if running.recorder.offer_image(frame):
            running.frames += 1

    def _finish(self, running: _Running, because: str) -> None:
        running.ended.set()
        recorder = running.recorder
        recorder.stop()
        self._last = running.folder
        lost = ""
        dropped = recorder.dropped_by
        if dropped.total:
            reasons = dropped.told()
            lost = (
                say("1 more frame is missing in the video: {reasons}.", reasons=reasons)
                if dropped.total == 1
                else say(
                    "{count} more frames are missing in the video: {reasons}.", count=dropped.total, reasons=reasons
                )
            )
        if recorder.error is not None:
            self._board.post_error(say("Recording in {folder}", folder=running.folder), recorder.error)
            if lost:
                has = say("{folder} has {frames}.", folder=str(running.folder), frames=frames_text(running.frames))
                self._board.post("warning", joined(has, lost))
            return
        saved = say("Recorded {frames} in {folder}.", frames=frames_text(running.frames), folder=str(running.folder))
        self._board.post("warning" if lost else "info", joined(because, saved, lost))


def _measure(running: _Running) -> None:
    """Note now and then how large a recording is, and what is left; a disk that hangs holds up nobody else."""
    while True:
        with contextlib.suppress(OSError):
            running.disk_left = shutil.disk_usage(running.folder).free
            running.size = sum(file.stat().st_size for file in running.folder.iterdir() if file.is_file())
        if running.ended.wait(_MEASURE_SECONDS):
            return
