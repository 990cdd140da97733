from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from live_fakes import PATIENCE, FakeCamera, FakeFile, FakeParts, Held, our_threads, texts, wait
from running_sessions import fed, next_image, running, until, until_ended

from app.cameras import ASSUMED, CameraCalibration, source_identity
from app.live import LiveSession, RenderedFrame, tracking_loop
from app.live import recording as recording_module
from app.live.factories import Factories
from app.live.loading import LoadingWatch
from app.live.player import Player
from app.live.recording import RecordingStart
from app.live.source_choice import SourceOpener
from app.live.values import MessageBoard
from app.outputs.streaming.hub import StreamHub
from app.persons import Person
from app.replay.clip import open_clip
from app.sessions.info import DroppedFrames
from app.sessions.session import load_session
from app.settings import Settings
from models import registry
from models.errors import BothhandsError
from models.fitting.calibration import ShapeRule
from models.registry import ModelCard
from models.values import FINGERS, Intrinsics, Reconstruction
from render.protocol import OverlayStyle
from tracking.camera_model import KnownCamera
from tracking.config import TrackerConfig
from tracking.sources.camera_mode import USUAL_MODE, CameraMode
from tracking.sources.protocol import SourceError
from tracking.values import Frame, TrackedFrame


def test_a_frame_becomes_an_image_with_its_hands_drawn(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        picture = fed(session, camera)
        assert session.newest() is None, "each image comes once"
        status = session.status
    assert picture.tracked.frame is parts.tracker.tracked[0]
    assert (picture.image[..., 0] == 255).all()
    assert picture.captured_ns == picture.tracked.frame.captured_ns
    assert set(picture.milliseconds) == {"detect", "render"}
    assert (status.source, status.model, status.hands) == ("fake camera", "landmark-fit", {"right"})


def test_the_newest_frame_wins(parts: FakeParts, camera: FakeCamera):
    track = parts.tracker.before_track = Held(lambda frame: frame.index == 0)
    with running(parts) as session:
        camera.feed()
        wait(track.begun)
        for _ in range(3):
            camera.feed()
        camera.wait_until_read()
        track.go_on.set()
        while next_image(session).tracked.frame.index != 3:
            pass
    assert [frame.index for frame in parts.tracker.tracked] == [0, 3]


def test_each_owner_stays_in_one_thread(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        session.select_model("eanet")
        until(session, camera.feed, lambda picture: picture.tracked.model == "eanet")
    assert parts.renderer is not None
    assert parts.tracker.closed.is_set()
    assert parts.renderer.closed.is_set()
    assert len(parts.tracker.threads) == len(parts.renderer.threads) == 1
    assert parts.tracker.threads != parts.renderer.threads
    assert threading.get_ident() not in parts.tracker.threads | parts.renderer.threads


# Sources


def test_every_frame_of_a_file_is_tracked_once(parts: FakeParts):
    parts.sources["clip.mp4"] = FakeFile("clip.mp4", 50)
    with running(parts, Settings(source="clip.mp4")) as session:
        until_ended(session)
        assert [frame.index for frame in parts.tracker.tracked] == list(range(50))
        status = session.status
    assert (status.source_spec, status.hands) == ("clip.mp4", {"right"}), "it stays at its last image"
    assert status.playback is not None
    assert (status.playback.position, status.playback.playing) == (49, False)


@pytest.fixture
def clips(parts: FakeParts) -> FakeParts:
    """A clip that can be opened again and again."""
    parts.sources["clip.mp4"] = lambda: FakeFile("clip.mp4", 50)
    return parts


def player(session: LiveSession) -> Player:
    made = session.player
    assert made is not None
    return made


def test_a_clip_at_its_end_is_sought_stepped_and_played_again(clips: FakeParts):
    with running(clips, Settings(model="landmark-fit", source="clip.mp4")) as session:
        until_ended(session)
        tracked = clips.tracker.tracked
        for wish, number in (
            (lambda: player(session).seek(10), 10),  # back: read again from the beginning
            (lambda: player(session).seek(30), 30),
            (lambda: player(session).step(1), 31),
            (lambda: player(session).step(-1), 30),
            (lambda: player(session).seek(1000), 49),
            (lambda: player(session).seek(-5), 0),
        ):
            before = len(tracked)
            wish()
            while len(tracked) == before:
                session.newest(timeout=0.001)
            assert tracked[-1].image[0, 0, 0] == number
            assert len(tracked) == before + 1, "paused, one image is shown"
            assert session.status.playback.position == number  # type: ignore[union-attr]
        player(session).toggle()
        until_ended(session)
    assert [frame.image[0, 0, 0] for frame in tracked[-49:]] == list(range(1, 50))
    assert (np.diff([frame.index for frame in tracked]) > 0).all()
    assert (np.diff([frame.captured_ns for frame in tracked]) > 0).all()
    assert clips.opened.count("clip.mp4") == 4


def test_play_at_the_end_starts_over_and_a_loop_never_ends(clips: FakeParts):
    with running(clips, Settings(model="landmark-fit", source="clip.mp4")) as session:
        until_ended(session)
        player(session).set_loop(True)
        player(session).toggle()
        tracked = clips.tracker.tracked
        while len(tracked) < 250:
            session.newest(timeout=0.001)
        assert session.status.playback is not None
        assert not session.status.playback.ended


def test_a_clip_that_is_moved_ends_its_recording(clips: FakeParts):
    with running(clips, Settings(model="landmark-fit", source="clip.mp4")) as session:
        until_ended(session)
        session.start_recording()
        player(session).seek(3)
        while session.status.recording is None:
            session.newest(timeout=0.001)
        player(session).seek(7)
        wait(clips.recorder.stopped)
        while session.status.last_recording is None:
            session.newest(timeout=0.001)
    assert "because the clip was moved" in texts(session.messages())


def test_a_leap_in_a_clips_time_is_shortened_where_it_is_played(parts: FakeParts):
    hour = 3600 * 10**9
    parts.sources["clip.mkv"] = FakeFile("clip.mkv", 4, times_ns=[0, 40_000_000, hour, hour + 40_000_000])
    with running(parts, Settings(model="landmark-fit", source="clip.mkv")) as session:
        until_ended(session)
    times = [frame.captured_ns for frame in parts.tracker.tracked]
    assert np.diff(times).tolist() == [40_000_000, 10**9, 40_000_000]


def test_a_mirrored_clip_is_turned_back_and_the_recording_notes_it(parts: FakeParts, camera: FakeCamera):
    def clip() -> FakeFile:
        made = FakeFile("clip.mkv", 3)
        read = made.read

        def with_a_side() -> Frame | None:
            frame = read()
            if frame is None:
                return None
            image = frame.image.copy()
            image[:, 0] = 200
            return Frame(frame.index, frame.captured_ns, image)

        made.read = with_a_side  # type: ignore[method-assign]
        return made

    parts.sources["clip.mkv"] = clip
    settings = Settings(model="landmark-fit", source="clip.mkv", mirrored_files=True)
    with running(parts, settings) as session:
        until_ended(session)
        assert all((frame.image[:, -1] == 200).all() for frame in parts.tracker.tracked)
        session.select_source("0")
        fed(session, camera)
        while session.status.source != "fake camera":
            camera.feed()
        assert session.status.live
        assert not session.status.mirrored, "cameras are another kind"


GIVEN = CameraMode(640, 480, 15.0, "YUYV")


def opened_as(session: LiveSession, asked: CameraMode) -> None:
    """Until the camera runs that was asked for this mode."""
    while session.status.asked_mode != asked or session.status.opening:
        session.newest(timeout=0.01)


def test_a_camera_is_opened_again_when_another_mode_is_chosen_for_it(parts: FakeParts):
    parts.sources["0"] = lambda: FakeCamera(mode=GIVEN)
    camera = source_identity("0")
    settings = Settings(model="landmark-fit", camera_modes={camera: "@60"})
    with running(parts, settings) as session:
        opened_as(session, CameraMode(fps=60.0))
        assert session.status.mode == GIVEN
        session.set_camera_modes(settings)
        session.set_camera_modes(settings.changed(camera_modes={"another": "@15", camera: "@60"}))
        assert len(parts.modes) == 1, "nothing has changed for this camera"
        session.set_camera_modes(settings.changed(camera_modes={camera: "640x480"}))
        session.set_camera_modes(settings.changed(camera_modes={}))  # while it is opened for the one before
        opened_as(session, USUAL_MODE)
    assert parts.modes[0] == CameraMode(fps=60.0)
    assert parts.modes[-1] is None
    assert set(parts.opened) == {"0"}


def test_a_mode_with_which_a_camera_gives_no_image_does_not_keep_it_shut(parts: FakeParts):
    camera, opening = FakeCamera(mode=GIVEN), parts.factories()

    def open_source(spec: str, on_notice: Callable[[str], None], mode: CameraMode | None) -> FakeCamera:
        if mode is not None:
            raise SourceError("It gives no image.")
        return opening.open_source(spec, on_notice, mode)  # type: ignore[return-value]

    parts.sources["0"] = camera
    board = MessageBoard()
    opener = SourceOpener(replace(opening, open_source=open_source), board)
    opener.mode_of = Settings(camera_mode="1280x720:H264").mode_of
    assert opener.open("0").source is camera
    assert texts(board.drain()) == (
        "fake camera gives no image when it is asked for 1280x720, H264, so it is asked for the usual mode; choose "
        "another one below Source."
    )
    with pytest.raises(SourceError, match="There is no source '7'"):
        opener.open("7")
    assert board.drain() == []
    parts.sources["clip.mp4"] = FakeFile("clip.mp4", 1)
    opener.open("clip.mp4")
    assert parts.modes == [None, None, None], "files have no mode"


def test_a_camera_is_told_what_was_remembered_for_it(parts: FakeParts):
    camera, board = FakeCamera(mode=GIVEN), MessageBoard()
    parts.sources["0"] = camera
    parts.sources["clip.mp4"] = FakeFile("clip.mp4", 1)
    opener = SourceOpener(parts.factories(), board)
    opener.mirrored_cameras = True
    identity = source_identity("0")
    opener.controls_of = Settings(camera_controls={identity: {"gain": 30}, "another": {"gain": 1}}).controls_of
    opener.open("0")
    assert camera.controls() == {"gain": 30}
    opener.controls_of = Settings(camera_controls={identity: {"gain": 50}}).controls_of
    assert camera.controls() == {"gain": 50}, "also where it is plugged in again later"
    opener.open("clip.mp4")


def test_a_running_clip_is_opened_again_when_its_kind_is_mirrored(parts: FakeParts, camera: FakeCamera):
    cameras: list[FakeCamera] = []

    def connect() -> FakeCamera:
        cameras.append(FakeCamera())
        return cameras[-1]

    parts.sources["0"] = connect
    with running(parts) as session:
        while not session.status.source:
            session.newest(timeout=0.01)
        session.set_mirrored(files=True, cameras=False)
        assert parts.opened == ["0"], "only files are mirrored, and this is a camera"
        session.set_mirrored(files=True, cameras=True)
        while not session.status.mirrored:
            session.newest(timeout=0.01)
        assert parts.opened == ["0", "0"]
        session.start_recording()
        until(session, cameras[-1].feed, lambda picture: session.status.recording is not None)
    assert parts.recording_start.mirrored


def test_without_a_camera_the_demo_clip_plays_round_after_round(parts: FakeParts):
    parts.cameras = []
    eight, begun = threading.Event(), threading.Event()

    def clip() -> FakeFile:
        wait(begun)
        return FakeFile("demo.mp4", 3)

    parts.sources["demo.mp4"] = clip
    parts.tracker.before_track = lambda frame: eight.set() if frame.index == 8 else None
    with running(parts) as session:
        begun.set()
        wait(eight)
        status = session.status
    assert status.source == "demo.mp4"
    assert "No camera was found, so this is the demo clip" in texts(session.messages())
    frames = parts.tracker.tracked[:9]
    assert [frame.index for frame in frames] == list(range(9))
    assert (np.diff([frame.captured_ns for frame in frames]) > 0).all()
    start = ["reset", "track 0", "track 1", "track 2"]
    assert parts.tracker.log[:8] == [*start, "reset", "track 3", "track 4", "track 5"]


def test_the_demo_clip_starts_itself_over_whatever_is_plugged_in(parts: FakeParts, camera: FakeCamera):
    parts.cameras = []
    parts.sources["demo.mp4"] = lambda: FakeFile("demo.mp4", 3)
    plugged, rounds = threading.Event(), threading.Event()

    def plug_in(frame: Frame) -> None:
        if frame.index == 1:
            parts.cameras = ["0"]
            plugged.set()
        elif frame.index == 10:
            rounds.set()

    parts.tracker.before_track = plug_in
    with running(parts) as session:
        wait(plugged)
        wait(rounds)
        status = session.status
        told = texts(session.messages())
    assert (status.source, status.source_spec) == ("demo.mp4", "demo")
    assert not status.live
    assert "0" not in parts.opened
    assert told.count("No camera was found") == 1


def test_a_camera_that_is_plugged_in_is_offered_once(parts: FakeParts):
    parts.cameras = []
    parts.sources["demo.mp4"] = lambda: FakeFile("demo.mp4", 3)
    with running(parts) as session:
        while session.cameras is None or not session.status.source:
            session.newest(timeout=0.01)
        assert session.take_new_camera() is None
        parts.cameras = ["0"]
        session._find_cameras()
        found = session.take_new_camera()
        assert found is not None
        assert found.spec == "0"
        session._find_cameras()
        assert session.take_new_camera() is None


def test_no_camera_is_offered_while_one_is_shown(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        parts.cameras = ["0", "1"]
        session._find_cameras()
        assert session.take_new_camera() is None


def test_cameras_that_did_not_work_at_the_start_are_not_offered(parts: FakeParts):
    parts.sources = {"demo.mp4": lambda: FakeFile("demo.mp4", 3)}
    with running(parts) as session:
        while session.cameras is None or not session.status.source:
            session.newest(timeout=0.01)
        session._find_cameras()
        assert session.take_new_camera() is None


def test_the_first_camera_that_works_is_taken(parts: FakeParts, camera: FakeCamera):
    parts.sources = {"0": SourceError("Camera 0 is used by another program; close it."), "1": camera}
    parts.cameras = ["0", "1"]
    with running(parts) as session:
        fed(session, camera)
        assert session.status.source_spec == "1"
    assert "Camera 0 is used by another program; close it." in texts(session.messages())


def test_images_that_stand_alone_are_tracked_alone(parts: FakeParts):
    parts.sources["folder"] = FakeFile("folder", 3, independent=True)
    with running(parts, Settings(source="folder")) as session:
        until_ended(session)
    assert parts.tracker.independent == [True, True, True]


def test_another_source_takes_over_and_the_tracker_forgets(parts: FakeParts, camera: FakeCamera):
    other = FakeCamera("other")
    parts.sources["1"] = other
    with running(parts) as session:
        fed(session, camera)
        session.select_source("1")
        other.wait_until_read()
        other.feed()
        next_image(session)
        assert session.status.source == "other"
        wait(camera.closed)
    assert parts.tracker.log == ["reset", "track 0", "reset", "track 0"]


def test_a_source_that_cannot_be_opened_leaves_the_running_one(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        session.select_source("missing.mp4")
        until(session, camera.feed, lambda picture: not session.status.opening)
        fed(session, camera)
        assert session.status.source == "fake camera"
    assert "There is no source 'missing.mp4'." in texts(session.messages())


def test_a_camera_that_is_chosen_again_is_closed_before_it_is_opened(parts: FakeParts):
    cameras: list[FakeCamera] = []

    def open_camera() -> FakeCamera:
        assert all(camera.closed.is_set() for camera in cameras)
        cameras.append(FakeCamera(f"camera, opened {len(cameras) + 1} times"))
        cameras[-1].feed()
        return cameras[-1]

    parts.sources["0"] = open_camera
    with running(parts) as session:
        next_image(session)
        session.select_source("0")
        next_image(session)
        assert session.status.source == "camera, opened 2 times"


def test_a_source_that_breaks_is_told_and_another_can_be_chosen(parts: FakeParts, camera: FakeCamera):
    other = FakeCamera("other")
    parts.sources["1"] = other
    with running(parts) as session:
        fed(session, camera)
        camera.feed(SourceError("Camera 0 was unplugged; plug it in and choose it again."))
        wait(camera.closed)
        session.select_source("1")
        other.feed()
        next_image(session)
        assert session.status.source == "other"
    assert "Camera 0 was unplugged; plug it in and choose it again." in texts(session.messages())


def test_notices_of_a_source_are_shown(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        assert parts.notice is not None
        parts.notice("Camera 0 stopped delivering images; trying to reconnect.")
        (message,) = session.messages()
    assert (message.severity, message.text[:8]) == ("warning", "Camera 0")


class SentTo:
    """Notes what streams get."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hands: list[set[str]] = []
        monkeypatch.setattr(StreamHub, "offer", lambda hub, tracked: self.hands.append(set(tracked.hands.hands)))


def test_a_camera_that_falls_silent_shows_no_hands_any_more(
    parts: FakeParts, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch
):
    sent = SentTo(monkeypatch)
    monkeypatch.setattr(tracking_loop, "_IDLE_SECONDS", 0.001)
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        camera.feed()
        picture = until_shown(
            session, lambda picture: picture.tracked.frame.index == 1 and not picture.tracked.hands.hands
        )
        status = session.status
        assert (status.stalled, status.hands, status.source) == (True, frozenset(), "fake camera")
        assert np.array_equal(picture.image, picture.tracked.frame.image)
        assert sent.hands[-1] == set(), "receivers are told as well"
        assert status.recording is not None
        recorded = status.recording
        assert session.status.recording == recorded, "its clock stands still"
        assert len(parts.recorder.offered) == 1
        before = len(sent.hands)
        camera.feed()
        while len(sent.hands) == before:
            session.newest(timeout=0.001)
        assert sent.hands[before] == {"right"}, "it is back"


def test_a_clip_that_stands_still_keeps_its_hands(parts: FakeParts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tracking_loop, "_IDLE_SECONDS", 0.0005)
    parts.sources["clip.mp4"] = FakeFile("clip.mp4", 5)
    with running(parts, Settings(model="landmark-fit", source="clip.mp4")) as session:
        until_ended(session)
        for _ in range(20):
            session.newest(timeout=0.001)
        assert (session.status.stalled, session.status.hands) == (False, {"right"})


def until_shown(session: LiveSession, wanted: Callable[[RenderedFrame], bool]) -> RenderedFrame:
    while True:
        picture = next_image(session)
        if wanted(picture):
            return picture


def test_a_recordings_clock_is_that_of_its_frames(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        fed(session, camera, 4)
        recording = session.status.recording
        assert recording is not None
        assert recording.seconds == pytest.approx(3 * 0.033)


@pytest.mark.parametrize("error", [BothhandsError("It is damaged."), RuntimeError("driver gone")])
@pytest.mark.parametrize("where", ["opening", "reading", "model", "tracker", "recorder", "renderer"])
def test_only_our_own_errors_are_logged_with_a_traceback(
    parts: FakeParts, camera: FakeCamera, caplog: pytest.LogCaptureFixture, where: str, error: Exception
):
    """A traceback on the terminal tells a person nothing of a bad file, and everything of a fault of ours."""

    def fail(name: str) -> None:
        raise error

    if where == "opening":
        parts.sources["bad.mp4"] = error
    elif where == "model":
        parts.before_model = fail
    elif where == "tracker":
        parts.before_tracker = fail
    elif where == "recorder":
        parts.recorder_error = error  # type: ignore[assignment]
    elif where == "renderer":
        parts.renderer_error = error
    caplog.set_level("INFO")
    told: list[str] = []
    with running(parts) as session:
        fed(session, camera)
        if where == "opening":
            session.select_source("bad.mp4")
        elif where == "reading":
            camera.feed(error)
        elif where == "model":
            session.select_model("eanet")
        elif where == "recorder":
            session.start_recording()
            camera.feed()
        while not told:
            session.newest(timeout=0.001)
            told += [message.text for message in session.messages() if message.severity == "error"]
    assert str(error) in told[0]
    traced = [record for record in caplog.records if record.exc_info]
    assert bool(traced) == isinstance(error, RuntimeError)


# Models


def test_a_model_is_loaded_beside_the_running_one(parts: FakeParts, camera: FakeCamera):
    load = parts.before_model = Held()
    with running(parts) as session:
        fed(session, camera)
        session.select_model("eanet")
        until(session, camera.feed, lambda picture: load.begun.is_set())
        assert fed(session, camera).tracked.model == "landmark-fit"
        assert session.status.loading_model == "eanet"
        load.go_on.set()
        until(session, camera.feed, lambda picture: picture.tracked.model == "eanet")
        assert (session.status.model, session.status.loading_model) == ("eanet", None)
        assert parts.tracker.old_model.closed.is_set()
    assert texts(session.messages()) == ""


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BothhandsError("The weights of eanet are missing; download them."), "The weights of eanet are missing"),
        (RuntimeError("no kernel image"), "Loading eanet failed: RuntimeError: no kernel image"),
    ],
)
def test_a_model_that_cannot_be_loaded_leaves_the_running_one(
    parts: FakeParts, camera: FakeCamera, error: Exception, told: str
):
    def fail(name: str) -> None:
        raise error

    parts.before_model = fail
    with running(parts) as session:
        fed(session, camera)
        session.select_model("eanet")
        until(session, camera.feed, lambda picture: session.status.loading_model is None)
        assert session.status.model == "landmark-fit"
    assert told in texts(session.messages())
    assert "use eanet" not in parts.tracker.log


def test_the_last_of_several_choices_counts(parts: FakeParts, camera: FakeCamera):
    load = parts.before_model = Held(lambda name: name == "eanet")
    with running(parts) as session:
        fed(session, camera)
        session.select_model("eanet")
        until(session, camera.feed, lambda picture: load.begun.is_set())
        session.select_model("lwa-hand")
        until(session, camera.feed, lambda picture: session.status.loading_model == "lwa-hand")
        load.go_on.set()
        until(session, camera.feed, lambda picture: picture.tracked.model == "lwa-hand")
    assert parts.models["eanet"].closed.is_set()
    assert "use eanet" not in parts.tracker.log


def test_gains_that_change_while_a_model_loads_stay_and_do_not_load_it_again(parts: FakeParts, camera: FakeCamera):
    load = parts.before_model = Held()
    with running(parts) as session:
        session.select_model("eanet")
        until(session, camera.feed, lambda picture: load.begun.is_set())
        session.set_smoothing(False, 0.5, 0.5)
        session.select_model("eanet")
        load.go_on.set()
        until(session, camera.feed, lambda picture: picture.tracked.model == "eanet")
        assert parts.tracker.smoothing is None
    assert load.given == [("eanet",)]


def test_going_back_to_the_running_model_ends_the_loading(parts: FakeParts, camera: FakeCamera):
    load = parts.before_model = Held()
    with running(parts) as session:
        fed(session, camera)
        session.select_model("eanet")
        until(session, camera.feed, lambda picture: load.begun.is_set())
        session.select_model("landmark-fit")
        until(session, camera.feed, lambda picture: session.status.loading_model is None)
        load.go_on.set()
    assert parts.models["eanet"].closed.is_set()
    assert parts.tracker.model == "landmark-fit"


def test_a_first_model_that_cannot_be_loaded_gives_way_to_the_default(parts: FakeParts, camera: FakeCamera):
    def fail(name: str) -> None:
        if name == "eanet":
            raise BothhandsError("The weights of eanet are missing; download them.")

    parts.before_tracker = fail
    with running(parts, Settings(model="eanet")) as session:
        assert fed(session, camera).tracked.model == Settings().model
    assert "The weights of eanet are missing" in texts(session.messages())


@pytest.mark.parametrize("missing", [{"eanet"}, {"eanet", "lwa-hand"}])
def test_a_network_without_weights_is_never_loaded(monkeypatch: pytest.MonkeyPatch, missing: set[str]):
    """It would take a minute, show nonsense, and be remembered."""

    def card(name: str) -> ModelCard:
        return ModelCard(name, name, "", "MIT", parameters=7, weights=None if name in missing else "there")

    monkeypatch.setattr(registry, "model_card", card)
    real = Factories.real(Settings(model="eanet"))
    with pytest.raises(BothhandsError, match="eanet has no weights"):
        real.create_tracker(TrackerConfig(model="eanet"))
    with pytest.raises(BothhandsError, match="eanet has no weights"):
        real.create_model(TrackerConfig(model="eanet"), {})


def test_where_all_weights_are_missing_the_model_that_needs_none_is_used(parts: FakeParts, camera: FakeCamera):
    def fail(name: str) -> None:
        if name != "landmark-fit":
            raise BothhandsError(f"The model {name} has no weights.")

    parts.before_tracker = fail
    with running(parts, Settings(model="eanet")) as session:
        assert fed(session, camera).tracked.model == "landmark-fit"


def test_without_any_model_the_image_still_runs(parts: FakeParts, camera: FakeCamera):
    broken = True

    def fail(name: str) -> None:
        if broken:
            raise BothhandsError("The hand model file is damaged; check the project out again.")

    parts.before_tracker = fail
    with running(parts) as session:
        picture = fed(session, camera)
        assert picture.tracked.hands.hands == {}
        assert np.array_equal(picture.image, picture.tracked.frame.image)
        broken = False
        session.select_model("eanet")
        until(session, camera.feed, lambda picture: picture.tracked.model == "eanet")
    assert texts(session.messages()).count("The hand model file is damaged") == 1


# The first model


@contextmanager
def loading(parts: FakeParts, settings: Settings) -> Iterator[tuple[LiveSession, threading.Event]]:
    """A session whose first model is loaded when a test says so."""
    load = threading.Event()
    parts.before_tracker = lambda name: wait(load)
    session = LiveSession(settings, parts.factories())
    session.start()
    try:
        yield session, load
    finally:
        load.set()
        session.close()


def test_a_camera_is_shown_while_the_first_model_is_loaded(parts: FakeParts, camera: FakeCamera):
    with loading(parts, Settings(model="landmark-fit")) as (session, load):
        for index in range(3):
            picture = fed(session, camera)
            assert picture.tracked.frame.index == index
            assert picture.tracked.hands.hands == {}
            assert np.array_equal(picture.image, picture.tracked.frame.image)
        status = session.status
        assert (status.model, status.loading_model) == ("", "landmark-fit")
        assert status.loading_seconds > 0
        assert status.loading_reason
        load.set()
        until(session, camera.feed, lambda picture: bool(picture.tracked.hands.hands))
        assert session.status.loading_reason == ""


def test_the_demo_clip_plays_while_the_first_model_is_loaded(parts: FakeParts):
    parts.cameras = []
    parts.sources["demo.mp4"] = lambda: FakeFile("demo.mp4", 3)
    with loading(parts, Settings()) as (session, _):
        while next_image(session).tracked.frame.index < 7:
            pass
        assert parts.tracker.tracked == []


def test_a_file_shows_its_first_image_and_waits_for_the_first_model(parts: FakeParts):
    parts.sources["clip.mp4"] = FakeFile("clip.mp4", 50)
    with loading(parts, Settings(source="clip.mp4")) as (session, load):
        assert next_image(session).tracked.frame.index == 0
        load.set()
        until_ended(session)
    assert [frame.index for frame in parts.tracker.tracked] == list(range(50))


def test_what_is_loaded_is_timed_from_its_beginning_and_says_why_it_takes_long():
    now, once = [0], [False]
    watch = LoadingWatch(lambda: now[0], lambda: once[0])
    assert watch.watch(None) == (0.0, "")
    assert watch.watch("eanet")[0] == 0.0
    now[0], once[0] = 12 * 10**9, True
    seconds, reason = watch.watch("eanet")
    assert seconds == 12.0
    assert "once" in reason
    assert watch.watch("lwa-hand")[0] == 0.0
    assert watch.watch(None) == (0.0, "")


# Tracking and drawing


def test_a_failing_frame_is_told_once_and_shown_without_hands(parts: FakeParts, camera: FakeCamera):
    failing = True

    def fail(frame: Frame) -> None:
        if failing:
            raise FloatingPointError("overflow")

    parts.tracker.before_track = fail
    with running(parts) as session:
        for _ in range(3):
            assert fed(session, camera).tracked.hands.hands == {}
        (message,) = [message for message in session.messages() if message.severity == "error"]
        failing = False
        assert set(fed(session, camera).tracked.hands.hands) == {"right"}
        assert session.messages() == []
    assert "FloatingPointError: overflow" in message.text


def test_smoothing_changes_with_the_next_frame(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        session.set_smoothing(True, 1.0, 0.5)
        fed(session, camera)
        session.set_smoothing(False, 1.0, 0.5)
        fed(session, camera)
    usual, steady, none = parts.tracker.smoothings
    assert steady.wrist_min_cutoff == pytest.approx(usual.wrist_min_cutoff / 8)
    assert steady.wrist_beta == pytest.approx(usual.wrist_beta)
    assert none is None


def test_the_hand_shape_changes_with_the_next_frame_and_goes_into_the_recording(parts: FakeParts, camera: FakeCamera):
    me, rules = (0.5,) * 10, []
    parts.tracker.before_track = lambda frame: rules.append(parts.tracker.shape_rule)
    settings = Settings(model="landmark-fit", persons=(Person(name="Me", shape=me),), person="Me")
    with running(parts, settings) as session:
        fed(session, camera)
        session.measure_hand_shape()
        fed(session, camera)
        session.set_hand_shape(None)
        fed(session, camera)
        session.set_hand_shape(me)
        session.start_recording()
        until(session, camera.feed, lambda picture: bool(parts.recorder.offered))
        assert parts.recording_start.config.hand_shape == me
        session.set_hand_shape(None)
        until(session, camera.feed, lambda picture: bool(parts.recorder.notes))
    assert rules[:4] == [ShapeRule(me), ShapeRule(measured=True), ShapeRule(), ShapeRule(me)]
    assert [note[1:] for note in parts.recorder.notes] == [("hand_shape", None)]


CAM = source_identity("0")


def test_each_source_has_the_camera_that_was_calibrated_with_it(parts: FakeParts, camera: FakeCamera):
    webcam, tried = (KnownCamera.of(Intrinsics.from_fov(64, 48, degrees)) for degrees in (70.0, 80.0))
    parts.sources["clip.mp4"] = FakeFile("clip.mp4", 3)
    settings = Settings(model="landmark-fit", cameras=(CameraCalibration(name="W", source=CAM, camera=webcam),))
    used = parts.tracker.cameras
    with running(parts, settings) as session:
        until(session, camera.feed, lambda picture: bool(used))
        assert session.status.camera == CAM
        assert used == [(None, None, webcam)]
        session.set_cameras(settings, trial=tried)
        until(session, camera.feed, lambda picture: len(used) == 2)
        session.start_recording()
        until(session, camera.feed, lambda picture: bool(parts.recorder.offered))
        assert parts.recording_start.config.camera == tried
        session.set_cameras(settings.changed(camera_choices={CAM: ASSUMED}))
        until(session, camera.feed, lambda picture: len(used) == 3)
        session.set_cameras(settings)
        until(session, camera.feed, lambda picture: len(used) == 4)
        session.select_source("clip.mp4")
        until(session, lambda: None, lambda picture: len(used) == 5)
        assert session.status.camera == "clip.mp4"
    assert used[1:] == [(None, None, tried), (None, None, None), (None, None, webcam), (None, None, None)]


def test_the_camera_that_was_given_for_all_holds_until_another_is_chosen(parts: FakeParts, camera: FakeCamera):
    webcam = KnownCamera.of(Intrinsics.from_fov(64, 48, 70.0))
    settings = Settings(
        model="landmark-fit", fov=90.0, cameras=(CameraCalibration(name="W", source=CAM, camera=webcam),)
    )
    used = parts.tracker.cameras
    with running(parts, settings) as session:
        fed(session, camera, 3)
        assert used == [], "it was made with it"
        session.set_cameras(settings.changed(fov=None))
        until(session, camera.feed, lambda picture: bool(used))
        session.set_cameras(settings.changed(fov=None, camera_choices={CAM: ASSUMED}))
        until(session, camera.feed, lambda picture: len(used) == 2)
    assert used == [(None, None, webcam), (None, None, None)]


def test_the_style_changes_with_the_next_frame(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        session.set_style(OverlayStyle(view="none"))
        picture = fed(session, camera)
    assert np.array_equal(picture.image, picture.tracked.frame.image)


def test_without_a_renderer_hands_are_drawn_as_skeletons(parts: FakeParts, camera: FakeCamera):
    parts.renderer_error = BothhandsError("OpenGL cannot be used here; install libegl1.")
    with running(parts) as session:
        picture = fed(session, camera)
    assert not np.array_equal(picture.image, picture.tracked.frame.image)
    told = texts(session.messages())
    assert "OpenGL cannot be used here; install libegl1." in told
    assert "skeletons" in told


def test_what_escapes_from_a_thread_is_told(parts: FakeParts, camera: FakeCamera):
    def fail() -> None:
        raise RuntimeError("driver gone")

    parts.tracker.close = fail  # type: ignore[method-assign]
    with running(parts) as session:
        fed(session, camera)
    assert "Tracking failed: RuntimeError: driver gone" in texts(session.messages())


def test_gestures_reach_the_streams_and_the_window(
    parts: FakeParts, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch
):
    joints = np.zeros((21, 3))
    for place, finger in enumerate(FINGERS.values()):  # all straight
        joints[list(finger)] = np.outer(np.linspace(0.09, 0.18, 4), [0.2 * (place - 2), -1.0, 0.0])
    track = parts.tracker.track

    def open_palms(frame: Frame, *, independent: bool = False) -> TrackedFrame:
        tracked = track(frame, independent=independent)
        hand = replace(tracked.hands.hands["right"], joints=joints)
        return replace(tracked, hands=Reconstruction({"right": hand}), readers={"right": "both"})

    monkeypatch.setattr(parts.tracker, "track", open_palms)
    sent: list[dict] = []
    monkeypatch.setattr(StreamHub, "offer", lambda hub, tracked: sent.append(dict(tracked.gestures)))
    with running(parts) as session:
        fed(session, camera, 5)
        state = session.status.hand_states["right"]
        assert (state.gesture, state.seen_by) == ("open palm", "both")
    assert sent[:2] == [{}, {}]
    assert sent[-1] == {"right": "open palm"}


# Recording


def test_frames_are_recorded_from_start_to_stop(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        fed(session, camera, 3)
        recording = session.status.recording
        session.stop_recording()
        assert session.status.recording is None
        fed(session, camera)
        wait(parts.recorder.stopped)
    assert parts.recording_start.hand_model == "free"
    assert parts.recording_start.first.frame.index == 1
    assert recording is not None
    assert (recording.frames, recording.dropped) == (3, 0)
    assert [tracked.frame.index for tracked in parts.recorder.offered] == [1, 2, 3]
    assert f"Recorded 3 frames in {recording.folder}." in texts(session.messages())
    assert session.status.last_recording == recording.folder


def test_a_recording_tells_what_is_in_it(parts: FakeParts, camera: FakeCamera, tmp_path: Path):
    (tmp_path / "hands.arrows").write_bytes(bytes(1234))
    create = parts._create_recorder

    def create_here(start: RecordingStart) -> tuple:
        return create(start)[0], tmp_path

    parts._create_recorder = create_here  # type: ignore[method-assign]
    with running(parts) as session:
        fed(session, camera)
        session.start_recording("Waving", "left first")
        for lost in (0, 3, 0):
            for _ in range(lost):
                next(camera._indices)  # frames that nobody had time for
            fed(session, camera)
        while (recording := session.status.recording) is not None and not recording.size:
            session.newest(timeout=0.001)
    assert recording is not None
    assert (recording.captured, recording.tracked, recording.dropped) == (6, 3, 0)
    assert recording.size == 1234
    assert recording.disk_left is not None
    assert recording.disk_left > 0
    assert (parts.recording_start.title, parts.recording_start.notes) == ("Waving", "left first")


def test_sides_are_locked_with_the_next_frame_and_the_recording_notes_it(parts: FakeParts, camera: FakeCamera):
    locked = []
    parts.tracker.before_track = lambda frame: locked.append(parts.tracker.lock_sides)
    with running(parts, Settings(model="landmark-fit", lock_sides=True)) as session:
        fed(session, camera)
        session.set_lock_sides(False)
        fed(session, camera)
        session.start_recording()
        until(session, camera.feed, lambda picture: bool(parts.recorder.offered))
        assert not parts.recording_start.config.lock_sides
        session.set_lock_sides(True)
        until(session, camera.feed, lambda picture: bool(parts.recorder.notes))
    assert locked[:2] == [True, False]
    assert locked[-1]
    assert [note[1:] for note in parts.recorder.notes] == [("lock_sides", True)]


def test_other_gains_while_recording_are_noted_with_their_frame(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        fed(session, camera)
        session.set_smoothing(False, 0.5, 0.5)
        fed(session, camera)
        session.set_smoothing(True, 0.5, 0.5)
        fed(session, camera)
    assert [tracked.frame.index for tracked in parts.recorder.offered] == [1, 2, 3]
    (off, on) = parts.recorder.notes
    assert off == (1, "smoothing", None)
    assert on[:2] == (2, "smoothing")
    assert on[2]["predicted_frames"] == 3


def test_every_frame_of_a_file_is_recorded_to_its_end(parts: FakeParts, camera: FakeCamera):
    parts.sources["clip.mp4"] = FakeFile("clip.mp4", 50)
    with running(parts) as session:
        fed(session, camera)
        begun = threading.Event()

        def record(frame: Frame) -> None:
            if not begun.is_set():
                session.start_recording()
                begun.set()

        parts.tracker.before_track = record
        session.select_source("clip.mp4")
        wait(parts.recorder.stopped)
    assert [tracked.frame.index for tracked in parts.recorder.offered] == list(range(50))
    assert "Recording stopped at the end of the clip. Recorded 50 frames" in texts(session.messages())


def test_closing_finishes_the_recording(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        fed(session, camera)
    assert parts.recorder.stopped.is_set()


def test_what_is_captured_while_the_tracker_is_busy_is_in_the_video(parts: FakeParts, camera: FakeCamera):
    track = parts.tracker.before_track = Held(lambda frame: frame.index == 3)
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        fed(session, camera, 2)
        camera.feed()
        wait(track.begun)
        for _ in range(5):
            camera.feed()
        camera.wait_until_read()
        recording = session.status.recording
        track.go_on.set()
        next_image(session)
        session.stop_recording()
        wait(parts.recorder.stopped)
    assert recording is not None
    assert recording.frames == 8
    assert parts.recorder.pictures == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [tracked.frame.index for tracked in parts.recorder.offered][:3] == [1, 2, 3]
    assert "Recorded 8 frames" in texts(session.messages())


def test_what_is_captured_while_the_folder_is_made_is_in_the_video(
    parts: FakeParts, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording_module, "_MOST_HELD", 4)
    make = parts.before_recorder = Held()
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        camera.feed()
        wait(make.begun)
        for _ in range(6):
            camera.feed()
        camera.wait_until_read()
        make.go_on.set()
        next_image(session)
    assert parts.recording_start.first.frame.index == 1
    assert parts.recorder.pictures == [1, 4, 5, 6, 7], "the newest four were held"
    assert parts.recorder.missed == [2, 3]


def test_what_was_captured_before_a_recording_was_asked_for_is_not_missed(parts: FakeParts, camera: FakeCamera):
    track = parts.tracker.before_track = Held(lambda frame: frame.index == 0)
    with running(parts) as session:
        camera.feed()
        wait(track.begun)
        for _ in range(3):
            camera.feed()
        camera.wait_until_read()
        session.start_recording()
        for _ in range(2):
            camera.feed()
        camera.wait_until_read()
        track.go_on.set()
        while not (parts.recorder.offered and parts.recorder.offered[-1].frame.index == 5):
            next_image(session)
    assert parts.recorder.pictures == [4, 5], "it begins after the request, without a gap"
    assert [tracked.frame.index for tracked in parts.recorder.offered] == [5]


def test_a_slow_tracker_leaves_a_whole_video_and_true_counts(parts: FakeParts, camera: FakeCamera, tmp_path: Path):
    parts.write_sessions_in = tmp_path
    turn = threading.Semaphore(0)
    parts.tracker.before_track = lambda frame: None if frame.index < 2 else turn.acquire() and None
    with running(parts) as session:
        for _ in range(2):  # counts from the source's first frame are not the recording's
            fed(session, camera)
        session.start_recording()
        for number in range(12):
            camera.feed(skip=2 if number == 6 else 0)
            camera.wait_until_read()
            if number % 4 == 0:  # of every four frames one is tracked
                turn.release()
                next_image(session)
        session.stop_recording()
        turn.release(9)
    (folder,) = tmp_path.iterdir()
    found = load_session(folder)
    assert (found.info.frames, found.info.dropped) == (14, 2)
    assert found.info.dropped_by == DroppedFrames(not_delivered=2)
    assert found.info.tracked == 3
    assert not found.damage
    clip = open_clip(folder)
    assert len(clip.times_ns) == 12
    np.testing.assert_allclose(np.diff(clip.times_ns), [33_000_000] * 5 + [99_000_000] + [33_000_000] * 5, atol=1e6)
    frames = found.table["frame"].to_pylist()
    assert frames[0] == 0
    assert set(frames) < set(range(14)), "rows are numbered as the images"
    assert "2 more frames are missing in the video: 2 not delivered by the source." in texts(session.messages())


def test_a_frame_of_the_source_before_begins_no_recording(parts: FakeParts, camera: FakeCamera):
    other = FakeCamera("other")
    parts.sources["1"] = other
    track = Held()
    with running(parts) as session:
        fed(session, camera, 3)
        parts.tracker.before_track = track
        camera.feed()
        wait(track.begun)
        session.select_source("1")
        wait(camera.closed)
        session.start_recording()
        track.go_on.set()
        next_image(session)
        other.feed()
        next_image(session)
    assert parts.recorder.pictures == [0]
    assert [tracked.frame.index for tracked in parts.recorder.offered] == [0]


def test_dropped_frames_are_told(parts: FakeParts, camera: FakeCamera):
    parts.recorder.dropped_by = DroppedFrames(not_delivered=2, not_written=5)
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        fed(session, camera)
    (message,) = session.messages()
    assert message.severity == "warning"
    assert "7 more frames are missing in the video: 5 not written, as the disk" in message.text
    assert "2 not delivered by the source." in message.text


def test_a_recording_ends_with_its_source(parts: FakeParts, camera: FakeCamera):
    other = FakeCamera("other")
    parts.sources["1"] = other
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        fed(session, camera)
        session.select_source("1")
        wait(parts.recorder.stopped)
        other.feed()
        next_image(session)
        assert session.status.recording is None
    assert len(parts.recorder.offered) == 1
    assert "because the source changed" in texts(session.messages())


def test_a_folder_that_cannot_be_written_is_told(parts: FakeParts, camera: FakeCamera):
    parts.recorder_error = BothhandsError("The folder /root is read-only; choose another.")
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        fed(session, camera)
        assert session.status.recording is None
        fed(session, camera)
    assert texts(session.messages()) == "The folder /root is read-only; choose another."


def test_a_recorder_that_breaks_is_told_and_stopped(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
        session.start_recording()
        parts.recorder.error = BothhandsError("The disk is full; what was recorded stays.")
        fed(session, camera)
        wait(parts.recorder.stopped)
        assert session.status.recording is None
    assert "The disk is full" in texts(session.messages())


def test_nothing_is_recorded_without_a_source(parts: FakeParts):
    parts.cameras = []
    with running(parts) as session:
        until_ended(session)
        session.start_recording()
        assert "nothing to record" in texts(session.messages())


# The end


def test_close_ends_every_thread_even_in_a_blocked_read(parts: FakeParts, camera: FakeCamera):
    session = LiveSession(Settings(), parts.factories())
    session.start()
    camera.wait_until_read()
    session.close()
    session.close()
    assert camera.closed.is_set()
    assert our_threads() == []


def test_close_while_a_source_is_being_opened(parts: FakeParts, camera: FakeCamera):
    opening = Held()

    def slow() -> FakeCamera:
        opening()
        return camera

    parts.sources["0"] = slow
    session = LiveSession(Settings(), parts.factories())
    session.start()
    wait(opening.begun)
    closing = threading.Thread(target=session.close)
    closing.start()
    opening.go_on.set()
    closing.join(PATIENCE)
    assert camera.closed.is_set()


def test_close_without_a_start(parts: FakeParts):
    LiveSession(Settings(), parts.factories()).close()


def test_what_was_asked_for_after_the_end_starts_nothing(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        fed(session, camera)
    session.select_source("0")
    session.find_cameras()
    assert our_threads() == []
