"""Made clips: what is in them, and how holding is judged on hand-made sequences."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest
from opengl import needs_opengl

from evaluation.clips.clip import FRAMES, ClipFrame, are_touching, togetherness
from evaluation.clips.composed import CompositeClips
from evaluation.clips.drawn import RenderedClips
from evaluation.clips.holding import jitter, track_continuity
from models.values import Side
from training.data.samples import SEGMENT_BIT

HAND = np.stack(np.meshgrid(np.arange(7.0), np.arange(3.0)), axis=-1).reshape(21, 2) * 10.0
"""A hand whose box is 60 px wide."""
SHARES = (0.3, 0.55, 0.8, 1.0)
NOTHING = np.zeros((0, 0, 3), np.uint8)


def moved(x: float, y: float = 0.0) -> np.ndarray:
    return HAND + np.array([x, y])


def truth(distances: list[float], touching: list[bool] | None = None) -> list[ClipFrame]:
    """The left hand so many px to the right of the right one."""
    touching = touching or [False] * len(distances)
    return [
        ClipFrame(NOTHING, {"left": moved(distance), "right": HAND}, touches)
        for distance, touches in zip(distances, touching, strict=True)
    ]


def perfect(frames: list[ClipFrame]) -> list[dict[Side, np.ndarray]]:
    return [dict(frame.joints_px) for frame in frames]


def test_hands_that_are_followed_exactly_are_kept():
    frames = truth([200, 100, 40, 100], [False, False, True, False])
    holding = track_continuity([(frames, perfect(frames))])
    assert (holding.frames, holding.touching_frames) == (4, 1)
    assert (holding.both_tracked, holding.both_tracked_touching, holding.both_shown) == (1.0, 1.0, 1.0)
    assert (holding.flips, holding.losses, holding.nme) == (0, 0, 0.0)
    assert np.isnan(holding.recovery)


def test_a_lost_hand_counts_until_it_is_back():
    frames = truth([100] * 10, [False, False, *[True] * 4, False, False, False, False])
    seen = perfect(frames)
    for row in (0, 3, 4, 8):
        del seen[row]["left"]
    holding = track_continuity([(frames, seen)])
    assert holding.both_tracked == pytest.approx(6 / 10)
    assert holding.both_tracked_since_found == pytest.approx(6 / 9)
    assert holding.both_tracked_touching == pytest.approx(2 / 4)
    assert holding.losses == 2  # what has not begun cannot be lost
    assert holding.recovery == pytest.approx(1.5)
    assert holding.recovered_in_5 == 1.0


def test_losses_do_not_go_on_from_clip_to_clip():
    frames = truth([100] * 8)
    lost = [*perfect(frames)[:2], *[{} for _ in range(6)]]
    holding = track_continuity([(frames, lost), (frames, perfect(frames))])
    assert (holding.losses, holding.recovery, holding.recovered_in_5) == (1, 6.0, 0.0)


def test_a_hand_shown_on_the_other_one_is_a_flip_and_not_kept():
    frames = truth([100] * 4)
    seen = perfect(frames)
    for row in (1, 2):
        seen[row] = {"left": HAND, "right": moved(100.0)}
    holding = track_continuity([(frames, seen)])
    assert holding.flips == 2  # both sides, once each
    assert holding.flipped == pytest.approx(4 / 8)
    assert (holding.both_shown, holding.both_tracked) == (1.0, 0.5)
    assert holding.nme == 0.0


def test_a_hand_that_is_far_off_is_shown_but_not_kept():
    frames = truth([200])
    seen = [{"left": moved(200.0, 6.0), "right": moved(-30.0)}]
    holding = track_continuity([(frames, seen)])
    assert (holding.both_shown, holding.both_tracked, holding.flips) == (1.0, 0.0, 0)
    assert holding.nme == pytest.approx(6.0 / 60.0)
    assert holding.nme_shown == pytest.approx((6.0 + 30.0) / 2.0 / 60.0)


def test_jitter_is_the_spread_about_the_mean_place():
    frames = [ClipFrame(NOTHING, {"left": HAND}, False)] * 34
    seen = [{"left": moved(1000.0)}] * 30 + [{"left": moved(x, 5.0)} for x in (3.0, -3.0, 3.0, -3.0)]
    assert jitter(frames, seen) == pytest.approx(3.0)
    assert np.isnan(jitter(frames, [{}] * 34))


def test_hands_start_apart_meet_and_part_smoothly():
    share = togetherness()
    assert len(share) == FRAMES
    assert (share[0], share[-1], share.max()) == (0.0, 0.0, 1.0)
    np.testing.assert_allclose(share, share[::-1])
    assert np.abs(np.diff(share)).max() < 0.06


def test_silhouettes_touch_within_three_px():
    segmentation = np.zeros((20, 40), np.uint8)
    segmentation[5:15, 5:15] = SEGMENT_BIT["left"]
    segmentation[5:15, 19:30] = SEGMENT_BIT["right"]
    assert not are_touching(segmentation)
    segmentation[5:15, 17] = SEGMENT_BIT["right"]
    assert are_touching(segmentation)


def check_clip(maker, number: int) -> None:
    """Truth in the image, apart at both ends, together between, small steps."""
    clip = list(maker.meeting(number))
    assert len(clip) == FRAMES
    assert not clip[0].touching
    assert not clip[-1].touching
    assert sum(frame.touching for frame in clip) > 20
    for side in ("left", "right"):
        joints = np.array([frame.joints_px[side] for frame in clip])
        assert (joints > 0.0).all()
        assert (joints < (639.0, 479.0)).all()
        assert np.linalg.norm(np.diff(joints, axis=0), axis=-1).max() < 40.0
    assert clip[0].image.shape == (480, 640, 3)
    np.testing.assert_array_equal(clip[0].image, next(maker.meeting(number)).image)


@pytest.mark.slow
@needs_opengl
def test_drawn_hands_meet():
    maker = RenderedClips(3)
    try:
        check_clip(maker, 0)
        first, second = islice(maker.still(1, 2), 2)
    finally:
        maker.close()
    difference = np.abs(first.image.astype(int) - second.image).mean()
    assert 0.2 < difference < 8.0  # noise, and nothing else
    [side] = first.joints_px
    np.testing.assert_array_equal(first.joints_px[side], second.joints_px[side])


def test_composed_hands_meet(tmp_path):
    """Images of flat shapes stand in for photographs: a palm with five straight fingers."""
    write_cut_outs(tmp_path / "hands")
    maker = CompositeClips(tmp_path / "hands", 4)
    check_clip(maker, 1)
    first, second = islice(maker.still(0, 2), 2)
    [side] = first.joints_px
    np.testing.assert_array_equal(first.joints_px[side], second.joints_px[side])
    assert not np.array_equal(first.image, second.image)


def write_cut_outs(folder: Path) -> None:
    """One right hand, fingers up, at three sizes."""
    folder.mkdir()
    pictures = {}
    for number, size in enumerate((1.0, 1.2, 1.4)):
        tips = [(60 + 45 * finger, 60) for finger in range(5)]
        joints = [
            (150, 300),
            *[(150 + share * (x - 150), 300 - share * (300 - y)) for x, y in tips for share in SHARES],
        ]
        picture = np.zeros((400, 300, 4), np.uint8)
        for start, end in [*(((150, 300), tip) for tip in tips), ((150, 300), (150, 399))]:
            cv2.line(picture, start, end, (130, 160, 210, 255), 40)
        picture = cv2.resize(picture, None, fx=size, fy=size)
        cv2.imwrite(str(folder / f"{number}.png"), picture)
        points = (np.array(joints, np.float64) * size).tolist()
        hands = {"right": {"joints_px": points}}
        pictures[f"{number}.png"] = {"split": "held-out", "presence_known": True, "hands": hands}
    (folder / "labels.json").write_text(json.dumps({"source": "us", "licence": "CC0", "pictures": pictures}))
