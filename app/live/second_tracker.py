"""A second model beside the running one, over the very same frames."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.live.feed import FedFrame
from app.live.frame_tracker import CreateTracker, FrameTracker
from app.live.threads import guarded_thread
from app.live.values import MessageBoard
from models.fitting.calibration import ShapeRule
from models.runtime.conversion import ConversionStopped
from models.sentences import say
from tracking.config import CameraChoice, TrackerConfig
from tracking.smoothing import SmoothingSettings
from tracking.values import TrackedFrame

PATIENCE_SECONDS = 10.0
"""How long the running model waits for the second one's hands in a frame: longer than any of them takes on a CPU."""

_Work = Callable[[FrameTracker], TrackedFrame]


class SecondTracker:
    """A tracker in a thread of its own, which the tracking thread gives every frame that it has tracked itself.

    The two take turns: a frame is given to the second one when the first one is done with it, and the first one gets no
    other before the second one is done as well. So both see the same frames, none of them fewer, and neither takes the
    processor from the other while it is timed. Whatever goes wrong ends this tracker, with one message; the first one
    goes on.

    Args:
        config: what it is made of.
        create_tracker: loads everything; called in its thread.
        board: is told what goes wrong.
        after: one that is over first, so that no more than two are ever in memory; None for none.
    """

    def __init__(
        self,
        config: TrackerConfig,
        create_tracker: CreateTracker,
        board: MessageBoard,
        after: SecondTracker | None = None,
    ) -> None:
        self._config = config
        self._create_tracker = create_tracker
        self._board = board
        self._after = after
        self._changed = threading.Condition()
        self._model = config.model
        self._tracker: FrameTracker | None = None
        self._work: _Work | None = None
        self._result: TrackedFrame | None = None
        self._over = False
        self._exchange_wanted = False
        self._take: object = None
        self._camera = config.camera_choice
        self._thread = guarded_thread("second-tracker", say("Comparing models"), self._run, board)

    # Any thread.

    def start(self) -> None:
        """Begin to load."""
        self._thread.start()

    def end(self) -> None:
        """Give up, also while the model is being loaded or tracks; does not wait."""
        with self._changed:
            self._over = True
            self._work = self._result = None
            self._changed.notify_all()

    def want_exchange(self) -> None:
        """Have the two trackers exchange their models as soon as both are loaded."""
        self._exchange_wanted = True

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end of the thread; whether it came."""
        if self._thread.ident is not None:  # it was started
            self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def model(self) -> str:
        """Name of the model that it has, or is to have."""
        return self._model

    @property
    def loading(self) -> bool:
        """Whether its model is still being loaded."""
        return self._tracker is None and not self._over

    @property
    def over(self) -> bool:
        """Whether it was ended, or failed."""
        return self._over

    # The tracking thread.

    def track(
        self,
        fed: FedFrame,
        smoothing: SmoothingSettings | None,
        shape_rule: ShapeRule,
        lock_sides: bool,
        camera: CameraChoice,
    ) -> TrackedFrame | None:
        """The second model's hands in a frame, waiting for them; None while it is loaded, and when it is over.

        Args:
            fed: the frame that the first one has tracked.
            smoothing: of the first one.
            shape_rule: of the first one.
            lock_sides: of the first one.
            camera: of the first one.
        """

        def work(tracker: FrameTracker) -> TrackedFrame:
            if fed.take is not self._take:
                tracker.reset()
                self._take = fed.take
            if camera != self._camera:
                tracker.use_camera(*camera)
                self._camera = camera
            tracker.smoothing, tracker.shape_rule, tracker.lock_sides = smoothing, shape_rule, lock_sides
            return tracker.track(fed.frame, independent=fed.independent)

        with self._changed:
            if self._tracker is None or self._over:
                return None
            self._work, self._result = work, None
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self._result is not None or self._over, PATIENCE_SECONDS):
                self._give_up()
            result, self._result = self._result, None
            return result

    def take_exchange(self) -> bool:
        """Whether the models are to be exchanged; true once."""
        wanted, self._exchange_wanted = self._exchange_wanted, False
        return wanted

    def exchange_models(self, first: FrameTracker) -> bool:
        """Give the first tracker this one's model and take its; whether it was done.

        Args:
            first: owned by the calling thread; it does not track meanwhile.
        """
        with self._changed:  # its thread waits for work, and cannot close what is exchanged here
            second = self._tracker
            if second is None or self._over or first.model == second.model:
                return False
            names = first.model, second.model
            models = first.reconstructor, second.reconstructor
            first.use_model(names[1], models[1])
            second.use_model(names[0], models[0])
            self._model = names[0]
            return True

    # Its own thread.

    def _run(self) -> None:
        if self._after is not None:
            self._after.join()
            self._after = None
        if self._over:
            return
        tracker = self._load()
        if tracker is None:
            return
        try:
            with self._changed:
                self._tracker = tracker
            self._serve(tracker)
        except Exception as error:  # noqa: BLE001 - told and logged
            self._fail(say("Comparing with {model}", model=self._model), error)
        finally:
            with self._changed:
                self._tracker = None
            tracker.close()

    def _load(self) -> FrameTracker | None:
        try:
            return self._create_tracker(self._config)
        except ConversionStopped:
            self.end()  # the session is being closed
        except Exception as error:  # noqa: BLE001 - told and logged
            self._fail(say("Loading {model}", model=self._model), error)
        return None

    def _serve(self, tracker: FrameTracker) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._work is not None or self._over)
                work, self._work = self._work, None
            if work is None:
                return
            result = work(tracker)
            with self._changed:
                if self._over:
                    return
                self._result = result
                self._changed.notify_all()

    def _fail(self, doing: str, error: Exception) -> None:
        if not self._over:  # nobody waits for it any more
            self._board.post_error(doing, error)
        self.end()

    def _give_up(self) -> None:
        text = say(
            "{model} takes longer than {seconds:.0f} s for a frame, so the comparison has ended.",
            model=self._model,
            seconds=PATIENCE_SECONDS,
        )
        self._board.post("error", text)
        self.end()
