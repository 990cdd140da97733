"""Hands of images that were captured while the tracker was busy."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from export_fakes import CAMERA, STEP_NS, a_hand

from app.outputs.export.take import load_take
from app.outputs.export.tracked_images import tracked_images
from app.replay.clip import open_clip
from app.replay.run_hands import RunHands
from app.sessions.listing import sessions_table, summarize
from app.sessions.recovery import recover
from app.sessions.session import SessionWriter, load_session
from models.hand_model import load_hand_models
from models.values import SIDES, Reconstruction
from tests.fakes import numbered_image, session_info
from tracking.values import Frame, TrackedFrame

ORIGIN_NS = 5_000_000_000


def record(
    root: Path, tracked: set[int], *, pictures: int = 30, models: dict[int, str] | None = None, finish: bool = True
) -> Path:
    """A session of which only some images were tracked, with both hands in each of them."""
    hand_models = load_hand_models()
    info = replace(session_info(), intrinsics=CAMERA, settings={})
    writer = SessionWriter.create(root, info, video=True)
    for index in range(pictures):
        frame = Frame(index, ORIGIN_NS + index * STEP_NS, numbered_image(index))
        writer.append_image(frame)
        if index in tracked:
            hands = Reconstruction({side: a_hand(hand_models[side], index * STEP_NS * 1e-9) for side in SIDES})
            name = (models or {}).get(index, "landmark-fit")
            writer.append_hands(TrackedFrame(frame, hands, {}, frozenset(), CAMERA, {}, name))
    if finish:
        writer.finish()
    else:
        writer.abort()
    return writer.path


def shown(path: Path) -> list[Reconstruction]:
    """What a replay shows, image by image."""
    clip = open_clip(path)
    track = RunHands(
        clip.session.table,
        clip.times_ns,
        clip.hand_models,
        clip.cameras,
        every_frame_tracked=clip.session.every_frame_tracked,
    )
    return [track.hands(number) for number in range(len(clip.times_ns))]


def test_hands_go_on_between_the_frames_that_were_tracked(tmp_path: Path):
    path = record(tmp_path, set(range(0, 30, 3)))
    models = load_hand_models()
    for number, hands in enumerate(shown(path)[:28]):
        assert hands.hands.keys() == set(SIDES), number
        for side in SIDES:
            hand, meant = hands.hands[side], a_hand(models[side], number * STEP_NS * 1e-9)
            np.testing.assert_allclose(hand.joints, meant.joints, atol=2e-3)
            np.testing.assert_allclose(hand.joints_px, meant.joints_px, atol=0.3)
            vertices, joints = models[side].mesh(hand.parameters)
            np.testing.assert_allclose(hand.vertices, vertices, atol=1e-6)
            np.testing.assert_allclose(hand.joints, joints, atol=1e-6)


def test_nothing_is_made_up_before_after_and_in_gaps(tmp_path: Path):
    tracked = {2, 4, 6, 8, 20, 22}  # 12 images, 0.4 s, without a hand
    seen = [bool(hands.hands) for hands in shown(record(tmp_path, tracked))]
    assert seen == [2 <= n <= 8 or 20 <= n <= 22 for n in range(30)]


def test_a_hand_does_not_turn_into_that_of_another_model(tmp_path: Path):
    path = record(tmp_path, {0, 2, 4, 6}, models={4: "lwa-hand", 6: "lwa-hand"})
    assert [bool(hands.hands) for hands in shown(path)[:7]] == [True, True, True, False, True, True, True]


def test_a_slow_tracker_has_longer_steps_between(tmp_path: Path):
    path = record(tmp_path, set(range(0, 30, 7)))  # every 0.23 s
    assert all(hands.hands for hands in shown(path)[:29])


def test_exported_images_show_them_as_predicted(tmp_path: Path):
    path = record(tmp_path, set(range(0, 30, 2)))
    take, session = load_take(path, with_hand_models=True)
    assert session.video is not None
    pictures = list(tracked_images(take, session.video))
    assert len(pictures) == 30
    assert [bool(each.predicted) for each in pictures] == [n % 2 == 1 and n < 29 for n in range(30)]
    assert [len(each.hands.hands) for each in pictures] == [2] * 29 + [0]


def test_where_every_frame_was_tracked_a_hand_that_is_gone_is_gone(tmp_path: Path):
    path = record(tmp_path, set(range(30)))
    file = path / "session.json"
    values = json.loads(file.read_text())
    assert values["tracked"] == values["frames"] == 30
    # As written before frames that were not tracked were recorded.
    for name in ("tracked", "dropped_by"):
        del values[name]
    file.write_text(json.dumps(values))
    session = load_session(path)
    assert session.every_frame_tracked
    assert not session.damage
    summary = summarize(path)
    assert (summary.frames, summary.tracked, summary.dropped) == (30, 30, 0)


def test_a_list_counts_what_was_captured_and_what_was_tracked(tmp_path: Path):
    summary = summarize(record(tmp_path, {0, 5, 10}))
    assert (summary.frames, summary.tracked, summary.dropped) == (30, 3, 0)
    assert (summary.state, summary.problem) == ("complete", "")
    shown_as = list(
        sessions_table([summary, replace(summary, tracked=30), replace(summary, dropped=4)]).columns[2].cells
    )
    assert shown_as == ["30 (3 tracked)", "30", "30 (3 tracked, 4 dropped)"]


def test_a_recovered_session_does_not_take_untracked_frames_for_lost_ones(tmp_path: Path):
    path = record(tmp_path, set(range(0, 30, 3)), finish=False)
    assert all(hands.hands for hands in shown(path)[:28]), "also before it is recovered"
    recovery = recover(path)
    assert recovery.info is not None
    assert (recovery.info.frames, recovery.info.tracked) == (30, 10)
    session = load_session(path)
    assert not session.damage
    assert not session.every_frame_tracked
    assert recovery.info.recovered is not None
    assert recovery.info.recovered.lost_hands_seconds == pytest.approx(0.1, abs=0.05)
