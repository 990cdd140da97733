"""A clip in which a left hand alone is seen may be a mirrored selfie."""

from tracking.mirror_guess import MirrorGuess, mirror_notice


def test_a_left_hand_alone_is_suspicious():
    assert "REMEDY" in (mirror_notice(100, {"left": 98, "right": 2}, "REMEDY") or "")


def test_right_hands_pairs_and_short_clips_are_not():
    assert mirror_notice(100, {"right": 100}, "") is None
    assert mirror_notice(100, {"left": 100, "right": 100}, "") is None
    assert mirror_notice(100, {"left": 90, "right": 10}, "") is None
    assert mirror_notice(30, {"left": 30}, "") is None
    assert mirror_notice(0, {}, "") is None


def test_it_is_said_once():
    guess = MirrorGuess("REMEDY")
    said = [guess.see(["left"]) for _ in range(200)]
    assert [place for place, notice in enumerate(said) if notice] == [59]


def test_frames_without_hands_say_nothing():
    guess = MirrorGuess("REMEDY")
    assert not any(guess.see([]) for _ in range(200))
