"""Which tracker is wanted: the one place that knows what was asked for and is not in use yet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.live.threads import guarded_thread
from app.live.values import MessageBoard
from models.registry import HandModels, Reconstructor
from models.runtime.conversion import ConversionStopped
from models.sentences import say
from tracking.config import TrackerConfig
from tracking.mailbox import Mailbox

CreateModel = Callable[[TrackerConfig, HandModels], Reconstructor]
"""What is wanted, and hand models, to its model, which is not warmed up yet."""


@dataclass(frozen=True, eq=False)
class Switch:
    """A model that is loaded and warmed up; whoever takes it owns it.

    Attributes:
        config: what was asked for.
        reconstructor: its model.
    """

    config: TrackerConfig
    reconstructor: Reconstructor


class ModelSwitch:
    """Holds the one config that is wanted, and loads its model in a thread; of several requests the newest counts.

    The first tracker of a session is made by the tracking thread itself, which tells with `settle` what came of it.

    Args:
        create_model: makes a model that is not warmed up yet.
        board: where failures are told.
    """

    def __init__(self, create_model: CreateModel, board: MessageBoard) -> None:
        self._create_model = create_model
        self._board = board
        self._requests: Mailbox[tuple[TrackerConfig, HandModels]] = Mailbox()
        self._lock = threading.Lock()
        self._wanted: TrackerConfig | None = None
        self._loading: TrackerConfig | None = None
        self._ready: Switch | None = None
        self._thread = guarded_thread("models", say("The loading of models"), self._run, board)

    def start(self) -> None:
        """Begin to wait for requests."""
        self._thread.start()

    @property
    def wanted(self) -> TrackerConfig | None:
        """What was asked for and is not in use yet. Any thread."""
        return self._wanted

    def ask(self, config: TrackerConfig) -> None:
        """Want this in place of anything else; a model that is being loaded already goes on. Any thread."""
        with self._lock:
            if self._wanted is not None and self._wanted.model == config.model:
                return
            self._wanted = config
            outdated = self._take_outdated()
        _close(outdated)

    def ask_first(self, config: TrackerConfig) -> None:
        """Want this, unless a person has asked for something else already."""
        with self._lock:
            if self._wanted is None:
                self._wanted = config

    def settle(self, config: TrackerConfig) -> None:
        """This is in use or cannot be: unless something else was asked for meanwhile, nothing is wanted any more."""
        with self._lock:
            if self._wanted != config:
                return
            self._wanted = None
            outdated = self._take_outdated()
        _close(outdated)

    def load(self, config: TrackerConfig, hand_models: HandModels) -> None:
        """Load the model of what is wanted, if it is not being loaded; `take_ready` gives it."""
        with self._lock:
            if config != self._wanted or config == self._loading:
                return
            self._loading = config
        self._requests.put((config, hand_models))

    def take_ready(self) -> Switch | None:
        """The model of what is wanted, once it is warmed up; the taker owns it."""
        with self._lock:
            ready, self._ready = self._ready, None
            if ready is not None:
                self._wanted = self._loading = None
            return ready

    def close(self) -> None:
        """Stop after what is being loaded; does not wait."""
        self._requests.close()
        with self._lock:
            self._wanted = None
            outdated = self._take_outdated()
        _close(outdated)

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end of the thread; whether it came."""
        if self._thread.ident is not None:  # it was started
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _take_outdated(self) -> Switch | None:
        """What is not wanted any more; under the lock."""
        if self._loading == self._wanted:
            return None
        self._loading = None
        outdated, self._ready = self._ready, None
        return outdated

    def _run(self) -> None:
        while (request := self._requests.take()) is not None:
            config, hand_models = request
            try:
                self._serve(Switch(config, self._load(config, hand_models)))
            except ConversionStopped:
                pass  # the session is being closed
            except Exception as error:  # noqa: BLE001 - told and logged
                self._fail(config, error)

    def _serve(self, loaded: Switch) -> None:
        with self._lock:
            wanted = self._wanted == loaded.config == self._loading
            if wanted:
                self._ready = loaded
        if not wanted:
            loaded.reconstructor.close()

    def _load(self, config: TrackerConfig, hand_models: HandModels) -> Reconstructor:
        reconstructor = self._create_model(config, hand_models)
        try:
            reconstructor.warm_up()
        except BaseException:
            reconstructor.close()
            raise
        return reconstructor

    def _fail(self, config: TrackerConfig, error: Exception) -> None:
        with self._lock:
            if self._wanted != config:
                return
            self._wanted = self._loading = None
        self._board.post_error(say("Loading {model}", model=config.model), error)


def _close(loaded: Switch | None) -> None:
    if loaded is not None:
        loaded.reconstructor.close()
