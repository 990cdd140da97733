"""Which thread of the program goes first where there is not a core for each."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

_BEHIND = 5
"""Steps of niceness: a third of the share of a core that a thread before it has, where both want it all the time."""


def go_behind() -> None:
    """Let the tracking thread and the networks go before the calling thread; for threads that draw or write.

    A frame is drawn while the next one is tracked: first its networks use all cores, then steps in Python use one. A
    thread that draws at the same rank takes a core from the networks and leaves one idle afterwards. Linux alone has
    ranks of single threads that a program may lower with what Python brings; elsewhere nothing is done.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a sandbox that allows none
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _BEHIND)
