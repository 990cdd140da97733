"""One piece of work in a thread of its own, whose result is asked for now and then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from app.leaving import THREAD_PREFIX

T = TypeVar("T")


class Task(Generic[T]):
    """Runs a function beside the window.

    Args:
        name: of the thread, after the prefix.
        work: what it runs.
    """

    def __init__(self, name: str, work: Callable[[], T]) -> None:
        self._work = work
        self._result: T | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=f"{THREAD_PREFIX}{name}", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether `result` answers at once."""
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Wait for the end, however it came."""
        self._thread.join()

    def result(self) -> T:
        """What the function returned, waiting for it; what it raised is raised here."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value] - a function that returns None has T None

    def _run(self) -> None:
        try:
            self._result = self._work()
        except Exception as error:  # noqa: BLE001 - crosses to the thread that asks for the result
            self._error = error
