"""A slot between two threads, in which the newest value wins."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Hands the newest value from a fast thread to a slower one.

    A queue between a camera and a tracker grows whenever the tracker is late, and every image in it is latency.
    Here a value that was not taken in time is replaced, so that a taker always gets the newest. Who has to see every
    value and takes them as fast as they come asks for some more slots (`keep`), which bridge the moments in which its
    thread does not run.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._slots: deque[T] = deque()
        self._capacity = 1
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

    def keep(self, count: int) -> None:
        """Keep so many values that were not taken yet, the newest ones; `take` gives the oldest of them first."""
        with self._changed:
            self._capacity = count

    def put(self, value: T) -> None:
        """Leave a value, in place of the oldest where there is no room for more; ignored after `close`."""
        with self._changed:
            if self._closed:
                return
            while len(self._slots) >= self._capacity:
                self._slots.popleft()
                self._overwritten += 1
            self._slots.append(value)
            self._changed.notify()

    def take(self, timeout: float | None = None) -> T | None:
        """Take the value out, waiting for one.

        Args:
            timeout: longest wait in seconds; None waits until a value comes or the box is closed.

        Returns:
            The newest value, with `keep` the oldest of those that are kept, each one once; None when the time is over
            or the box is closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._slots or self._closed, timeout)
            return self._slots.popleft() if self._slots else None

    def close(self) -> None:
        """Wake all takers; from now on they get None, also for a value that still lies there."""
        with self._changed:
            self._closed = True
            self._slots.clear()
            self._changed.notify_all()
