"""Opening sessions for replay: images, hands, and one sentence for what cannot be opened."""

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from replay_fakes import CAMERA, moment, short_session

from app.replay.clip import open_clip
from app.replay.run_hands import RunHands
from app.replay.video_images import ImageReader, VideoIndex
from app.sessions import marker
from app.sessions.moments import nearest, one_each
from app.sessions.recovery import recover
from app.sessions.session import SessionWriter
from app.sessions.video import VideoWriter
from models.errors import BothhandsError
from render.overlay import draw_hands
from render.protocol import OverlayStyle
from tests.fakes import number_of, numbered_image, session_info, tracked_frame, write_video

FRAMES = 90


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "video.mkv"
    with VideoWriter(path, 64, 48) as writer:
        for number in range(FRAMES):
            writer.add(numbered_image(number), moment(number))
    return path


# Images.


def test_any_image_is_found_in_any_order(video: Path):
    index = VideoIndex.of(video)
    reader = ImageReader(video, index)
    numbers = [*range(5), *range(40, 30, -1), *random.Random(3).sample(range(FRAMES), 30), FRAMES - 1, 0, 0]
    assert [number_of(reader.read(number)) for number in numbers] == [number % 20 for number in numbers]
    reader.close()


def test_images_know_when_they_were_taken(video: Path):
    times_ns = VideoIndex.of(video).times_ns
    np.testing.assert_allclose(times_ns - moment(0), [moment(n) - moment(0) for n in range(FRAMES)], atol=500_001)


def test_a_step_forward_does_not_start_over(video: Path):
    index = VideoIndex.of(video)
    reader = ImageReader(video, index)
    seeks: list[int] = []

    class Counting:
        def __init__(self, container) -> None:
            self._container = container

        def __getattr__(self, name: str):
            if name == "seek":
                seeks.append(1)
            return getattr(self._container, name)

    reader._container = Counting(reader._container)  # type: ignore[assignment]
    for number in (0, 1, 2, 5, 9, 80):
        reader.read(number)
    assert len(seeks) == 2  # the beginning, and the key frame before the last one
    reader.close()


def test_a_recording_that_was_killed_can_be_read(tmp_path: Path):
    writer = VideoWriter(tmp_path / "video.mkv", 64, 48)
    for number in range(50):
        writer.add(numbered_image(number), moment(number))
    shutil.copy(tmp_path / "video.mkv", tmp_path / "killed.mkv")
    writer.close()
    index = VideoIndex.of(tmp_path / "killed.mkv")
    reader = ImageReader(tmp_path / "killed.mkv", index)
    assert len(index.times_ns) == 49
    assert [number_of(reader.read(number)) for number in (48, 7, 33)] == [8, 7, 13]
    reader.close()


def test_a_video_of_another_program_is_refused(tmp_path: Path):
    path = write_video(tmp_path / "other.mkv", [numbered_image(n) for n in range(5)])
    with pytest.raises(BothhandsError, match="does not say when it was taken"):
        VideoIndex.of(path)


@pytest.mark.parametrize("content", [b"", b"no video at all" * 100])
def test_what_is_no_video_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "video.mkv").write_bytes(content)
    with pytest.raises(BothhandsError, match="cannot be read"):
        VideoIndex.of(tmp_path / "video.mkv")


# Hands.


@pytest.mark.parametrize("with_video", [True, False])
def test_replayed_hands_are_the_recorded_ones(tmp_path: Path, with_video: bool):
    path, frames = short_session(tmp_path, video=with_video)
    if not with_video:
        frames = [frame for frame in frames if frame.hands.hands]
    clip = open_clip(path)
    track = RunHands(clip.session.table, clip.times_ns, clip.hand_models)
    assert len(clip.times_ns) == len(frames)
    for number, live in enumerate(frames):
        replayed = track.hands(number)
        assert replayed.hands.keys() == live.hands.hands.keys()
        for side, hand in live.hands.hands.items():
            again = replayed.hands[side]
            np.testing.assert_array_equal(again.vertices, hand.vertices)
            np.testing.assert_array_equal(again.joints, hand.joints)
            np.testing.assert_array_equal(again.joints_px, hand.joints_px)
            np.testing.assert_array_equal(again.parameters.pose, hand.parameters.pose)
            assert again.score == pytest.approx(hand.score, abs=1e-6)
        style, image = OverlayStyle(view="skeleton"), live.frame.image
        np.testing.assert_array_equal(
            draw_hands(None, image, replayed, clip.intrinsics, style),
            draw_hands(None, image, live.hands, live.intrinsics, style),
        )


def test_capture_times_are_exact_where_hands_tell_them(tmp_path: Path):
    path, frames = short_session(tmp_path)
    times_ns = open_clip(path).times_ns
    for number, frame in enumerate(frames):
        if frame.hands.hands:
            assert times_ns[number] == frame.frame.captured_ns
        else:
            assert abs(times_ns[number] - frame.frame.captured_ns) <= 500_001


def test_hands_whose_image_was_dropped_are_not_shown_on_another(tmp_path: Path):
    with SessionWriter.create(tmp_path, replace(session_info(), intrinsics=CAMERA), video=True) as writer:
        for number in range(9):
            frame = tracked_frame(number)
            writer.append_hands(frame)
            if number not in (3, 4):
                writer.append_image(frame.frame)
    clip = open_clip(writer.path)
    track = RunHands(clip.session.table, clip.times_ns, clip.hand_models)
    shown = [tracked_frame(number).hands.hands["left"].joints for number in (0, 1, 2, 5, 6, 7, 8)]
    assert len(clip.times_ns) == len(shown)
    for number, joints in enumerate(shown):
        np.testing.assert_array_equal(track.hands(number).hands["left"].joints, joints)


@pytest.mark.parametrize(
    ("pictures", "moments", "numbers"),
    [
        ([0, 33, 66], [0, 33, 66], [0, 1, 2]),
        ([0, 33, 66], [1, 32, 68, 69, 50, -2, -3], [0, 1, 2, -1, -1, 0, -1]),
        ([10], [10, 11, 13], [0, 0, -1]),
    ],
)
def test_moments_belong_to_the_nearest_image(pictures: list[int], moments: list[int], numbers: list[int]):
    milliseconds = 1_000_000
    found = nearest(np.array(pictures) * milliseconds, np.array(moments) * milliseconds)
    assert found.tolist() == numbers


@pytest.mark.parametrize(
    ("pictures", "moments", "numbers"),
    [
        ([0, 33, 66], [0, 33, 66], [0, 1, 2]),
        ([0, 1, 17], [0, 0.3, 17], [0, 1, 2]),
        ([0, 1, 2], [0.2, 0.4, 0.4, 0.4], [0, 1, 2, -1]),
        ([10], [10, 11, 13], [0, -1, -1]),
    ],
)
def test_no_image_belongs_to_two_moments(pictures: list[int], moments: list[float], numbers: list[int]):
    milliseconds = 1_000_000
    found = one_each(np.array(pictures) * milliseconds, (np.array(moments) * milliseconds).astype(np.int64))
    assert found.tolist() == numbers


def test_a_image_of_another_size_has_its_camera(tmp_path: Path):
    path, _ = short_session(tmp_path, 2)
    info = json.loads((path / "session.json").read_text())
    info["intrinsics"] = {"fx": 100, "fy": 100, "cx": 63.5, "cy": 47.5, "width": 128, "height": 96}
    info["cameras"] = [info["intrinsics"]]
    (path / "session.json").write_text(json.dumps(info))
    camera = open_clip(path).intrinsics
    assert (camera.fx, camera.cx, camera.width, camera.height) == (50, 31.5, 64, 48)


# What cannot be opened.


def change_info(path: Path, **values: object) -> None:
    file = path / "session.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: change_info(path, schema_version=4), "version 4 and this program reads up to 3: update it"),
        (lambda path: change_info(path, hand_model="mano"), "made with official MANO files; name their folder"),
        (lambda path: change_info(path, hand_model="nimble"), "hand model 'nimble', which this program does not have"),
        (lambda path: (path / "session.json").unlink(), "is no session: it lacks session.json"),
        (lambda path: (path / "video.mkv").write_bytes(b"?" * 99), "video.mkv cannot be read"),
        (lambda path: (path / "hands.arrows").write_bytes(b"?" * 999), "is not a journal of hands"),
        (lambda path: shutil.rmtree(path), "There is no session folder"),
    ],
)
def test_what_cannot_be_replayed_is_one_sentence_and_stays_as_it_is(tmp_path: Path, damage, says: str):
    path, _ = short_session(tmp_path, 3)
    damage(path)
    before = {file: file.read_bytes() for file in path.iterdir()} if path.exists() else {}
    with pytest.raises(BothhandsError, match=says) as caught:
        open_clip(path)
    assert "\n" not in str(caught.value)
    assert before == ({file: file.read_bytes() for file in path.iterdir()} if path.exists() else {})


def test_a_truncated_journal_gives_what_is_left_of_it(tmp_path: Path):
    path, _ = short_session(tmp_path, 60)
    data = (path / "hands.arrows").read_bytes()
    (path / "hands.arrows").write_bytes(data[: len(data) // 2])
    clip = open_clip(path)
    assert len(clip.times_ns) == 60
    track = RunHands(clip.session.table, clip.times_ns, clip.hand_models)
    assert track.hands(0).hands.keys() == {"left", "right"}
    assert not track.hands(58).hands


def test_a_session_with_nothing_in_it_is_refused(tmp_path: Path):
    path, _ = short_session(tmp_path, 0)
    with pytest.raises(BothhandsError, match="neither frames nor hands"):
        open_clip(path)


def test_a_model_needs_images_and_a_name_that_exists(tmp_path: Path):
    path, _ = short_session(tmp_path, 3, video=False)
    clip = open_clip(path)
    with pytest.raises(BothhandsError, match="has no video, so no model can be run on it"):
        clip.check_runnable("landmark-fit")
    with pytest.raises(BothhandsError, match="none-such"):
        clip.check_runnable("none-such")


def test_an_unfinished_session_can_be_replayed(tmp_path: Path):
    path, _ = short_session(tmp_path, 3)
    marker.release(path)
    assert open_clip(path).session.interrupted


def test_a_recovered_video_plays_like_the_one_it_was(tmp_path: Path):
    path, _ = short_session(tmp_path, 40)
    with av.open(str(path / "video.mkv")) as container:
        assert container.duration is not None
    before = VideoIndex.of(path / "video.mkv").times_ns
    data = (path / "video.mkv").read_bytes()
    (path / "video.mkv").write_bytes(data[: len(data) * 3 // 4])
    recover(path)
    after = VideoIndex.of(path / "video.mkv").times_ns
    assert 20 < len(after) < 40
    np.testing.assert_array_equal(after, before[: len(after)])
