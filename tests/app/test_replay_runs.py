"""Other models over a recorded session."""

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pyarrow as pa
import pytest
from replay_fakes import FakeTracker, posed_hand, short_session

from app.processing import ProcessOptions, process_source
from app.replay import rerun
from app.replay.clip import Clip, open_clip
from app.replay.rerun import RunCancelled, config_of_run, run_model
from app.replay.run_hands import RunHands
from app.replay.runs import read_run, stored_runs
from app.sessions.recorded_config import recorded_config
from models.errors import BothhandsError
from tests.fakes import number_of, session_info, write_video
from tracking.config import TrackerConfig
from tracking.smoothing import SmoothingSettings

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo.mp4"


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    return open_clip(short_session(tmp_path)[0])


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, clip: Clip) -> FakeTracker:
    made = FakeTracker(clip.hand_models)
    monkeypatch.setattr(rerun, "_tracker", lambda clip, model, device, cameras: made)
    return made


def contents(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_a_run_is_stored_beside_the_recording(clip: Clip, tracker: FakeTracker):
    before = contents(clip.session.path)
    steps: list[tuple[int, int]] = []
    name = run_model(clip, "landmark-fit", progress=lambda done, total: steps.append((done, total)))
    assert name == "landmark-fit"
    after = contents(clip.session.path)
    added = after.pop("runs/landmark-fit.arrows")
    assert after == before
    assert steps == [(number, 15) for number in range(1, 16)]
    assert tracker.closed
    # Every image once, in order, at the times of the recording.
    assert [number_of(frame.image) for frame in tracker.frames] == list(range(15))
    assert [frame.captured_ns for frame in tracker.frames] == clip.times_ns.tolist()
    table = pa.ipc.open_stream(added).read_all()  # an independent reader
    assert table["frame"].to_pylist() == [number for number in range(15) for _ in range(2)]
    note = json.loads(table.schema.metadata[b"bothhands.run"])
    assert (note["model"], note["smoothing"]) == ("landmark-fit", None)
    assert table.schema.metadata[b"bothhands.hand_model"] == b"free"


def test_a_run_has_hands_in_the_images_it_was_made_of(clip: Clip, tracker: FakeTracker):
    name = run_model(clip, "landmark-fit")
    info, table = read_run(clip.session.path, name, "free")
    track = RunHands(table, clip.times_ns, clip.hand_models)
    assert info.model == "landmark-fit"
    for number in range(15):
        expected = posed_hand(clip.hand_models["left"], 2 * (number + 100))
        np.testing.assert_array_equal(track.hands(number).hands["left"].vertices, expected.vertices)


def test_an_older_run_is_kept(clip: Clip, tracker: FakeTracker):
    assert [run_model(clip, "landmark-fit") for _ in range(3)] == ["landmark-fit", "landmark-fit-2", "landmark-fit-3"]
    assert stored_runs(clip.session.path) == ["landmark-fit", "landmark-fit-2", "landmark-fit-3"]


def test_a_cancelled_run_leaves_nothing(clip: Clip, tracker: FakeTracker):
    with pytest.raises(RunCancelled):
        run_model(clip, "landmark-fit", cancelled=lambda: len(tracker.frames) == 4)
    assert tracker.closed
    assert list((clip.session.path / "runs").iterdir()) == []
    assert stored_runs(clip.session.path) == []


def test_what_a_killed_run_left_is_replaced(clip: Clip, tracker: FakeTracker):
    (clip.session.path / "runs").mkdir()
    (clip.session.path / "runs" / "landmark-fit.arrows.part").write_bytes(b"half")
    run_model(clip, "landmark-fit")
    assert [file.name for file in (clip.session.path / "runs").iterdir()] == ["landmark-fit.arrows"]


def test_a_folder_that_cannot_be_written_is_named(clip: Clip, tracker: FakeTracker):
    (clip.session.path / "runs").write_bytes(b"in the way")
    with pytest.raises(BothhandsError, match=r"cannot be written in .*runs"):
        run_model(clip, "landmark-fit")
    assert tracker.closed


def test_a_session_without_images_is_refused_before_a_model_is_loaded(tmp_path: Path, tracker: FakeTracker):
    clip = open_clip(short_session(tmp_path / "blind", video=False)[0])
    with pytest.raises(BothhandsError, match="has no video"):
        run_model(clip, "landmark-fit")
    assert not tracker.frames
    assert not (clip.session.path / "runs").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda path: path.write_bytes(b"?" * 99), "is not a journal"),
        (
            lambda path: path.write_bytes((path.parents[1] / "hands.arrows").read_bytes()),
            "does not say how it was made",
        ),
    ],
)
def test_what_is_no_run_is_named(clip: Clip, tracker: FakeTracker, change, says: str):
    name = run_model(clip, "landmark-fit")
    change(clip.session.path / "runs" / "landmark-fit.arrows")
    with pytest.raises(BothhandsError, match=says):
        read_run(clip.session.path, name, "free")


def test_a_run_of_another_hand_model_is_refused(clip: Clip, tracker: FakeTracker):
    name = run_model(clip, "landmark-fit")
    with pytest.raises(BothhandsError, match="belongs to the hand model 'free' and the session to 'mano'"):
        read_run(clip.session.path, name, "mano")


def test_the_recorded_gains_are_used():
    gains = SmoothingSettings().scaled(0.8, 0.3)
    info = replace(session_info(), settings={"smoothing": vars(gains), "readings": "network", "detector": "openvino"})
    again = config_of_run(recorded_config(info), "lwa-hand", "cpu")
    assert again == TrackerConfig(
        model="lwa-hand", device="cpu", smoothing=gains, readings="network", detector="openvino"
    )
    assert config_of_run(again, "landmark-fit", "cpu").readings == "both"  # it has no network to read


def test_the_recorded_model_run_again_finds_nearly_the_same_hands(tmp_path: Path):
    """With everything real: what differs is the video's compression and times that are rounded."""

    with av.open(str(DEMO)) as source:
        images = [frame.to_ndarray(format="rgb24") for frame, _ in zip(source.decode(video=0), range(10), strict=False)]
    short = write_video(tmp_path / "short.mp4", images, fps=30)
    options = ProcessOptions(
        source=str(short),
        tracker=TrackerConfig(model="landmark-fit"),
        out=tmp_path / "session",
        overlay=False,
        keep_frames=True,
    )
    process_source(options, lambda done, total: None)
    clip = open_clip(tmp_path / "session")
    recorded = RunHands(clip.session.table, clip.times_ns, clip.hand_models)
    _, table = read_run(clip.session.path, run_model(clip, "landmark-fit", device="cpu"), "free")
    again = RunHands(table, clip.times_ns, clip.hand_models)
    for number in range(3, 10):
        first, second = recorded.hands(number).hands, again.hands(number).hands
        assert first.keys() == second.keys() == {"left", "right"}
        for side in first:
            # The lens keeps depth weak: what is compared is where joints are seen.
            np.testing.assert_allclose(first[side].joints_px, second[side].joints_px, atol=3.0)
