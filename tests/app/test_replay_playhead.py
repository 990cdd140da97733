import numpy as np
import pytest

from app.replay.playhead import Playhead

SECOND = 1_000_000_000
START = 987_654_321_000
# Not evenly spaced: a camera that stuttered between the second and the third image.
TIMES = START + np.array([0, 100, 400, 500, 600]) * 1_000_000


@pytest.fixture
def head() -> Playhead:
    return Playhead(TIMES)


def ms(number: float) -> int:
    return round(number * 1_000_000)


def test_it_begins_at_the_first_image_and_waits(head: Playhead):
    assert (head.position, head.playing, head.seconds) == (0, False, 0.0)
    assert head.advance(ms(5000)) == 0
    assert head.wait_ns(ms(5000)) is None
    assert head.length == pytest.approx(0.7)  # the last one is shown as long as usual


def test_images_are_due_at_their_own_times(head: Playhead):
    head.play(ms(1000))
    due = [head.advance(ms(1000 + moment)) for moment in (0, 99.9, 100, 399.9, 400, 550, 699.9)]
    assert due == [0, 0, 1, 1, 2, 3, 4]


@pytest.mark.parametrize(("speed", "passes"), [(1.0, 300), (2.0, 150), (0.25, 1200)])
def test_waiting_ends_when_the_next_image_is_due(head: Playhead, speed: float, passes: float):
    head.set_speed(speed, 0)
    head.seek(1, 0)
    head.play(0)
    assert head.wait_ns(0) == ms(passes)
    assert head.advance(ms(passes)) == 2
    assert head.wait_ns(ms(passes)) == ms(100 / speed)


def test_at_the_end_it_stops_and_play_begins_anew(head: Playhead):
    head.play(0)
    assert head.advance(ms(699)) == 4
    assert head.playing
    assert head.advance(ms(700)) == 4
    assert not head.playing
    head.play(ms(2000))
    assert head.advance(ms(2000)) == 0


def test_a_loop_goes_round_without_losing_time(head: Playhead):
    head.loop = True
    head.play(0)
    assert [head.advance(ms(moment)) for moment in (650, 700, 850, 1150, 1400)] == [4, 0, 1, 2, 0]
    assert head.playing


def test_seeking_while_it_plays_goes_on_from_there(head: Playhead):
    head.play(0)
    head.advance(ms(50))
    head.seek(3, ms(50))
    assert head.playing
    assert [head.advance(ms(moment)) for moment in (149, 150)] == [3, 4]


@pytest.mark.parametrize(("number", "lands"), [(-5, 0), (99, 4), (2, 2)])
def test_seeking_stays_in_the_clip(head: Playhead, number: int, lands: int):
    head.seek(number, 0)
    assert head.position == lands


@pytest.mark.parametrize(("seconds", "lands"), [(-1.0, 0), (0.1, 1), (0.39, 1), (0.4, 2), (9.0, 4)])
def test_seeking_by_time_finds_what_is_shown_then(head: Playhead, seconds: float, lands: int):
    head.seek_seconds(seconds, 0)
    assert head.position == lands


def test_a_change_of_speed_does_not_jump(head: Playhead):
    head.play(0)
    head.set_speed(0.5, ms(300))  # in the middle of the long image
    assert [head.advance(ms(moment)) for moment in (300, 499, 500)] == [1, 1, 2]


def test_pause_keeps_the_image_that_is_due(head: Playhead):
    head.play(0)
    head.pause(ms(450))
    assert (head.position, head.advance(ms(9000))) == (2, 2)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_speeds_that_are_none_are_refused(head: Playhead, speed: float):
    with pytest.raises(ValueError, match="positive"):
        head.set_speed(speed, 0)


def test_a_single_image():
    head = Playhead(np.array([START]))
    head.play(0)
    assert head.advance(SECOND) == 0
    assert not head.playing


def test_a_leap_of_an_hour_is_played_in_a_second():
    head = Playhead(np.array([0, 40, 80, 3_600_000, 3_600_040]) * 1_000_000)
    assert head.length == pytest.approx(0.080 + 1.0 + 0.040 + 0.040)
    head.play(0)
    assert head.advance(79_000_000) == 1
    assert head.advance(1_079_000_000) == 2
    assert head.advance(1_080_000_000) == 3
    assert head.advance(1_121_000_000) == 4
