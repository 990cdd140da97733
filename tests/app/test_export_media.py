"""MP4 as PyAV reads it, and Rerun's recording as its own reader does."""

import os
import sys

import av
import numpy as np
import pytest
from export_fakes import CAMERA, STEP_NS, a_hand, record

from app.outputs.export import ExportOptions, export_session
from app.outputs.export.take import load_take
from app.outputs.export.tracked_images import tracked_images
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import Reconstruction
from render import create_renderer
from render.overlay import draw_hands
from render.protocol import OverlayStyle


def pictures(path) -> tuple[list[float], list[np.ndarray]]:
    """Times in seconds and RGB images."""
    times, images = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            times.append(float(frame.pts * frame.time_base))
            images.append(frame.to_ndarray(format="rgb24"))
    return times, images


def test_mp4_has_every_image_at_its_time(tmp_path):
    times_ns = [0, 30_000_000, 70_000_000, 100_000_000, 170_000_000, 500_000_000]
    session = record(tmp_path, times_ns=times_ns, gone={"left": range(2), "right": range(1)})
    result = export_session(ExportOptions(session=session, format="mp4"))
    times, images = pictures(result.path)
    raw_times, raw_images = pictures(session / "video.mkv")
    assert np.allclose(times, np.array(times_ns) * 1e-9, atol=1e-3)
    assert np.allclose(times, raw_times, atol=1e-3)
    changed = [np.abs(image.astype(int) - raw).max() > 30 for image, raw in zip(images, raw_images, strict=True)]
    assert changed == [False, True, True, True, True, True]


@pytest.mark.parametrize(("step_ns", "frames", "lost"), [(1_041_667, 12, range(6, 11)), (333_333, 3, range(0))])
def test_of_images_that_follow_one_another_fast_each_has_its_own_hands_and_time(tmp_path, step_ns, frames, lost):
    """As of a slow-motion camera; the video's clock counts milliseconds."""
    times_ns = [number * step_ns for number in range(frames)]
    away = {"left": lost, "right": range(frames)}
    session = record(tmp_path, times_ns=times_ns, gone=away)
    take, read = load_take(session, with_hand_models=True)
    assert read.video is not None
    shown = list(tracked_images(take, read.video))
    assert [set(each.hands.hands) for each in shown] == [
        set() if number in away["left"] else {"left"} for number in range(frames)
    ]
    times, _ = pictures(export_session(ExportOptions(session=session, format="mp4")).path)
    assert np.allclose(times, np.array(times_ns) * 1e-9, atol=1.5e-3)


def test_mp4_shows_the_hands_that_the_session_has(tmp_path):
    session = record(tmp_path, frames=8)
    _, images = pictures(export_session(ExportOptions(session=session, format="mp4")).path)
    _, raw = pictures(session / "video.mkv")
    models = load_hand_models()
    renderer = create_renderer("auto", {side: model.faces for side, model in models.items()})
    for frame in (0, 5):
        hands = {side: a_hand(model, frame * STEP_NS * 1e-9) for side, model in models.items()}
        wanted = draw_hands(renderer, raw[frame], Reconstruction(hands), CAMERA, OverlayStyle())
        assert np.abs(images[frame].astype(int) - wanted).mean() < 6  # lossy, colours at half resolution
    renderer.close()


def test_mp4_of_a_session_without_video(tmp_path):
    session = record(tmp_path, frames=3, video=False)
    with pytest.raises(BothhandsError, match=r"without its video, which mp4 needs"):
        export_session(ExportOptions(session=session, format="mp4"))
    assert {path.name for path in session.iterdir()} == {"session.json", "hands.arrows"}


def test_mp4_of_a_video_that_ends_early(tmp_path):
    session = record(tmp_path, frames=40)
    video = session / "video.mkv"
    video.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    times, _ = pictures(export_session(ExportOptions(session=session, format="mp4")).path)
    assert 5 < len(times) < 40


def test_mp4_of_a_video_that_is_none(tmp_path):
    session = record(tmp_path, frames=3)
    (session / "video.mkv").write_bytes(b"not a video")
    with pytest.raises(BothhandsError, match=r"video\.mkv"):
        export_session(ExportOptions(session=session, format="mp4"))
    assert not list(session.glob("*.mp4"))


@pytest.mark.parametrize("video", [True, False])
def test_rrd_has_hands_and_images_on_one_timeline(tmp_path, video):
    rerun = pytest.importorskip("rerun")
    session = record(tmp_path, frames=12, gone={"left": range(4, 8)}, video=video)
    path = export_session(ExportOptions(session=session, format="rrd")).path
    recording = rerun.dataframe.load_recording(path)
    table = recording.view(index="time", contents="/**").select().read_all()
    seconds = np.array(table["time"].to_pylist(), "timedelta64[ns]").astype(float) * 1e-9
    assert np.allclose(seconds, np.arange(12) * STEP_NS * 1e-9, atol=1e-6)
    models = load_hand_models()
    for side, model in models.items():
        column = table[f"/hands/{side}/mesh:Position3D"].to_pylist()
        for frame in (0, 3, 9):
            assert np.abs(np.array(column[frame]) - a_hand(model, seconds[frame]).vertices).max() < 1e-6
    assert not any(table["/hands/left/mesh:Position3D"].to_pylist()[4:8])
    if video:
        blobs = table["/camera/picture:Blob"].to_pylist()
        assert all(bytes(np.array(blob[0], np.uint8)[:2]) == b"\xff\xd8" for blob in blobs)


@pytest.mark.parametrize("end", [bytes(16), b"\x1b\x09" * 10 + b"RRF2FOOT\x01\0\0\0"], ids=["0.23", "0.41"])
def test_a_recording_is_whole_where_it_ends_as_its_rerun_ends_them(tmp_path, end):
    """Releases differ in it, and the base takes any."""
    from app.outputs.export.rrd_writer import _check_whole

    path = tmp_path / "take.rrd"
    path.write_bytes(b"RRF2" + b"content" * 100 + end)
    _check_whole(path)
    for short in (1, 5, 13):
        path.write_bytes((b"RRF2" + b"content" * 100 + end)[:-short])
        with pytest.raises(BothhandsError, match=r"take\.rrd cannot be written whole"):
            _check_whole(path)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="all names are Unicode there")
def test_rrd_in_a_folder_whose_name_is_not_unicode_says_so(tmp_path):
    pytest.importorskip("rerun")
    session = record(tmp_path, video=False).rename(tmp_path / os.fsdecode(b"take\xff"))
    with pytest.raises(BothhandsError, match="no names that are not Unicode"):
        export_session(ExportOptions(session=session, format="rrd"))
    assert export_session(ExportOptions(session=session, format="rrd", out=tmp_path / "take.rrd")).path.is_file()


def test_rrd_without_rerun_says_what_to_install(tmp_path, monkeypatch):
    session = record(tmp_path, frames=3, video=False)
    monkeypatch.setitem(sys.modules, "rerun", None)
    with pytest.raises(BothhandsError, match=r"pip install rerun-sdk==0\.23\.1"):
        export_session(ExportOptions(session=session, format="rrd"))
