"""When the frames of a file are due."""

import numpy as np
import pytest

from app.live.playback import CATCH_UP_NS, GapCloser, Pacer
from app.sessions.moments import MediaTime
from tracking.pauses import LONGEST_PAUSE_NS, SHORTENED_NS

SECOND = 1_000_000_000


HOUR = 3600 * SECOND


@pytest.mark.parametrize(
    ("times", "played"),
    [
        ([0, 40, 80, HOUR + 120, HOUR + 160], [0, 40, 80, SECOND + 80, SECOND + 120]),
        ([5, SECOND, 9 * SECOND, 9 * SECOND + 7], [5, SECOND, 9 * SECOND, 9 * SECOND + 7]),
        ([0, LONGEST_PAUSE_NS, 2 * LONGEST_PAUSE_NS + 1], [0, LONGEST_PAUSE_NS, LONGEST_PAUSE_NS + SHORTENED_NS]),
        ([0, HOUR, 2 * HOUR, 2 * HOUR + SECOND // 2], [0, SECOND, 2 * SECOND, 2 * SECOND + SECOND // 2]),
    ],
)
def test_pauses_are_played_live_as_they_are_in_recordings(times: list[int], played: list[int]):
    gaps = GapCloser()
    assert [gaps.place(time) for time in times] == played
    moments = np.array(times)
    assert MediaTime.of(moments).at(moments).tolist() == played


def test_what_is_late_is_caught_up_a_little():
    pacer = Pacer()
    assert pacer.wait_ns(0, 1000) == 0
    assert pacer.wait_ns(SECOND, 1000) == SECOND
    assert pacer.wait_ns(SECOND, 1000 + 3 * SECOND) == 0
    assert pacer.wait_ns(2 * SECOND, 1000 + 3 * SECOND) == SECOND - CATCH_UP_NS
