"""A second model beside the running one, over the same frames."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from live_fakes import PATIENCE, FakeCamera, FakeFile, FakeParts, FakeTracker, Held, our_threads, texts, wait
from running_sessions import running, until

from app.cameras import ASSUMED, CameraCalibration, source_identity
from app.live import LiveSession, RenderedFrame, second_tracker, tracking_loop
from app.outputs.streaming.hub import StreamHub
from app.settings import Settings
from models.errors import BothhandsError
from models.runtime.conversion import ConversionStopped
from models.values import Intrinsics
from tracking.camera_model import KnownCamera
from tracking.values import Frame

A, B, C = "landmark-fit", "eanet", "lwa-hand"


def models(picture: RenderedFrame) -> tuple[str, str]:
    return picture.tracked.model, "" if picture.beside is None else picture.beside.tracked.model


def compare(session: LiveSession, camera: FakeCamera, name: str = B) -> RenderedFrame:
    session.compare_with(name)
    return until(session, camera.feed, lambda picture: models(picture)[1] == name)


def test_nothing_is_there_while_nothing_is_compared(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        picture = until(session, camera.feed, lambda picture: True)
        assert picture.beside is None
        assert session.status.comparison is None
        assert "bothhands-second-tracker" not in our_threads()
    assert parts.seconds == []


def test_both_see_the_very_same_frames_in_the_same_order(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        first = compare(session, camera).tracked.frame.index
        for _ in range(20):
            camera.feed()
            camera.feed()  # of two that come at once, one may be passed over by both
            picture = session.newest(timeout=PATIENCE)
            assert picture is not None
            assert picture.beside is not None
            assert picture.beside.tracked.frame is picture.tracked.frame, "a pair is of one frame"
            assert picture.beside.tracked.model == B
            assert (picture.beside.image[..., 0] == 255).all(), "its hands are drawn"
        camera.wait_until_read()
        session.compare_with(None)
        until(session, camera.feed, lambda picture: picture.beside is None)
    (second,) = parts.seconds
    both = [frame for frame in parts.tracker.tracked if first <= frame.index <= second.tracked[-1].index]
    assert [id(frame) for frame in second.tracked] == [id(frame) for frame in both]
    assert second.closed.is_set()
    assert second.threads.isdisjoint(parts.tracker.threads), "it has a thread of its own"
    assert len(second.threads) == 1


def test_no_frame_is_begun_before_both_are_done_with_the_last_one(parts: FakeParts, camera: FakeCamera):
    busy: list[str] = []
    worst: list[int] = []

    def watch(tracker: FakeTracker) -> None:
        track = tracker.track

        def tracked(frame: Frame, *, independent: bool = False):
            busy.append(tracker.model)
            worst.append(len(busy))
            try:
                return track(frame, independent=independent)
            finally:
                busy.remove(tracker.model)

        tracker.track = tracked  # type: ignore[method-assign]

    watch(parts.tracker)
    parts.before_second = watch
    with running(parts) as session:
        compare(session, camera)
        for _ in range(20):
            camera.feed()
        until(session, camera.feed, lambda picture: picture.tracked.frame.index > 20)
    assert set(worst) == {1}, "neither takes the processor from the other while it is timed"


def test_every_frame_of_a_clip_is_tracked_by_both(parts: FakeParts, camera: FakeCamera):
    parts.sources["clip.mp4"] = lambda: FakeFile("clip.mp4", 40)
    with running(parts) as session:
        compare(session, camera)
        session.select_source("clip.mp4")
        while (playback := session.status.playback) is None or not playback.ended:
            session.newest(timeout=0.01)
        assert session.status.comparison is not None, "it goes on with another source"
    (second,) = parts.seconds
    assert [frame.image[0, 0, 0] for frame in second.tracked[-40:]] == list(range(40))
    assert [id(frame) for frame in second.tracked[-40:]] == [id(frame) for frame in parts.tracker.tracked[-40:]]
    place = len(second.log) - 41
    assert second.log[place] == "reset", "nothing is carried over from one source to the next"


def test_the_frame_of_a_paused_clip_is_seen_by_both_as_well(parts: FakeParts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tracking_loop, "_IDLE_SECONDS", 0.001)
    parts.sources["clip.mp4"] = lambda: FakeFile("clip.mp4", 5)
    with running(parts, Settings(model=A, source="clip.mp4")) as session:
        while (playback := session.status.playback) is None or not playback.ended:
            session.newest(timeout=0.01)
        session.compare_with(B)
        pair = until(session, lambda: None, lambda picture: picture.beside is not None)
        assert (models(pair), pair.tracked.frame.index) == ((A, B), 4)
        session.exchange_models()
        turned = until(session, lambda: None, lambda picture: models(picture) == (B, A))
        assert turned.tracked is pair.beside.tracked  # type: ignore[union-attr]
        session.compare_with(C)
        until(session, lambda: None, lambda picture: models(picture) == (B, C))
    assert [len(second.tracked) for second in parts.seconds] == [1, 1]


def test_loading_is_told_and_the_first_goes_on_meanwhile(parts: FakeParts, camera: FakeCamera):
    load = Held()
    parts.before_second = load
    with running(parts) as session:
        session.compare_with(B)
        wait(load.begun)
        for _ in range(3):
            assert until(session, camera.feed, lambda picture: True).beside is None
        status = session.status.comparison
        assert status is not None
        assert (status.model, status.loading, status.loading_reason) == (B, True, "it is read and compiled")
        assert session.status.loading_model is None, "the running one is loaded"
        first = session.status.comparison.loading_seconds  # type: ignore[union-attr]
        assert session.status.comparison.loading_seconds > first  # type: ignore[union-attr]
        load.go_on.set()
        until(session, camera.feed, lambda picture: picture.beside is not None)
        status = session.status.comparison
        assert status is not None
        assert (status.loading, status.loading_seconds, status.loading_reason) == (False, 0.0, "")
    assert texts(session.messages()) == ""


@pytest.mark.parametrize("error", [BothhandsError("The model eanet has no weights."), RuntimeError("no kernel image")])
@pytest.mark.parametrize("where", ["loading", "tracking"])
def test_a_second_model_that_fails_is_told_once_and_the_first_goes_on(
    parts: FakeParts, camera: FakeCamera, where: str, error: Exception
):
    def fail(*_: object) -> None:
        raise error

    def prepare(tracker: FakeTracker) -> None:
        if where == "loading":
            fail()
        tracker.before_track = fail

    parts.before_second = prepare
    with running(parts) as session:
        session.compare_with(B)
        told: list[str] = []
        while session.status.comparison is not None:
            camera.feed()
            session.newest(timeout=0.01)
        before = len(parts.tracker.tracked)
        until(session, camera.feed, lambda picture: len(parts.tracker.tracked) > before + 5)
        told = [message.text for message in session.messages()]
        assert session.status.model == A
    assert len(told) == 1
    assert str(error) in told[0]
    assert parts.seconds[0].closed.is_set() == (where == "tracking")


def test_one_that_hangs_is_given_up(parts: FakeParts, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(second_tracker, "PATIENCE_SECONDS", 0.0)
    track = Held()
    parts.before_second = lambda tracker: setattr(tracker, "before_track", track)
    with running(parts) as session:
        session.compare_with(B)
        while session.status.comparison is not None:
            camera.feed()
            session.newest(timeout=0.01)
        until(session, camera.feed, lambda picture: picture.beside is None)
        track.go_on.set()
    assert "eanet takes longer than" in texts(session.messages())
    assert parts.seconds[0].closed.is_set()


def test_it_can_be_ended_while_it_tracks_and_the_first_goes_on_at_once(parts: FakeParts, camera: FakeCamera):
    track = Held()
    parts.before_second = lambda tracker: setattr(tracker, "before_track", track)
    with running(parts) as session:
        session.compare_with(B)
        while not track.begun.is_set():
            camera.feed()
            session.newest(timeout=0.01)
        session.compare_with(None)
        assert session.status.comparison is None
        until(session, camera.feed, lambda picture: picture.beside is None)
        assert not parts.seconds[0].closed.is_set()
        track.go_on.set()
    assert parts.seconds[0].closed.is_set()
    assert texts(session.messages()) == ""


def test_another_second_model_is_loaded_when_the_last_one_is_gone(parts: FakeParts, camera: FakeCamera):
    there: list[bool] = []
    parts.before_second = lambda tracker: there.append(all(one.closed.is_set() for one in parts.seconds[:-1]))
    with running(parts) as session:
        compare(session, camera, B)
        compare(session, camera, C)
        session.compare_with(C)
    assert there == [True, True], "never three at once; the same one again is no other"


def test_recordings_and_streams_are_those_of_the_first_alone(
    parts: FakeParts, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch
):
    sent: list[str] = []
    drawn: list[str] = []
    monkeypatch.setattr(StreamHub, "offer", lambda hub, tracked: sent.append(tracked.model))
    monkeypatch.setattr(StreamHub, "offer_drawn", lambda hub, tracked: drawn.append(tracked.model))
    with running(parts) as session:
        compare(session, camera)
        session.start_recording()
        until(session, camera.feed, lambda picture: len(parts.recorder.offered) > 5)
    assert {tracked.model for tracked in parts.recorder.offered} == set(sent) == set(drawn) == {A}
    assert len({tracked.frame.index for tracked in parts.recorder.offered}) == len(parts.recorder.offered)


def test_the_models_change_places_without_being_loaded_again(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        compare(session, camera)
        session.exchange_models()
        until(session, camera.feed, lambda picture: models(picture) == (B, A))
        status = session.status
        assert status.comparison is not None
        assert (status.model, status.comparison.model, status.loading_model) == (B, A, None)
        (second,) = parts.seconds
        assert (parts.tracker.reconstructor.name, second.reconstructor.name) == (B, A)
        session.select_model(A)  # choosing the one beside it is the same wish
        until(session, camera.feed, lambda picture: models(picture) == (A, B))
    assert parts.models == {}, "nothing was loaded for it"
    assert parts.created_with == [A]
    assert parts.tracker.log.count("use eanet") == second.log.count("use eanet") == 1
    assert texts(session.messages()) == ""


def test_an_exchange_while_the_second_is_loaded_waits_for_it(parts: FakeParts, camera: FakeCamera):
    load = Held()
    parts.before_second = load
    with running(parts) as session:
        session.compare_with(B)
        session.select_model(B)
        until(session, camera.feed, lambda picture: True)
        assert session.status.model == A
        load.go_on.set()
        until(session, camera.feed, lambda picture: models(picture) == (B, A))
    assert parts.models == {}


def test_the_first_can_be_another_model_meanwhile(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        compare(session, camera)
        session.select_model(C)
        until(session, camera.feed, lambda picture: models(picture) == (C, B))
    assert texts(session.messages()) == ""


def test_an_exchange_ends_the_loading_of_another_first_model(parts: FakeParts, camera: FakeCamera):
    load = Held()
    parts.before_model = load
    with running(parts) as session:
        compare(session, camera)
        session.select_model(C)
        until(session, camera.feed, lambda picture: load.begun.is_set())
        session.exchange_models()
        until(session, camera.feed, lambda picture: models(picture) == (B, A) and not session.status.loading_model)
        load.go_on.set()
        until(session, camera.feed, lambda picture: C in parts.models and parts.models[C].closed.is_set())
        assert session.status.model == B


def test_a_model_is_not_compared_with_itself(parts: FakeParts, camera: FakeCamera):
    load = Held()
    parts.before_model = load
    with running(parts) as session:
        until(session, camera.feed, lambda picture: True)
        session.compare_with(A)
        assert session.status.comparison is None
        assert "landmark-fit is the running model" in texts(session.messages())
        session.select_model(B)
        until(session, camera.feed, lambda picture: load.begun.is_set())
        session.compare_with(B)
        until(session, camera.feed, lambda picture: models(picture)[1] == B)
        load.go_on.set()
        until(session, camera.feed, lambda picture: models(picture) == (B, ""))
        assert session.status.comparison is None
    assert "because eanet is the running model now" in texts(session.messages())


def test_gains_and_shape_of_the_hands_are_the_same_in_both(parts: FakeParts, camera: FakeCamera):
    with running(parts) as session:
        compare(session, camera)
        session.set_smoothing(False, 0.5, 0.5)
        session.set_hand_shape(tuple(0.1 * index for index in range(10)))
        session.set_lock_sides(True)
        until(session, camera.feed, lambda picture: parts.seconds[0].smoothing is None)
        assert parts.seconds[0].shape_rule == parts.tracker.shape_rule  # type: ignore[attr-defined]
        assert parts.seconds[0].lock_sides  # type: ignore[attr-defined]
        assert parts.seconds[0].config.smoothing is not None


def camera_in_use(tracker: FakeTracker) -> tuple[Any, Any, Any]:
    """What a tracker was told last, else what it was made with."""
    config = tracker.config
    return tracker.cameras[-1] if tracker.cameras else (config.fov, config.camera_file, config.camera)


def test_the_compared_model_takes_the_running_ones_calibrated_camera(parts: FakeParts, camera: FakeCamera):
    webcam, tried = (KnownCamera.of(Intrinsics.from_fov(64, 48, degrees)) for degrees in (70.0, 80.0))
    source = source_identity("0")
    parts.sources["clip.mp4"] = lambda: FakeFile("clip.mp4", 3)
    calibrated = (CameraCalibration(name="W", source=source, camera=webcam),)
    settings = Settings(model=A, cameras=calibrated)
    used: dict[str, tuple[Any, Any, Any]] = {}

    def watch(tracker: FakeTracker) -> None:
        tracker.before_track = lambda frame: used.update({tracker.model: camera_in_use(tracker)})

    def both_take(session: LiveSession, *wanted: Any) -> None:
        used.clear()
        until(session, camera.feed, lambda picture: used.get(A) == used.get(B) == wanted)

    watch(parts.tracker)
    parts.before_second = watch
    with running(parts, Settings(model=A, cameras=calibrated)) as session:
        compare(session, camera)
        both_take(session, None, None, webcam)
        session.set_cameras(settings, trial=tried)
        both_take(session, None, None, tried)  # before it is kept
        session.exchange_models()
        until(session, camera.feed, lambda picture: models(picture) == (B, A))
        both_take(session, None, None, tried)
        session.set_cameras(settings.changed(fov=90.0))
        both_take(session, 90.0, None, None)  # one for all sources
        session.set_cameras(settings.changed(camera_choices={source: ASSUMED}))
        both_take(session, None, None, None)
        session.set_cameras(settings)
        both_take(session, None, None, webcam)
        session.select_source("clip.mp4")
        until(session, lambda: None, lambda picture: session.status.camera == "clip.mp4" and bool(picture.beside))
    assert used == {A: (None, None, None), B: (None, None, None)}, "it was not calibrated with the clip"


def test_a_model_that_is_compared_later_begins_with_the_camera_in_use(parts: FakeParts, camera: FakeCamera):
    webcam = KnownCamera.of(Intrinsics.from_fov(64, 48, 70.0))
    kept = CameraCalibration(name="W", source=source_identity("0"), camera=webcam)
    with running(parts, Settings(model=A, cameras=(kept,))) as session:
        until(session, camera.feed, lambda picture: bool(parts.tracker.cameras))
        compare(session, camera)
        (second,) = parts.seconds
        assert second.config.camera == webcam
        assert second.cameras == [], "it has it already"


def test_a_camera_that_falls_silent_has_no_hands_in_either(
    parts: FakeParts, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tracking_loop, "_IDLE_SECONDS", 0.001)
    with running(parts) as session:
        compare(session, camera)
        until(session, lambda: None, lambda picture: not picture.tracked.hands.hands and picture.beside is None)
        assert session.status.stalled
        assert session.status.comparison is not None
        until(session, camera.feed, lambda picture: picture.beside is not None)


def test_closing_while_it_is_converted_says_nothing(parts: FakeParts, camera: FakeCamera):
    loading = threading.Event()

    def stopped(tracker: FakeTracker) -> None:
        loading.set()
        raise ConversionStopped

    parts.before_second = stopped
    with running(parts) as session:
        session.compare_with(B)
        wait(loading)
        while session.status.comparison is not None:
            threading.Event().wait(0.001)
    assert texts(session.messages()) == ""
    session.compare_with(C)
    assert len(parts.seconds) == 1, "a closed session begins nothing"
