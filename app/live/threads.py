"""Threads that never die silently."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.leaving import THREAD_PREFIX
from app.live.values import MessageBoard
from app.priority import go_behind


def guarded_thread(
    name: str, doing: str, target: Callable[[], None], board: MessageBoard, *, behind: bool = False
) -> threading.Thread:
    """A thread that is not started yet; what escapes from it is logged and becomes a message.

    Args:
        name: what the thread is called after the prefix.
        doing: what it does, as the beginning of "... failed".
        target: what it runs.
        board: gets the message.
        behind: whether tracking goes first where there is not a core for each, see `app.priority`.
    """

    def run() -> None:
        if behind:
            go_behind()
        try:
            target()
        except Exception as error:  # noqa: BLE001 - told and logged
            board.post_error(doing, error)

    return threading.Thread(target=run, name=f"{THREAD_PREFIX}{name}", daemon=True)
