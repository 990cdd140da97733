"""Threads that draw go behind those that track."""

import os
import sys
import threading

import pytest

from app.live.threads import guarded_thread
from app.live.values import MessageBoard

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ranks of single threads are Linux's")


@pytest.mark.parametrize("behind", [True, False])
def test_a_thread_that_draws_is_less_urgent_than_its_program(behind):
    ranks = []

    def note_rank() -> None:
        ranks.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    here = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = guarded_thread("drawing", "Drawing", note_rank, MessageBoard(), behind=behind)
    thread.start()
    thread.join()
    (rank,) = ranks
    assert rank == min(here + 5, 19) if behind else rank == here
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == here


def test_where_no_rank_may_be_changed_the_thread_works_all_the_same(monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "setpriority", refuse)
    done = []
    board = MessageBoard()
    thread = guarded_thread("drawing", "Drawing", lambda: done.append(True), board, behind=True)
    thread.start()
    thread.join()
    assert done == [True]
