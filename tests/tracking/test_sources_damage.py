"""Videos that are cut, mislabelled, encrypted, squeezed, or whose times leap."""

import itertools
import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from app.settings import Settings
from tests.fakes import number_of, numbered_image, write_video
from tests.tracking.test_sources_video import read_all, turn_clockwise
from tracking.sources import SourceError, open_source
from tracking.sources.naming import readable, shortened, storable
from tracking.sources.video_time import Presentation
from tracking.sources.whole_files import is_cut

SECOND = 1_000_000_000
FAULTS = Path(__file__).parents[3] / "shared" / "reference" / "faults"


def numbered(count: int) -> list[np.ndarray]:
    return [numbered_image(n) for n in range(count)]


def front_loaded(path: Path, count: int = 40) -> Path:
    """An mp4 whose index is in front, as it is on servers."""
    noise = np.random.default_rng(0)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as output:
        stream = output.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(count):
            image = noise.integers(0, 256, (48, 64, 3), dtype=np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        output.mux(stream.encode(None))
    return path


def cut(path: Path, share: float = 0.6) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


def early(path: Path) -> tuple[int, bool, list[str]]:
    notices: list[str] = []
    source = open_source(str(path), on_notice=notices.append)
    count = 0
    while source.read() is not None:
        count += 1
    return count, source.ended_early, [notice for notice in notices if "ends early" in notice]


def test_a_cut_mp4_says_how_many_frames_of_how_many(tmp_path: Path):
    count, ended_early, notices = early(cut(front_loaded(tmp_path / "a.mp4")))
    assert 3 < count < 40
    assert ended_early
    assert notices == [f"a.mp4 ends early: {count} of 40 frames; was it downloaded or copied whole?"]


@pytest.mark.parametrize("suffix", ["mkv", "avi"])
def test_a_cut_video_of_other_kinds_is_said_to_end_early(tmp_path: Path, suffix: str):
    noise = np.random.default_rng(0)
    images = [noise.integers(0, 256, (48, 64, 3), dtype=np.uint8) for _ in range(40)]
    codec = {"mkv": ("libx264", "yuv420p"), "avi": ("mjpeg", "yuvj420p")}[suffix]
    path = write_video(tmp_path / f"a.{suffix}", images, codec=codec[0], pix_fmt=codec[1])
    count, ended_early, notices = early(cut(path))
    assert 3 < count < 40
    assert ended_early
    assert f"ends early: {count} of" in notices[0]
    assert "40 frames" in notices[0]


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi", "mov", "webm", "flv", "ts", "mpg"])
def test_whole_videos_are_not_said_to_end_early(tmp_path: Path, suffix: str):
    codec = {"webm": "libvpx-vp9", "flv": "flv1", "mpg": "mpeg2video"}.get(suffix, "libx264")
    path = write_video(tmp_path / f"a.{suffix}", numbered(30), codec="flv" if codec == "flv1" else codec)
    count, ended_early, notices = early(path)
    assert (count, ended_early, notices) == (30, False, [])


@pytest.mark.parametrize("flags", ["frag_keyframe+empty_moov", "faststart", "frag_keyframe+default_base_moof"])
def test_whole_files_of_other_layouts_are_whole(tmp_path: Path, flags: str):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w", options={"movflags": flags}) as output:
        stream = output.add_stream("libx264", rate=25, options={"g": "5"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for image in numbered(20):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        output.mux(stream.encode(None))
    assert not is_cut(path)
    assert early(path) == (20, False, [])
    assert is_cut(cut(path, 0.9))


def test_a_last_image_that_is_shown_for_long_is_no_early_end(tmp_path: Path):
    times = [0, 40, 80, 120, 160, 2000]
    for suffix in ("mkv", "mp4"):
        path = tmp_path / f"a.{suffix}"
        with av.open(str(path), "w") as output:
            stream = output.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            stream.codec_context.time_base = Fraction(1, 1000)
            for number, time in enumerate(times):
                frame = av.VideoFrame.from_ndarray(numbered_image(number), format="rgb24")
                frame.pts, frame.time_base = time, Fraction(1, 1000)
                for packet in stream.encode(frame):
                    packet.duration = 1500
                    output.mux(packet)
            for packet in stream.encode(None):
                packet.duration = 1500
                output.mux(packet)
        assert early(path) == (6, False, [])


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_a_first_image_that_comes_late_is_no_early_end(tmp_path: Path, suffix: str):
    hour_ms = 3_600_000
    path = write_video(tmp_path / f"late{suffix}", numbered(10), [hour_ms + 40 * number for number in range(10)])
    assert early(path) == (10, False, [])


def test_what_has_no_length_of_its_own_is_not_cut(tmp_path: Path):
    for name, content in (
        ("a", b""),
        ("b", b"short"),
        ("c", b"RIFF" + bytes(20)),
        ("d", b"\x1a\x45\xdf\xa3\0\0"),
        ("e", b"text " * 9),
    ):
        (tmp_path / name).write_bytes(content)
        assert not is_cut(tmp_path / name)
    assert not is_cut(tmp_path / "none")


def test_sound_that_goes_on_longer_is_no_early_end(tmp_path: Path):
    for suffix in ("mp4", "mkv"):
        path = tmp_path / f"a.{suffix}"
        with av.open(str(path), "w") as output:
            video, audio = output.add_stream("libx264", rate=25), output.add_stream("aac", rate=8000)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            for image in numbered(10):
                output.mux(video.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
            output.mux(video.encode(None))
            for number in range(30):
                sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.float32), format="fltp", layout="mono")
                sound.sample_rate, sound.pts = 8000, 800 * number
                output.mux(audio.encode(sound))
            output.mux(audio.encode(None))
        assert early(path) == (10, False, [])


def test_a_trimmed_video_is_no_early_end(tmp_path: Path):
    """Phones trim by an edit list: the frames behind the end stay in the index."""
    path = write_video(tmp_path / "a.mp4", numbered(40))
    data = bytearray(path.read_bytes())
    header, edits = data.index(b"mvhd"), data.index(b"elst")
    half = struct.unpack_from(">I", data, header + 20)[0] // 2
    struct.pack_into(">I", data, header + 20, half)
    struct.pack_into(">I", data, edits + 12, half)
    path.write_bytes(data)
    count, ended_early, _ = early(path)
    assert 15 < count < 30
    assert not ended_early


@pytest.mark.parametrize(
    ("suffix", "old", "new", "says"),
    [
        ("mov", b"avc1", b"brvn", "the codec brvn"),
        ("mp4", b"avc1", b"encv", "is encrypted"),
        ("mkv", b"V_MPEG4/ISO/AVC", b"V_MPEG4/ISO/QQQ", "the codec V_MPEG4/ISO/QQQ"),
        ("avi", b"H264", b"ZQQ1", "the codec ZQQ1"),
    ],
)
def test_a_codec_that_nobody_knows_is_named(tmp_path: Path, suffix: str, old: bytes, new: bytes, says: str):
    path = write_video(tmp_path / f"a.{suffix}", numbered(3))
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    with pytest.raises(SourceError, match=says) as caught:
        open_source(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi"])
def test_titles_in_other_encodings_do_not_matter(tmp_path: Path, suffix: str):
    path = tmp_path / f"a.{suffix}"
    with av.open(str(path), "w") as output:
        output.metadata["title"] = "Video de Zoe"
        stream = output.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for image in numbered(4):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        output.mux(stream.encode(None))
    data = path.read_bytes()
    assert b"Zoe" in data
    path.write_bytes(data.replace(b"Zoe", b"Zo\xe9"))
    assert len(read_all(path)[0]) == 4


def squeezed(path: Path, aspect: Fraction) -> Path:
    """64x48 pixels of which each is so wide for its height; the left half is white."""
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = 250
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.sample_aspect_ratio = aspect
        for _ in range(3):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        output.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        (Fraction(2), (128, 48)),
        (Fraction(4, 3), (85, 48)),
        (Fraction(1, 2), (32, 48)),
        (Fraction(1), (64, 48)),
        (Fraction(900), (64, 48)),
    ],
)
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_pixels_come_out_square(tmp_path: Path, suffix: str, aspect: Fraction, size: tuple[int, int]):
    path = squeezed(tmp_path / f"a.{suffix}", aspect)
    source = open_source(str(path))
    assert source.size == size
    frame = source.read()
    assert frame is not None
    assert frame.image.shape == (size[1], size[0], 3)
    assert frame.image[:, : size[0] // 2 - 4].mean() > 230
    source.close()


def test_pixels_are_squared_before_a_image_is_turned(tmp_path: Path):
    path = squeezed(tmp_path / "a.mp4", Fraction(2))
    turn_clockwise(path)
    source = open_source(str(path))
    frame = source.read()
    assert frame is not None
    assert source.size == (48, 128)
    assert frame.image.shape == (128, 48, 3)
    assert frame.image[:60].mean() > 230
    source.close()


def two_videos(path: Path, default: int) -> Path:
    """A small preview and the video itself."""
    with av.open(str(path), "w") as output:
        streams = []
        for number, (width, height) in enumerate([(32, 24), (64, 48)]):
            stream = output.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.disposition = Disposition.default if number == default else Disposition(0)
            streams.append(stream)
        for number in range(5):
            for stream in streams:
                image = numbered_image(number, stream.width, stream.height)
                output.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        for stream in streams:
            output.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("default", [0, 1])
def test_of_two_videos_the_default_one_is_read_and_the_choice_is_said(tmp_path: Path, default: int):
    frames, notices = read_all(two_videos(tmp_path / "a.mkv", default))
    assert frames[0].image.shape == [(24, 32, 3), (48, 64, 3)][default]
    assert [number_of(frame.image) for frame in frames] == list(range(5))
    assert notices == [
        f"{tmp_path / 'a.mkv'} has 2 videos in it; number {default + 1} ({['32x24', '64x48'][default]}) is read, and "
        "the others are not."
    ]


def test_a_cover_is_not_the_video(tmp_path: Path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as output:
        cover, video = output.add_stream("mjpeg", rate=25), output.add_stream("libx264", rate=25)
        cover.width, cover.height, cover.pix_fmt = 320, 240, "yuvj420p"
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        output.mux(cover.encode(av.VideoFrame.from_ndarray(numbered_image(3, 320, 240), format="rgb24")))
        for image in numbered(5):
            output.mux(video.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        output.mux(cover.encode(None))
        output.mux(video.encode(None))
    frames, notices = read_all(path)
    assert [frame.image.shape for frame in frames] == [(48, 64, 3)] * 5
    assert notices == []


def test_a_leap_of_an_hour_is_kept_and_said_once(tmp_path: Path):
    times = [0, 40, 80, 3_600_080, 3_600_120, 7_300_000]
    frames, notices = read_all(write_video(tmp_path / "a.mkv", numbered(6), times))
    assert [frame.captured_ns for frame in frames] == [time * 1_000_000 for time in times]
    assert len(notices) == 1
    assert "time jumps ahead by 3,600 s at frame 3" in notices[0]


def test_a_image_that_changes_its_size_comes_in_its_own(tmp_path: Path):
    small = write_video(tmp_path / "1.ts", numbered(5), codec="mpeg2video")
    large = write_video(tmp_path / "2.ts", [numbered_image(n, 96, 96) for n in range(5)], codec="mpeg2video")
    path = tmp_path / "both.ts"
    path.write_bytes(small.read_bytes() + large.read_bytes())
    frames, notices = read_all(path)
    shapes = {frame.image.shape for frame in frames}
    assert shapes == {(48, 64, 3), (96, 96, 3)}
    assert all(after.captured_ns > before.captured_ns for before, after in itertools.pairwise(frames))
    assert any("size changes" in notice and "64x48 to 96x96" in notice for notice in notices)


def placed(times: list[int | None], fps: float | None = 25.0) -> list[int]:
    presentation = Presentation(fps)
    return [presentation.place(time) for time in times]


def test_times_rise_whatever_a_file_says():
    step = SECOND // 25
    assert placed([None, None, None]) == [0, step, 2 * step]
    assert placed([0, step, step, 3 * step]) == [0, step, 2 * step, 3 * step]
    assert placed([5 * SECOND, 0, step]) == [5 * SECOND, 5 * SECOND + step, 5 * SECOND + 2 * step]
    assert placed([-SECOND, 0]) == [-SECOND, 0]
    assert placed([0, 1 << 80, step * 2]) == [0, step, 2 * step]
    assert placed([-(1 << 80), step]) == [0, step]
    assert max(placed([(1 << 62) - 1, None, 0])) < 1 << 63


def test_a_clip_joined_to_another_goes_on_at_its_own_pace():
    times = placed([10 * SECOND, 11 * SECOND, 0, SECOND, 3 * SECOND])
    assert np.diff(times).tolist() == [SECOND, SECOND // 25, SECOND, 2 * SECOND]


@pytest.mark.parametrize(
    "text", ["#EXTM3U\n#EXTINF:1,\nb.mp4\n", "ffconcat version 1.0\nfile 'b.mp4'\n", "v=0\no=- 0 0 IN IP4 0\n"]
)
def test_a_playlist_opens_nothing(tmp_path: Path, text: str):
    write_video(tmp_path / "b.mp4", numbered(2))
    (tmp_path / "a.mp4").write_text(text)
    with pytest.raises(SourceError, match="playlist"):
        open_source(str(tmp_path / "a.mp4"))


@pytest.mark.parametrize(
    "name",
    ["pipe:0", "concat:a|b.mp4", "http:x.mp4", "50%41.mp4", "take %d.mp4", "a.mp4 ", " a.mp4", "-i.mp4", "a\nb.mp4"],
)
def test_names_of_files_mean_nothing(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch):
    write_video(tmp_path / "clip.mp4", numbered(2)).rename(tmp_path / name)
    assert len(read_all(tmp_path / name)[0]) == 2
    monkeypatch.chdir(tmp_path)
    assert len(read_all(Path(name))[0]) == 2


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_no_text_are_read_and_can_be_printed(tmp_path: Path):
    path = tmp_path / os.fsdecode(b"Vid\xe9o.mp4")
    write_video(tmp_path / "clip.mp4", numbered(2)).rename(path)
    source = open_source(str(path))
    assert source.read() is not None
    assert source.name == "Vid\N{REPLACEMENT CHARACTER}o.mp4"
    source.close()
    assert readable("Vidéo") == "Vidéo"
    address = storable(str(path))
    assert Settings(source=address).source == address, "settings hold it"
    again = open_source(address)
    assert again.read() is not None
    again.close()
    assert storable("rtsp://camera/é") == "rtsp://camera/é"


def test_long_names_are_cut_between_characters():
    assert shortened("ééé", 5) == "éé"
    assert shortened("abc", 5) == "abc"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path):
    for name in ("a.mp4", "a.png"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(SourceError, match=r"is no file|cannot be read"):
            open_source(str(tmp_path / name))


def test_an_address_of_a_file_is_its_path(tmp_path: Path):
    path = write_video(tmp_path / "a b.mp4", numbered(2))
    source = open_source(path.as_uri())
    assert source.name == "a b.mp4"
    source.close()


def test_files_below_dev_are_files(monkeypatch: pytest.MonkeyPatch):
    from tracking.sources import is_camera

    monkeypatch.setattr(os.path, "isfile", lambda path: path == "/dev/shm/a.mp4")
    assert not is_camera("/dev/shm/a.mp4")
    assert is_camera("/dev/video0")
    assert is_camera("0")


@pytest.mark.skipif(not FAULTS.is_dir(), reason="the shared faults are not here")
def test_the_faults_that_were_found():
    assert early(FAULTS / "cut_download" / "cut_tail.mp4")[:2] == (13, True)
    assert early(FAULTS / "cut_download" / "cut_tail.mkv")[:2] == (15, True)
    frames, _ = read_all(FAULTS / "anamorphic" / "anamorphic_sar2.mp4")
    assert {frame.image.shape for frame in frames} == {(360, 640, 3)}
    assert len(read_all(FAULTS / "metadata_latin1" / "zoe.mp4")[0]) == 6
    assert len(read_all(FAULTS / "pts_jump_forward" / "pts_jump_forward_1h.mkv")[0]) == 40
    assert len(read_all(FAULTS / "animated_webp" / "animated.webp")[0]) == 10
    for name, says in (("blackmagic_raw.mov", "codec brvn"), ("encrypted.mp4", "encrypted")):
        with pytest.raises(SourceError, match=says):
            open_source(str(FAULTS / "unknown_codec" / name))
