"""Loads networks beside the one that is running."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.live.threads import guarded_thread
from app.live.values import MessageBoard
from models.registry import HandModels, Reconstructor
from models.runtime.conversion import ConversionStopped
from tracking.mailbox import Mailbox

CreateModel = Callable[[str, HandModels], Reconstructor]


class ModelLoader:
    """A thread that loads and warms up one model at a time; of several requests the newest counts.

    Args:
        create_model: name and hand models to a reconstructor that is not warmed up yet.
        board: where failures are told.
    """

    def __init__(self, create_model: CreateModel, board: MessageBoard) -> None:
        self._create_model = create_model
        self._board = board
        self._requests: Mailbox[tuple[str, HandModels]] = Mailbox()
        self._lock = threading.Lock()
        self._wanted: str | None = None
        self._ready: tuple[str, Reconstructor] | None = None
        self._thread = guarded_thread("models", "The loading of models", self._run, board)

    def start(self) -> None:
        """Begin to wait for requests."""
        self._thread.start()

    @property
    def loading(self) -> str | None:
        """Name of the model that was asked for and not taken yet."""
        return self._wanted

    def request(self, name: str, hand_models: HandModels) -> None:
        """Load this model in place of any other that was asked for."""
        with self._lock:
            self._wanted = name
            outdated, self._ready = self._ready, None
        _close(outdated)
        self._requests.put((name, hand_models))

    def cancel(self) -> None:
        """Want none any more."""
        with self._lock:
            self._wanted = None
            outdated, self._ready = self._ready, None
        _close(outdated)

    def take_ready(self) -> tuple[str, Reconstructor] | None:
        """The model asked for, once it is warmed up; the taker owns it."""
        with self._lock:
            ready, self._ready = self._ready, None
            if ready is not None:
                self._wanted = None
            return ready

    def close(self) -> None:
        """Stop after what is being loaded; does not wait."""
        self._requests.close()
        self.cancel()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end of the thread; whether it came."""
        if self._thread.ident is not None:  # it was started
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (request := self._requests.take()) is not None:
            name, hand_models = request
            try:
                self._serve(name, self._load(name, hand_models))
            except ConversionStopped:
                pass  # the session is being closed
            except Exception as error:  # noqa: BLE001 - told and logged
                self._fail(name, error)

    def _serve(self, name: str, reconstructor: Reconstructor) -> None:
        with self._lock:
            wanted = self._wanted == name
            if wanted:
                self._ready = (name, reconstructor)
        if not wanted:
            reconstructor.close()

    def _load(self, name: str, hand_models: HandModels) -> Reconstructor:
        reconstructor = self._create_model(name, hand_models)
        try:
            reconstructor.warm_up()
        except BaseException:
            reconstructor.close()
            raise
        return reconstructor

    def _fail(self, name: str, error: Exception) -> None:
        with self._lock:
            if self._wanted != name:
                return
            self._wanted = None
        self._board.post_error(f"Loading {name}", error)


def _close(loaded: tuple[str, Reconstructor] | None) -> None:
    if loaded is not None:
        loaded[1].close()
