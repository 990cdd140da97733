"""A session played again: one thread that reads and draws, one at most that runs a model, behind one object."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter_ns

import numpy as np

from app.live.crispness import Crispness
from app.live.drawing import Sight, draw_seen
from app.live.feed import Clock
from app.live.framing import Framing
from app.live.painting import CreateRenderer, open_painter
from app.live.scene_loop import SceneLoop
from app.live.threads import guarded_thread
from app.live.values import Message, MessageBoard
from app.replay.clip import Clip
from app.replay.playhead import Playhead
from app.replay.rerun import RunCancelled, run_model
from app.replay.run_hands import RunHands
from app.replay.runs import read_run, stored_runs
from app.replay.values import RECORDED, ReplayFrame, ReplayStatus, RunStatus
from app.replay.video_images import ImageReader
from app.sessions.belonging import mismatch
from app.sessions.files import is_there
from app.sessions.moments import MediaTime
from models.amounts import frames_text
from models.errors import BothhandsError
from models.sentences import said, say
from models.values import Reconstruction, Side
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle
from tracking.mailbox import Mailbox

_PATIENCE_SECONDS = 1.5
_BACKDROP = 24
"""Grey behind the hands of a session without a video."""

RunModel = Callable[..., str]
"""`run_model`, or a test's own."""


@dataclass(frozen=True)
class _View:
    """How images are drawn."""

    style: OverlayStyle
    framing: Framing | None = None
    shown: str = RECORDED
    compared: str | None = None


class ReplaySession:
    """Plays a clip; no method waits, except `close`.

    Of several wishes the newest counts: images that are no longer due, or were jumped over, are not drawn.

    Attributes:
        clip: the open session.
        faces: (F, 3) by side, of the hands' meshes.
        scene: draws the 3D view of what it is given.

    Args:
        clip: the open session.
        create_renderer: makes the GL context, in the thread that draws.
        style: how hands are drawn to begin with.
        device: that models run on.
        run: runs a model over the clip.
        clock: steady nanoseconds.
    """

    def __init__(
        self,
        clip: Clip,
        create_renderer: CreateRenderer,
        *,
        style: OverlayStyle | None = None,
        device: str = "auto",
        run: RunModel = run_model,
        clock: Clock = perf_counter_ns,
    ) -> None:
        self.clip = clip
        self._create_renderer = create_renderer
        self._device = device
        self._run = run
        self._clock = clock
        self._board = MessageBoard()
        self._pictures: Mailbox[ReplayFrame] = Mailbox()
        self._changed = threading.Condition()
        self._head = Playhead(clip.times_ns)
        self._view = _View(style or OverlayStyle())
        self._crispness = Crispness()
        self._read: tuple[int, np.ndarray] | None = None
        self._runs: dict[str, str] = {RECORDED: ", ".join(clip.session.info.models)}
        self._tracks: dict[str, RunHands] = {}
        self._closed = False
        self._told_deleted = False
        self._running: RunStatus | None = None
        self._cancelled = threading.Event()
        self._runner: threading.Thread | None = None
        self.faces: dict[Side, np.ndarray] = {side: model.faces for side, model in clip.hand_models.items()}
        self.scene = SceneLoop(create_renderer, self._board)
        self._threads = [
            guarded_thread("replay", say("Replaying"), self._play, self._board),
            guarded_thread("scene", say("Drawing the 3D view"), self.scene.run, self._board),
        ]

    def start(self) -> None:
        """Show the first image."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End all threads and wait for them; a model that runs is stopped and leaves nothing."""
        self.cancel_run()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._pictures.close()
        self.scene.jobs.close()
        for thread in (*self._threads, self._runner):
            if thread is not None and thread.ident is not None:  # it was started
                thread.join(_PATIENCE_SECONDS)

    # Playing.

    def toggle(self) -> None:
        """Play or pause."""
        with self._moved() as now:
            if self._head.playing:
                self._head.pause(now)
            else:
                self._head.play(now)

    def seek(self, number: int) -> None:
        """Go to an image; where it plays, it goes on from there."""
        with self._moved() as now:
            self._head.seek(number, now)

    def step(self, frames: int) -> None:
        """Pause, and go some images forward or, where negative, back."""
        with self._moved() as now:
            self._head.pause(now)
            self._head.seek(self._head.position + frames, now)

    def skip(self, seconds: float) -> None:
        """Go some seconds forward or, where negative, back."""
        with self._moved() as now:
            self._head.advance(now)
            self._head.seek_seconds(self._head.seconds + seconds, now)

    def set_speed(self, speed: float) -> None:
        """Play at another speed; 1 is real time."""
        with self._moved() as now:
            self._head.set_speed(speed, now)

    def set_loop(self, loop: bool) -> None:
        """Start over at the end, or stay there."""
        with self._moved():
            self._head.loop = loop

    # Showing.

    def set_style(self, style: OverlayStyle) -> None:
        """Draw hands in another way."""
        self._look(style=style)

    def set_framing(self, framing: Framing | None) -> None:
        """Draw hands with the pixels of the screen, on which images lie so; None draws them into the image."""
        self._look(framing=framing)

    def show_run(self, name: str) -> None:
        """Draw the hands of a run.

        Raises:
            KeyError: there is none of that name.
        """
        self._look(shown=self._known(name))

    def compare_with(self, name: str | None) -> None:
        """Draw another run beside it, over the same images; None for none.

        Raises:
            KeyError: there is none of that name.
        """
        self._look(compared=None if name is None else self._known(name))

    def newest(self, timeout: float = 0.0) -> ReplayFrame | None:
        """The newest image, each one once; None where none comes within `timeout` seconds."""
        return self._pictures.take(timeout)

    def messages(self) -> list[Message]:
        """What happened since the last call, oldest first."""
        return self._board.drain()

    @property
    def status(self) -> ReplayStatus:
        """What is going on now."""
        with self._changed:
            head, view = self._head, self._view
            return ReplayStatus(
                position=head.advance(self._clock()),
                count=head.count,
                seconds=head.seconds,
                length=head.length,
                playing=head.playing,
                speed=head.speed,
                loop=head.loop,
                runs=dict(self._runs),
                shown=view.shown,
                compared=view.compared,
                running=self._running,
            )

    # Running models.

    def run_model(self, model: str) -> None:
        """Run a model over the whole session; it is compared with the recording when it is done."""
        with self._changed:
            if self._running is not None or self._closed:
                return
            self._running = RunStatus(model, 0, 0)
            self._cancelled.clear()
            self._runner = guarded_thread(
                "run-model",
                say("Running {model} on the session", model=model),
                lambda: self._run_model(model),
                self._board,
            )
            self._runner.start()

    def cancel_run(self) -> None:
        """Stop the model that is being run; it leaves nothing."""
        self._cancelled.set()

    def _run_model(self, model: str) -> None:
        def progress(done: int, total: int) -> None:
            self._running = RunStatus(model, done, total)

        try:
            name = self._run(self.clip, model, device=self._device, progress=progress, cancelled=self._cancelled.is_set)
        except RunCancelled:
            self._board.post("info", say("The run of {model} was cancelled; nothing was stored.", model=model))
            return
        finally:
            self._running = None
        self._add_run(name)
        self._look(shown=RECORDED, compared=name)
        ran = say(
            "{model} ran over the whole session ({frames}); it is shown beside the recording.",
            model=model,
            frames=frames_text(self._head.count),
        )
        self._board.post("info", ran)

    def _add_run(self, name: str) -> None:
        try:
            info, table = read_run(self.clip.session.path, name, self.clip.session.info.hand_model)
        except BothhandsError as error:
            self._board.post_error(say("Reading a run"), error)
            return
        track = RunHands(table, self.clip.times_ns, self.clip.hand_models)
        with self._changed:
            self._tracks[name] = track
            self._runs[name] = info.model

    # The thread.

    def _play(self) -> None:
        self._load()
        reader = None if self.clip.index is None else ImageReader(self.clip.video, self.clip.index)
        painter = open_painter(self._create_renderer, self.faces, self._board)
        try:
            shown: tuple[int, _View] | None = None
            while (due := self._due(shown)) is not None:
                self._show(reader, painter, *due)
                shown = due
        finally:
            painter.close()
            if reader is not None:
                reader.close()

    def _load(self) -> None:
        session = self.clip.session
        self._tracks[RECORDED] = RunHands(
            session.table,
            self.clip.times_ns,
            self.clip.hand_models,
            self.clip.cameras,
            every_frame_tracked=session.every_frame_tracked,
        )
        for name in stored_runs(session.path):
            self._add_run(name)
        if session.interrupted:
            self._board.post("warning", say("This session was never completed; `sessions recover` does it."))
        if session.damage:
            self._board.post(
                "warning", say("This session is {damage}; frames in between are without hands.", damage=session.damage)
            )
        if foreign := mismatch(session):
            self._board.post("warning", foreign)
        if note := MediaTime.of(self.clip.times_ns).note():
            self._board.post("info", note)
        if self.clip.index is None:
            self._board.post("info", say("This session has no video: its hands are shown alone."))

    def _due(self, shown: tuple[int, _View] | None) -> tuple[int, _View] | None:
        """The next image that is to be drawn, waiting until it is due; None at the end of all."""
        with self._changed:
            while not self._closed:
                now = self._clock()
                due = (self._head.advance(now), self._view)
                if due != shown:
                    return due
                wait_ns = self._head.wait_ns(now)
                self._changed.wait(None if wait_ns is None else wait_ns * 1e-9)
        return None

    def _show(self, reader: ImageReader | None, painter: OverlayPainter, number: int, view: _View) -> None:
        names = [view.shown] if view.compared is None else [view.shown, view.compared]
        hands = [self._tracks[name].hands(number) for name in names]
        models = {name: self._tracks[name].model(number) for name in names}
        camera = self.clip.camera_of(number)
        try:
            image = self._image(reader, number)
            begun_ns = self._clock()
            sight = Sight.of(image, view.framing, self._crispness)
            drawn = [draw_seen(painter, image, each, camera, view.style, sight) for each in hands]
        except Exception as error:  # noqa: BLE001 - told and logged
            self._board.post_error(say("Showing the frame"), self._deleted() or error)
            with self._changed:
                self._head.pause(self._clock())  # or each of the next ones would fail as well
            return
        by_name: dict[str, Reconstruction] = dict(zip(names, hands, strict=True))
        if view.framing is not None and any(each.hands for each in hands):
            self._crispness.add(sight.scale, (self._clock() - begun_ns) * 1e-6)
        first, beside = drawn[0], drawn[1] if len(drawn) > 1 else None
        captured_ns = int(self.clip.times_ns[number])
        self._pictures.put(ReplayFrame(first.image, number, captured_ns, by_name, models, camera, first.layers, beside))
        if not self._told_deleted and (deleted := self._deleted()) is not None:
            self._told_deleted = True
            self._board.post(
                "warning", say("{deleted} It is shown for as long as its files stay open.", deleted=said(deleted))
            )

    def _deleted(self) -> BothhandsError | None:
        """What to say where the folder is not there any more; None where it is."""
        folder = self.clip.session.path
        if is_there(folder):
            return None
        return BothhandsError(
            say("The folder of this session, {folder}, was deleted or moved while it was replayed.", folder=folder)
        )

    def _image(self, reader: ImageReader | None, number: int) -> np.ndarray:
        """An image of the clip; while it is paused and looked at in other ways it is read once."""
        if reader is None:
            width, height = self.clip.size
            return np.full((height, width, 3), _BACKDROP, np.uint8)
        if self._read is None or self._read[0] != number:
            self._read = number, reader.read(number)
        return self._read[1]

    # Wishes.

    def _look(self, **values: object) -> None:
        with self._changed:
            self._view = replace(self._view, **values)
            self._changed.notify_all()

    def _known(self, name: str) -> str:
        if name not in self._runs:
            raise KeyError(name)
        return name

    @contextmanager
    def _moved(self) -> Iterator[int]:
        """The moment of a wish; the thread looks anew afterwards."""
        with self._changed:
            yield self._clock()
            self._changed.notify_all()
