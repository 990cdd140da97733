"""OpenGL contexts, and the buffers of other renderers, belong to the thread that made them."""

from __future__ import annotations

import threading


class OwningThread:
    """Remembers the thread it was made in."""

    def __init__(self) -> None:
        self._identity = threading.get_ident()
        self._name = threading.current_thread().name

    def check(self) -> None:
        """Fail early, where OpenGL would fail late or crash.

        Raises:
            RuntimeError: called from another thread than the one it was made in.
        """
        if threading.get_ident() != self._identity:
            raise RuntimeError(
                f"this renderer was made in thread {self._name!r} and must be used and closed there, "
                f"not in {threading.current_thread().name!r}"
            )
