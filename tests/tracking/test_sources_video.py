import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.fakes import number_of, numbered_image, write_video
from tracking.sources import SourceError, open_source
from tracking.sources.video import VideoSource, without_credentials
from tracking.values import Frame

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "video"


def read_all(path: Path) -> tuple[list[Frame], list[str]]:
    notices: list[str] = []
    source = open_source(str(path), on_notice=notices.append)
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    return frames, notices


def test_every_frame_once_with_its_time(tmp_path: Path):
    path = write_video(tmp_path / "clip.mp4", [numbered_image(n) for n in range(12)], fps=25)
    source = open_source(str(path))
    assert (source.size, source.fps, source.frame_count) == ((64, 48), 25.0, 12)
    assert (source.live, source.independent, source.name) == (False, False, "clip.mp4")
    source.close()
    frames, notices = read_all(path)
    assert [frame.index for frame in frames] == list(range(12))
    assert [number_of(frame.image) for frame in frames] == list(range(12))
    assert [frame.captured_ns for frame in frames] == [n * 40_000_000 for n in range(12)]
    assert not frames[0].image.flags.writeable
    assert notices == []


def test_a_header_that_announces_a_frame_in_years_is_read(tmp_path: Path):
    path = write_video(tmp_path / "slow.avi", [numbered_image(n) for n in range(4)], fps=25)
    content = bytearray(path.read_bytes())
    stream = content.index(b"strh")
    struct.pack_into("<II", content, stream + 28, 536_870_913, 25)  # scale and rate of AVI's stream header
    path.write_bytes(content)
    frames, _ = read_all(path)
    assert [number_of(frame.image) for frame in frames] == list(range(4))


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi"])
def test_colours_are_rgb(tmp_path: Path, suffix: str):
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = (220, 40, 90)
    image[:, 32:] = (30, 160, 240)
    frames, _ = read_all(write_video(tmp_path / f"colours.{suffix}", [image] * 3, options={"crf": "5"}))
    np.testing.assert_allclose(frames[1].image[24, 10], (220, 40, 90), atol=6)
    np.testing.assert_allclose(frames[1].image[24, 54], (30, 160, 240), atol=6)


def test_a_variable_frame_rate_stays_one(tmp_path: Path):
    times = [0, 33, 50, 400, 410, 1000]
    path = write_video(tmp_path / "variable.mkv", [numbered_image(n) for n in range(6)], times)
    frames, _ = read_all(path)
    assert [frame.captured_ns for frame in frames] == [time * 1_000_000 for time in times]


def test_an_animated_gif_is_a_video(tmp_path: Path):
    pictures = [Image.fromarray(numbered_image(n)) for n in (1, 5, 9)]
    path = tmp_path / "clip.gif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=[100, 100, 100])
    frames, _ = read_all(path)
    assert [number_of(frame.image) for frame in frames] == [1, 5, 9]
    assert [frame.captured_ns for frame in frames] == [0, 100_000_000, 200_000_000]
    assert frames[0].image.shape == (48, 64, 3)


def lay(path: Path, a: int, b: int, c: int, d: int) -> None:
    """Mark an mp4's images as to be laid otherwise: the matrix in its track header (ISO 14496-12, 8.3.2).

    A stored point (x, y) is shown at (a x + c y, b x + d y).
    """
    data = bytearray(path.read_bytes())
    box = data.index(b"tkhd") - 4
    assert data[box + 8] == 0, "version 0 has 32-bit times"
    one = 1 << 16
    struct.pack_into(">9i", data, box + 48, a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


def turn_clockwise(path: Path) -> None:
    """Mark an mp4 as to be turned by 90 degrees clockwise, as phones do."""
    lay(path, 0, 1, -1, 0)


def test_a_phone_held_upright_gives_an_upright_image(tmp_path: Path):
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = 250  # left half of what the sensor saw
    path = write_video(tmp_path / "phone.mp4", [image] * 3)
    turn_clockwise(path)
    source = open_source(str(path))
    assert source.size == (48, 64)
    frame = source.read()
    source.close()
    assert frame is not None
    assert frame.image.shape == (64, 48, 3)
    assert frame.image[:28].mean() > 240  # turned clockwise, left becomes up
    assert frame.image[36:].mean() < 10
    assert frame.image.flags.c_contiguous


@pytest.mark.parametrize(
    ("matrix", "shown"),
    [
        ((1, 0, 0, 1), lambda image: image),
        ((-1, 0, 0, 1), lambda image: image[:, ::-1]),
        ((1, 0, 0, -1), lambda image: image[::-1]),
        ((-1, 0, 0, -1), lambda image: image[::-1, ::-1]),
        ((0, 1, 1, 0), lambda image: image.swapaxes(0, 1)),
        ((0, -1, -1, 0), lambda image: image[::-1, ::-1].swapaxes(0, 1)),
        ((0, 1, -1, 0), lambda image: np.rot90(image, -1)),
        ((0, -1, 1, 0), lambda image: np.rot90(image)),
    ],
)
def test_images_are_turned_and_mirrored_as_their_file_says(
    tmp_path: Path, matrix: tuple[int, int, int, int], shown: Callable[[np.ndarray], np.ndarray]
):
    image = np.zeros((48, 64, 3), np.uint8)
    image[:24, :32] = 250
    image[:24, 32:] = 120
    path = write_video(tmp_path / "a.mp4", [image] * 3)
    lay(path, *matrix)
    source = open_source(str(path))
    frame = source.read()
    source.close()
    assert frame is not None
    expected = shown(image)
    assert source.size == (expected.shape[1], expected.shape[0])
    assert frame.image.shape == expected.shape
    assert np.abs(frame.image.astype(int) - expected).mean() < 3


def spoil(path: Path, numbers: list[int]) -> None:
    """Overwrite the packets of these frames with noise."""
    with av.open(str(path)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    data = bytearray(path.read_bytes())
    noise = np.random.default_rng(3)
    for number in numbers:
        position, size = places[number]
        assert position is not None
        data[position : position + size] = noise.integers(0, 256, size, dtype=np.uint8).tobytes()
    path.write_bytes(data)


def test_damaged_frames_are_skipped_and_counted_with_their_indices(tmp_path: Path):
    path = write_video(
        tmp_path / "damaged.avi", [numbered_image(n) for n in range(20)], codec="mjpeg", pix_fmt="yuvj420p"
    )
    spoil(path, [4, 5, 11])
    frames, notices = read_all(path)
    assert [frame.index for frame in frames] == [n for n in range(20) if n not in (4, 5, 11)]
    assert [number_of(frame.image) for frame in frames] == [frame.index for frame in frames]
    assert [frame.captured_ns for frame in frames] == [frame.index * 40_000_000 for frame in frames]
    assert notices == ["damaged.avi: skipped 3 damaged frames."]


def test_a_video_cut_short_gives_what_is_there(tmp_path: Path):
    path = write_video(tmp_path / "cut.mkv", [numbered_image(n) for n in range(60)])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    frames, _ = read_all(path)
    assert 5 < len(frames) < 60
    assert [number_of(frame.image) for frame in frames[:5]] == [0, 1, 2, 3, 4]


def test_a_folder_or_file_name_with_a_colon_is_no_protocol(tmp_path: Path):
    path = write_video(tmp_path / "take:2.mp4", [numbered_image(1)] * 2)
    assert len(read_all(path)[0]) == 2


def test_nothing_comes_after_close(tmp_path: Path):
    source = VideoSource(write_video(tmp_path / "clip.mp4", [numbered_image(1)] * 5))
    source.read()
    source.close()
    assert source.read() is None
    source.close()


def test_one_pixel_and_8k(tmp_path: Path):
    for width, height in ((1, 1), (7680, 4320)):
        image = np.full((height, width, 3), 128, np.uint8)
        path = write_video(tmp_path / f"{width}.avi", [image], codec="mjpeg", pix_fmt="yuvj444p")
        frames, _ = read_all(path)
        assert frames[0].image.shape == (height, width, 3)


def sound(path: Path) -> Path:
    with av.open(str(path), "w") as output:
        stream = output.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        output.mux(stream.encode(frame))
    return path


def header_only(path: Path) -> Path:
    write_video(path, [numbered_image(n) for n in range(3)], codec="mjpeg", pix_fmt="yuvj420p")
    spoil(path, [0, 1, 2])
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "none.mp4", "There is no file or folder"),
        (lambda folder: text(folder / "empty.mp4", ""), "is empty"),
        (lambda folder: text(folder / "letter.mp4", "Dear hands,\n" * 50), "not a video that can be read"),
        (lambda folder: text(folder / "art.nfo", "Dear hands,\n" * 50), "has no video in it"),
        (lambda folder: sound(folder / "sound.wav"), "has no video in it"),
        (lambda folder: header_only(folder / "frames.avi"), "no frame that can be decoded"),
        (lambda folder: folder / ("x" * 300 + ".mp4"), "File name too long"),
    ],
)
def test_what_is_no_video_is_refused_in_one_sentence(tmp_path: Path, make, says: str):
    with pytest.raises(SourceError, match=says) as caught:
        open_source(str(make(tmp_path)))
    assert "\n" not in str(caught.value)


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write_video(tmp_path / "clip.mp4", [numbered_image(1)])

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so that the mode of the file is no test
    with pytest.raises(SourceError, match=r"clip.mp4 cannot be read: Permission denied"):
        open_source(str(path))


def test_asking_for_sources_does_not_load_the_libraries_behind_them():
    loaded = "import sys, tracking.sources; print(*sorted({'av', 'cv2'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


def test_no_source_at_all():
    with pytest.raises(SourceError, match="The source is empty"):
        open_source(" ")


def test_passwords_are_not_shown():
    assert without_credentials("rtsp://me:secret@camera.local:554/live?token=1") == "rtsp://camera.local:554/live"
    assert without_credentials("http://camera.local") == "http://camera.local"


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared clips are not here")
@pytest.mark.parametrize(
    ("name", "count", "size", "fps"),
    [
        ("one_hand_outdoor_360p.mp4", 202, (640, 360), 25.0),
        ("two_hands_table_a.gif", 41, (600, 472), 10.0),
    ],
)
def test_real_clips(name: str, count: int, size: tuple[int, int], fps: float):
    source = open_source(str(DATA / name))
    assert (source.size, source.frame_count) == (size, count)
    times = []
    while (frame := source.read()) is not None:
        times.append(frame.captured_ns)
    source.close()
    assert len(times) == count
    np.testing.assert_allclose(np.diff(times), 1e9 / fps, rtol=1e-6)
