"""The watch over the event loop, driven by a clock that a test moves."""

from __future__ import annotations

import logging
import sys
import threading

import pytest

from app.live import stall_watch
from app.live.stall_watch import ELSEWHERE, Stalls, StallSampler, StallWatch, innermost, runs_in

MS = 1_000_000


class Clock:
    def __init__(self) -> None:
        self.now_ns = 5_000 * MS

    def __call__(self) -> int:
        return self.now_ns

    def pass_ms(self, milliseconds: float) -> None:
        self.now_ns += round(milliseconds * MS)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def a_watch(clock: Clock, *places: str) -> StallWatch:
    left = list(places)
    return StallWatch(clock, 10 * MS, lambda: left.pop(0))


def beat_after(watch: StallWatch, clock: Clock, milliseconds: float, look: bool = True) -> None:
    clock.pass_ms(milliseconds * 0.9)
    if look:
        watch.look()
    clock.pass_ms(milliseconds * 0.1)
    watch.beat()


def test_a_loop_that_turns_has_no_stalls(clock: Clock):
    watch = a_watch(clock)
    for milliseconds in (10, 12, 9, 30, 59):
        watch.beat()
        beat_after(watch, clock, milliseconds, look=milliseconds < 30)
    assert watch.stalls == Stalls()


def test_stalls_are_counted_and_the_worst_is_kept_with_what_ran_in_it(clock: Clock):
    watch = a_watch(clock, "one", "two", "three")
    watch.beat()
    for milliseconds in (90, 310, 10, 160):
        beat_after(watch, clock, milliseconds)
    assert watch.stalls == Stalls(3, pytest.approx(300), "two")


def test_what_runs_is_asked_once_a_stall_and_while_it_lasts(clock: Clock):
    watch = a_watch(clock, "the cause")
    watch.beat()
    clock.pass_ms(100)
    watch.look()
    clock.pass_ms(400)
    watch.look()  # would have nothing to give
    watch.beat()
    assert watch.stalls.worst_in == "the cause"


def test_a_stall_that_nobody_saw_is_of_no_code_of_ours(clock: Clock):
    watch = a_watch(clock)
    watch.beat()
    beat_after(watch, clock, 200, look=False)
    assert watch.stalls == Stalls(1, pytest.approx(190), ELSEWHERE)


def test_a_kind_is_logged_once(clock: Clock, caplog: pytest.LogCaptureFixture):
    watch = a_watch(clock, "one", "one", "two", "one")
    watch.beat()
    with caplog.at_level(logging.INFO, stall_watch.__name__):
        for _ in range(4):
            beat_after(watch, clock, 110)
    assert [record.getMessage() for record in caplog.records] == [
        "The window stood still for 100 ms in one",
        "The window stood still for 100 ms in two",
    ]


def test_nothing_is_late_before_the_first_beat(clock: Clock):
    watch = a_watch(clock)
    beat_after(watch, clock, 900)
    assert watch.stalls == Stalls()


def test_what_runs_is_named_by_our_innermost_function():
    assert runs_in(threading.get_ident()).startswith("app.live.stall_watch.runs_in"), "tests are not the program's code"
    lived = threading.Event()
    release = threading.Event()
    watch = StallWatch(lambda: 0, 1, lambda: "")

    class Blocking:
        def __call__(self) -> int:
            lived.set()
            release.wait(5)
            return 0

    watch._clock = Blocking()
    thread = threading.Thread(target=watch.beat)
    thread.start()
    assert lived.wait(5)
    assert runs_in(thread.ident or 0) == "app.live.stall_watch.beat"
    release.set()
    thread.join()
    assert runs_in(thread.ident or 0) == ELSEWHERE, "it has ended"


def test_what_the_event_loop_called_is_named_too():
    loop = ("app.window.application", "run")
    assert innermost(
        [("", "show"), ("app.window.theme", "apply"), ("app.window.menu", "pick"), loop, ("app", "x")]
    ) == ("app.window.theme.apply, called by app.window.menu.pick")
    assert innermost([("", "wait"), loop, ("app.window", "run_window")]) == ELSEWHERE


def test_no_frame_of_another_thread_is_held(monkeypatch: pytest.MonkeyPatch):
    """Python 3.11 ends where one is looked at while its function is left, as the window's are all the time."""
    monkeypatch.delattr(sys, "_current_frames")
    assert runs_in(threading.get_ident()) != ELSEWHERE


def test_a_thread_looks_until_it_is_stopped(clock: Clock):
    seen = threading.Event()
    watch = StallWatch(clock, 10 * MS, lambda: seen.set() or "the cause")
    watch.beat()
    clock.pass_ms(500)
    sampler = StallSampler(watch)
    assert seen.wait(5)
    sampler.stop()
    watch.beat()
    assert watch.stalls == Stalls(1, pytest.approx(490), "the cause")
