"""When the frames of a file are due."""

from app.live.playback import CATCH_UP_NS, LONGEST_GAP_NS, GapCloser, Pacer

SECOND = 1_000_000_000


def test_a_leap_in_a_clips_time_is_not_waited_out():
    gaps = GapCloser()
    hour = 3600 * SECOND
    times = [0, 40, 80, hour + 120, hour + 160, 2 * hour, 2 * hour + SECOND // 2]
    shown = [gaps.place(time) for time in times]
    assert shown[:3] == [0, 40, 80]
    assert shown[3] == 80 + LONGEST_GAP_NS
    assert shown[4] - shown[3] == 40
    assert shown[5] - shown[4] == LONGEST_GAP_NS
    assert shown[6] - shown[5] == SECOND // 2


def test_short_gaps_stay_as_they_are():
    gaps = GapCloser()
    times = [5, SECOND, 2 * SECOND, 2 * SECOND + 7]
    assert [gaps.place(time) for time in times] == times


def test_what_is_late_is_caught_up_a_little():
    pacer = Pacer()
    assert pacer.wait_ns(0, 1000) == 0
    assert pacer.wait_ns(SECOND, 1000) == SECOND
    assert pacer.wait_ns(SECOND, 1000 + 3 * SECOND) == 0
    assert pacer.wait_ns(2 * SECOND, 1000 + 3 * SECOND) == SECOND - CATCH_UP_NS
