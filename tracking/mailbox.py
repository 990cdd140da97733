"""One slot between two threads, in which the newest value wins."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Hands the newest value from a fast thread to a slower one.

    A queue between a camera and a tracker grows whenever the tracker is late, and every picture in it is latency.
    Here a value that was not taken in time is replaced, so that a taker always gets the newest.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._slot: tuple[T] | None = None  # a tuple, so that None can be a value
        self._overwritten = 0
        self._closed = False

    @property
    def overwritten(self) -> int:
        """Values that were replaced before anybody took them."""
        return self._overwritten

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def put(self, value: T) -> None:
        """Leave a value, in place of one that still lies there; ignored after `close`."""
        with self._changed:
            if self._closed:
                return
            if self._slot is not None:
                self._overwritten += 1
            self._slot = (value,)
            self._changed.notify()

    def take(self, timeout: float | None = None) -> T | None:
        """Take the value out, waiting for one.

        Args:
            timeout: longest wait in seconds; None waits until a value comes or the box is closed.

        Returns:
            The newest value, each one once; None when the time is over or the box is closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._slot is not None or self._closed, timeout)
            if self._slot is None or self._closed:
                return None
            (value,) = self._slot
            self._slot = None
            return value

    def close(self) -> None:
        """Wake all takers; from now on they get None, also for a value that still lies there."""
        with self._changed:
            self._closed = True
            self._slot = None
            self._changed.notify_all()
