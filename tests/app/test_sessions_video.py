import os
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from app.sessions import video as video_module
from app.sessions.video import ORIGIN_KEY, VideoWriter, fit
from models.errors import BothhandsError
from tests.fakes import number_of, numbered_image

START = 987_654_321_000  # a clock that did not start with the recording
TIMES = [0, 33_333_333, 40_000_000, 41_000_000, 500_000_000, 1_700_000_000]


def write(path: Path, times: list[int] = TIMES, width: int = 64, height: int = 48) -> Path:
    with VideoWriter(path, width, height) as video:
        for number, time in enumerate(times):
            video.add(numbered_image(number, width, height), START + time)
    return path


def read(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def seconds(path: Path) -> list[float]:
    return [float(frame.pts * frame.time_base) for frame in read(path)]


@pytest.mark.parametrize(("suffix", "precision"), [("mkv", 5e-6), ("mp4", 1 / 90_000)])
def test_times_and_images_come_back(tmp_path: Path, suffix: str, precision: float):
    path = write(tmp_path / f"video.{suffix}")
    np.testing.assert_allclose(seconds(path), np.array(TIMES) / 1e9, atol=precision)
    assert [number_of(frame.to_ndarray(format="rgb24")) for frame in read(path)] == list(range(6))
    assert [file.name for file in tmp_path.iterdir()] == [f"video.{suffix}"]


def test_another_reader_agrees(tmp_path: Path):
    capture = cv2.VideoCapture(str(write(tmp_path / "video.mkv")))
    numbers = []
    while (result := capture.read())[0]:
        numbers.append(number_of(result[1]))
    assert numbers == list(range(6))


def test_more_than_a_thousand_images_a_second_keep_their_times(tmp_path: Path):
    """FFmpeg's Matroska files count in milliseconds, so these would have taken half as long again."""
    step = 0.0007
    path = write(tmp_path / "video.mkv", [number * 700_000 for number in range(200)])
    np.testing.assert_allclose(seconds(path), np.arange(200) * step, atol=5e-6)
    capture, found = cv2.VideoCapture(str(path)), []
    while capture.grab():
        found.append(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
    np.testing.assert_allclose(found, np.arange(200) * step, atol=5e-6)
    with av.open(str(path)) as container:
        length = container.streams.video[0].metadata["DURATION"]
        assert container.duration == pytest.approx((199 * step + 1 / 30) * 1e6, abs=10)
        assert float(length.rpartition(":")[2]) * 1e6 == pytest.approx(container.duration, abs=10)
        container.seek(0)
        assert next(container.decode(video=0)).pts == 0


def test_the_length_of_a_long_recording_is_said(tmp_path: Path):
    path = write(tmp_path / "video.mkv", [0, 3_600_000_000_000, 7_384_500_000_000])
    with av.open(str(path)) as container:
        assert container.duration == pytest.approx((7384.5 + 1 / 30) * 1e6, abs=10)
        assert container.streams.video[0].metadata["DURATION"].startswith("02:03:04.53333")
    assert seconds(path) == [0.0, 3600.0, 7384.5]


def test_the_recording_says_when_its_first_image_was_taken(tmp_path: Path):
    with av.open(str(write(tmp_path / "video.mkv"))) as container:
        assert int(container.metadata[ORIGIN_KEY]) == START


def test_there_is_a_key_frame_each_second(tmp_path: Path):
    path = write(tmp_path / "video.mkv", [number * 40_000_000 for number in range(80)])
    keys = [time for frame, time in zip(read(path), seconds(path), strict=True) if frame.key_frame]
    assert keys == pytest.approx([0.0, 1.0, 2.0, 3.0], abs=0.001)


def test_times_rise_also_where_the_clock_does_not(tmp_path: Path):
    times = [0, 100_000, 200_000, 200_000, 1_000_000_000, 0, 33_000_000]
    found = np.array(seconds(write(tmp_path / "video.mkv", times)))
    assert len(found) == len(times)
    assert (np.diff(found) > 0).all()
    # A clip that starts again goes on in its own rhythm.
    assert found[6] - found[5] == pytest.approx(0.033, abs=0.0015)


@pytest.mark.parametrize("size", [(1, 1), (63, 48), (64, 47), (63, 47), (2, 2)])
@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_odd_sizes_are_kept(tmp_path: Path, size: tuple[int, int], suffix: str):
    frames = read(write(tmp_path / f"odd.{suffix}", width=size[0], height=size[1]))
    assert {(frame.width, frame.height) for frame in frames} == {size}
    assert [number_of(frame.to_ndarray(format="rgb24")) for frame in frames] == list(range(6))


def test_colours_survive(tmp_path: Path):
    image = np.zeros((48, 64, 3), np.uint8)
    colours = [(220, 40, 90), (30, 160, 240), (240, 200, 170), (255, 255, 255)]
    for place, colour in enumerate(colours):
        image[:, 16 * place : 16 * place + 16] = colour
    for size in ((64, 48), (63, 47)):
        path = tmp_path / f"colours{size[0]}.mkv"
        with VideoWriter(path, *size) as video:
            video.add(np.ascontiguousarray(image[: size[1], : size[0]]), 0)
        decoded = read(path)[0].to_ndarray(format="rgb24")
        capture = cv2.VideoCapture(str(path))
        for reader in (decoded, capture.read()[1][..., ::-1]):
            np.testing.assert_allclose([reader[20, 16 * place + 8] for place in range(4)], colours, atol=6)


def test_images_of_another_size_are_fitted_in(tmp_path: Path):
    with VideoWriter(tmp_path / "video.mkv", 64, 48) as video:
        video.add(np.full((48, 64, 3), 200, np.uint8), 0)
        video.add(np.full((96, 96, 3), 200, np.uint8), 10**9)
    second = read(tmp_path / "video.mkv")[1].to_ndarray(format="rgb24")
    assert second.shape == (48, 64, 3)
    assert second[:, 10:54].mean() == pytest.approx(200, abs=3)
    assert second[:, :6].max() < 5
    assert second[:, 58:].max() < 5


@pytest.mark.parametrize("shape", [(10, 400), (400, 10), (1, 1), (48, 64)])
def test_fitting_fills_one_direction(shape: tuple[int, int]):
    fitted = fit(np.full((*shape, 3), 255, np.uint8), (64, 48))
    rows, columns = np.nonzero(fitted[..., 0])
    assert np.ptp(rows) + 1 == 48 or np.ptp(columns) + 1 == 64
    assert fitted.shape == (48, 64, 3)


def write_and_fail(path: Path) -> None:
    with VideoWriter(path, 64, 48) as video:
        for number in range(5):
            video.add(numbered_image(number), number * 10**8)
        raise RuntimeError


def test_a_failed_overlay_leaves_the_older_one(tmp_path: Path):
    path = tmp_path / "overlay.mp4"
    path.write_bytes(b"the older one")
    with pytest.raises(RuntimeError):
        write_and_fail(path)
    assert [file.name for file in tmp_path.iterdir()] == ["overlay.mp4"]
    assert path.read_bytes() == b"the older one"


def test_a_whole_overlay_replaces_the_older_one(tmp_path: Path):
    path = tmp_path / "overlay.mp4"
    path.write_bytes(b"the older one")
    assert len(read(write(path))) == 6


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_a_video_without_images_leaves_no_file(tmp_path: Path, suffix: str):
    with VideoWriter(tmp_path / f"video.{suffix}", 64, 48):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_recording_keeps_what_came_before_an_exception(tmp_path: Path):
    with pytest.raises(RuntimeError):
        write_and_fail(tmp_path / "video.mkv")
    assert len(read(tmp_path / "video.mkv")) == 5


def test_an_existing_recording_is_never_overwritten(tmp_path: Path):
    path = write(tmp_path / "video.mkv")
    before = path.read_bytes()
    with pytest.raises(BothhandsError, match="cannot be written: File exists"):
        VideoWriter(path, 64, 48)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "says"), [("video.avi", r"must end in one of: .mkv, .mp4"), ("none/video.mp4", "cannot be written")]
)
def test_files_that_cannot_be_made(tmp_path: Path, name: str, says: str):
    with pytest.raises(BothhandsError, match=says):
        VideoWriter(tmp_path / name, 64, 48)


def test_an_encoder_that_does_not_work_here_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    encoders = {"no_such_encoder": {}, "h264_v4l2m2m": {}, **video_module._ENCODERS}  # the second lacks its device
    monkeypatch.setattr(video_module, "_ENCODERS", encoders)
    video_module._encoder.cache_clear()
    assert len(read(write(tmp_path / "video.mkv"))) == 6
    video_module._encoder.cache_clear()


def test_an_encoder_that_holds_images_back_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A kill would lose them. x264 itself stands in for hardware: it looks ahead where it is not told otherwise."""
    for options, works in (({"preset": "medium"}, False), ({"tune": "zerolatency"}, True)):
        monkeypatch.setattr(video_module, "_ENCODERS", {"libx264": options})
        assert video_module._encodes_at_once("libx264", 64, 48) == works


def test_two_processes_that_write_one_mp4_do_not_write_into_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "video.mp4"
    first = VideoWriter(path, 64, 48)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    second = VideoWriter(path, 64, 48)
    for number in range(3):
        first.add(np.full((48, 64, 3), 40, np.uint8), number * 40_000_000)
        second.add(np.full((48, 64, 3), 200, np.uint8), number * 40_000_000)
    second.close()
    first.close()
    assert len(read(path)) == 3
    assert [file.name for file in tmp_path.iterdir()] == ["video.mp4"]
