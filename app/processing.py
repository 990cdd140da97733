"""`process`: every frame of a source to a session folder and an overlay, without a window."""

from __future__ import annotations

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app import __version__
from app.compiled import use_what_is_compiled
from app.outputs.streaming.factory import create_output
from app.outputs.streaming.hub import StreamHub
from app.outputs.streaming.output import StreamKind
from app.overlay_output import OverlayOutput
from app.overlay_place import overlay_place
from app.read_ahead import ReadAhead
from app.session_output import SessionOutput
from app.sessions import marker
from app.sessions.files import INFO_FILE, JOURNAL_FILE, MARKER_FILE
from app.sessions.info import SessionInfo, read_info, write_info
from app.sessions.recorded_config import recorded_settings
from app.sessions.session import DiskNearlyFullError, SessionWriter
from models.amounts import frames_text
from models.errors import BothhandsError
from models.registry import model_card, require_weights
from models.values import SIDES
from render import require_renderer
from render.protocol import OverlayStyle, OverlayView
from tracking.config import TrackerConfig
from tracking.detector import require_detector
from tracking.gestures import GestureWatch, with_gestures
from tracking.mirror_guess import mirror_notice
from tracking.sources import open_source, readable
from tracking.sources.naming import shortened
from tracking.sources.protocol import FrameSource
from tracking.tracker import Tracker
from tracking.values import Frame, TrackedFrame

LEAST_ROOM = 4 << 20
"""Bytes that are left free on the disk: enough to complete session and overlay. Nobody waits for a file as for a
recording, so that all the rest may be filled."""

logger = logging.getLogger(__name__)

ENDED_EARLY = "source_ended_early"
"""The setting of a session whose source was not whole; it holds the file's `file_mark`."""
_LONGEST_STEM = 150
"""Bytes of a source's name that its session's folder takes over; the most that file systems bear is 255."""


@dataclass(frozen=True, kw_only=True)
class ProcessOptions:
    """What `process` was asked for; see its `--help`."""

    source: str
    tracker: TrackerConfig
    out: Path | None = None
    video: Path | None = None
    overlay: bool = True
    keep_frames: bool = False
    sequence: bool = False
    mirrored: bool = False
    view: OverlayView = "mesh"
    renderer: str = "auto"
    streams: Sequence[tuple[StreamKind, str]] = ()
    websocket_origins: Sequence[str] = ()


@dataclass(frozen=True)
class ProcessResult:
    """What came of it.

    Attributes:
        frames: frames read.
        with_hands: frames in which at least one hand was measured.
        by_side: frames in which each side was measured.
        seconds: wall time.
        folder: the session.
        overlay: the overlay video or image folder, None where none was asked for.
        stopped: whether a person stopped it before the end.
        notices: what a person should know of the source (images that were skipped, an early end).
        ended_early: whether the source ended before the end that it announces.
    """

    frames: int
    with_hands: int
    by_side: dict[str, int]
    seconds: float
    folder: Path
    overlay: Path | None
    stopped: bool
    notices: tuple[str, ...] = ()
    ended_early: bool = False

    def lines(self) -> list[str]:
        """The result in words."""
        share = 100.0 * self.with_hands / max(self.frames, 1)
        sides = ", ".join(f"{side} in {self.by_side.get(side, 0)}" for side in SIDES)
        text = [
            f"{'Stopped after' if self.stopped else 'Tracked'} {frames_text(self.frames)} in {self.seconds:.1f} s "
            f"({self.frames / max(self.seconds, 1e-9):.1f} a second); hands in {share:.1f} % of them ({sides}).",
            f"Session: {readable(self.folder)}",
        ]
        if self.overlay is not None:
            text.append(f"Overlay: {readable(self.overlay)}")
        return [*text, *self.notices]


def process_source(options: ProcessOptions, progress: Callable[[int, int | None], None]) -> ProcessResult:
    """Track every frame of a source and write what was found.

    Args:
        options: what to read, how to track and where to write.
        progress: called with frames done and in all (None where unknown).

    Raises:
        BothhandsError: a source that cannot be read, a model that cannot be loaded, a folder that cannot be written.
            What was written until then stays readable.
    """
    require_weights(options.tracker.model)
    require_detector(options.tracker.detector)
    if options.overlay:
        require_renderer(options.renderer)
    if options.video is not None and not options.overlay:
        raise BothhandsError("--video names the overlay, which --no-video leaves out: give one or the other.")
    notices: list[str] = []
    source = open_source(options.source, sequence=options.sequence, mirrored=options.mirrored, on_notice=notices.append)
    try:
        with _own_folder(options) as folder, _open_streams(options) as streams:
            use_what_is_compiled()
            tracker = Tracker.from_config(options.tracker)
            try:
                result = _process(options, source, tracker, progress, streams, folder)
            finally:
                tracker.close()
        if not (options.mirrored or source.independent):
            notices += filter(None, [mirror_notice(result.with_hands, result.by_side, "turn it back with --mirrored")])
        return replace(result, notices=tuple(notices))
    finally:
        source.close()


def _process(
    options: ProcessOptions,
    source: FrameSource,
    tracker: Tracker,
    progress: Callable[[int, int | None], None],
    streams: StreamHub,
    folder: Path,
) -> ProcessResult:
    overlay = None
    if options.overlay:
        overlay = overlay_place(options.video, options.source, independent=source.independent, folder=folder)
    output: OverlayOutput | None = None
    writer: SessionWriter | None = None
    session: SessionOutput | None = None
    frames = with_hands = 0
    by_side: Counter[str] = Counter()
    stopped = False
    full: DiskNearlyFullError | None = None
    gestures = GestureWatch()
    start = time.perf_counter()
    try:
        # Decoding, tracking and writing go on side by side, each in its own thread, the frames in their order.
        with contextlib.ExitStack() as stack:
            reader = source if source.live else stack.enter_context(ReadAhead(source))
            try:
                while (frame := reader.read()) is not None:
                    tracked = with_gestures(tracker.track(frame, independent=source.independent), gestures)
                    if session is None:
                        info = _session_info(options, source, tracker, tracked)
                        writer = SessionWriter(folder, info, video=options.keep_frames, least_room=LEAST_ROOM)
                        writer.append(tracked)  # itself: on a full disk nothing else is begun
                        session = SessionOutput(writer, tracked.frame)
                        if overlay is not None:
                            style = OverlayStyle(view=options.view)
                            output = OverlayOutput(overlay, tracker.faces, options.renderer, style, streams.offer_drawn)
                    else:
                        session.put(tracked)
                    streams.offer(tracked)
                    if output is not None:
                        output.put(tracked)
                    frames += 1
                    with_hands += bool(tracked.raw)
                    by_side.update(tracked.raw.keys())
                    progress(frames, source.frame_count)
            except KeyboardInterrupt:  # a camera has no end of its own
                stopped = True
        last = None if session is None else session.end()
        if session is not None:
            session.check()
        if stopped and frames < (source.frame_count or 0):
            _note_end(writer, "it was stopped", last)
    except DiskNearlyFullError as error:
        full = error
        _note_end(writer, "the disk was nearly full", None if session is None else session.end())
    except BaseException:
        if session is not None:
            session.end()
        if writer is not None:
            writer.abort()  # what was written stays, marked as not finished
        raise
    finally:
        try:
            if output is not None:
                output.finish()
        finally:
            if writer is not None:
                writer.finish()
    if full is not None:
        name = source.name
        where = readable(folder)
        written = 0 if writer is None else writer.frames
        kept = f"what was tracked is complete in {where} ({frames_text(written)})" if written else "nothing is kept"
        raise BothhandsError(
            f"The disk of {where} is nearly full, so {name} was not tracked to its end: {kept}. Free some space "
            "or choose another --out."
        ) from full
    if stopped and not frames:
        raise KeyboardInterrupt
    if not frames:
        raise BothhandsError(f"{source.name} gave no frame; nothing was written.")
    ended_early = source.ended_early and not stopped  # it may have been read farther than it was tracked
    if ended_early:
        info = read_info(folder)
        write_info(folder, replace(info, settings={**info.settings, ENDED_EARLY: file_mark(Path(options.source))}))
    seconds = time.perf_counter() - start
    return ProcessResult(frames, with_hands, dict(by_side), seconds, folder, overlay, stopped, ended_early=ended_early)


def _note_end(writer: SessionWriter | None, reason: str, last: Frame | None) -> None:
    """Note why a session ends before its source."""
    if writer is not None and last is not None:
        writer.note("ended", reason, last.index, last.captured_ns)


def file_mark(path: Path) -> dict[str, int]:
    """By what a file is seen to have changed; nothing for what is no file."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return {}
    return {"bytes": found.st_size, "modified_ns": found.st_mtime_ns}


@contextlib.contextmanager
def _open_streams(options: ProcessOptions) -> Iterator[StreamHub]:
    """The streams that were asked for. One that cannot begin is an error; one that breaks later is a warning."""
    if not options.overlay and any(kind == "virtual-camera" for kind, _ in options.streams):
        raise BothhandsError("The virtual camera shows the overlay: leave out --no-video.")
    begun = False

    def report(sentence: str) -> None:
        if begun:
            logger.warning(sentence)

    streams = StreamHub(report)
    try:
        for kind, address in options.streams:
            streams.start(create_output(kind, address, options.websocket_origins))
        streams.wait_open()
        begun = True
        yield streams
    finally:
        streams.close()


class LeftUnfinishedError(BothhandsError):
    """Tracking failed in the middle, for the reason that is its cause; what was written waits to be recovered."""


@contextlib.contextmanager
def _own_folder(options: ProcessOptions) -> Iterator[Path]:
    """The session's folder, made and marked as this process's own; nothing is left of it where nothing was tracked.

    Raises:
        BothhandsError: it holds a session already, another process writes one there, or nothing can be written.
    """
    stem = shortened(Path(options.source).stem, _LONGEST_STEM).strip() or "camera"
    folder = options.out or Path("out") / f"{stem}-{datetime.now():%Y%m%d-%H%M%S}"
    made: list[Path] = []
    try:
        _check_free(folder)
        made = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        marker.claim(folder)
    except OSError as error:
        _remove_empty(made)
        reason = error.strerror or error
        raise BothhandsError(
            f"No session can be written in {readable(folder)}: {reason}; choose another --out."
        ) from error
    try:
        yield folder
    except BothhandsError as error:
        if not marker.is_marked(folder) or _holds_nothing(folder):
            raise
        raise LeftUnfinishedError(
            f"{error} What was written until then is kept: `sessions recover {readable(folder)}` completes it."
        ) from error
    finally:
        if _holds_nothing(folder):
            with contextlib.suppress(OSError):
                for name in (INFO_FILE, JOURNAL_FILE, MARKER_FILE):
                    (folder / name).unlink(missing_ok=True)
            _remove_empty(made)


def _check_free(folder: Path) -> None:
    writer = marker.writer_of(folder)
    if writer is not None:
        raise BothhandsError(f"{readable(folder)} is being written by process {writer}; choose another --out.")
    if (folder / INFO_FILE).exists():
        if marker.is_marked(folder):
            raise BothhandsError(
                f"{readable(folder)} holds a session that was not finished; complete it with `sessions recover`, or "
                "choose another --out."
            )
        raise BothhandsError(f"{readable(folder)} holds a session already; choose another --out.")


def _holds_nothing(folder: Path) -> bool:
    """Whether a session was not begun, or has no frame."""
    if not (folder / INFO_FILE).exists():
        return True
    try:
        return read_info(folder).frames == 0
    except BothhandsError:
        return False


def _remove_empty(folders: Sequence[Path]) -> None:
    with contextlib.suppress(OSError):  # it holds something
        for path in folders:
            path.rmdir()


def _session_info(options: ProcessOptions, source: FrameSource, tracker: Tracker, first: TrackedFrame) -> SessionInfo:
    return SessionInfo(
        app_version=__version__,
        model=tracker.model,
        weights_sha256=model_card(tracker.model).sha256,
        hand_model=tracker.hand_models["right"].name,
        source=source.name,
        intrinsics=first.intrinsics,
        settings=recorded_settings(tracker.config, independent=source.independent, mirrored=options.mirrored),
    )
