from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.persons import Person
from app.settings import Settings, SettingsStore, WindowGeometry, settings_path
from models.errors import BothhandsError
from tracking.config import TrackerConfig
from tracking.smoothing import SmoothingSettings
from tracking.sources.camera_mode import CameraMode


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "settings.json"


def test_what_was_changed_is_there_at_the_next_start(path: Path):
    store = SettingsStore.load(path)
    store.change(mirror=False, opacity=0.25, geometry=WindowGeometry(x=1, y=2, width=900, height=600))
    store.save()

    again = SettingsStore.load(path)
    assert again.current == store.current
    assert again.current.mirror is False
    assert again.current.geometry == WindowGeometry(x=1, y=2, width=900, height=600)
    assert again.notice is None


def test_command_line_values_hold_for_one_run_only(path: Path):
    store = SettingsStore.load(path, model="eanet", source=None)
    assert store.current.model == "eanet"
    store.change(mirror=False)
    store.save()

    assert json.loads(path.read_text())["model"] == Settings().model
    assert store.current.model == "eanet"


def test_a_choice_in_the_window_ends_the_override(path: Path):
    store = SettingsStore.load(path, model="eanet")
    store.change(model="lwa-hand")
    store.save()
    assert store.current.model == "lwa-hand"
    assert SettingsStore.load(path).current.model == "lwa-hand"


def test_settings_are_a_tracker_config(path: Path):
    path.parent.mkdir()
    values = {"schema_version": 2, "model": "eanet", "smoothing": True, "steadiness": 0.9, "detector": "mediapipe"}
    path.write_text(json.dumps(values | {"fov": 75.0, "readings": "network", "mano_dir": "mano"}))
    store = SettingsStore.load(path, device="cpu")
    assert store.current.tracker == TrackerConfig(
        model="eanet",
        device="cpu",
        detector="mediapipe",
        fov=75.0,
        readings="network",
        mano_dir=Path("mano"),
        smoothing=SmoothingSettings().scaled(0.9, 0.5),
    )
    assert store.change(smoothing=False).tracker.smoothing is None
    assert Settings().tracker == TrackerConfig.default()


@pytest.mark.parametrize(
    "content", [b"{ not json", b"\xff\x00", b'{"opacity": 7}', b"[]", b'{"recordings": "a\\u0000b"}']
)
def test_a_damaged_file_is_kept_aside(path: Path, content: bytes):
    path.parent.mkdir()
    path.write_bytes(content)

    store = SettingsStore.load(path)

    assert store.current == Settings()
    assert store.notice is not None
    kept = path.parent / "settings.damaged.json"
    assert kept.read_bytes() == content
    assert str(kept) in store.notice


def test_a_setting_of_a_newer_version_is_no_damage(path: Path):
    path.parent.mkdir()
    path.write_text('{"mirror": false, "hologram": true}')
    store = SettingsStore.load(path)
    assert store.notice is None
    assert store.current.mirror is False


def test_a_failed_save_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch):
    store = SettingsStore.load(path)
    store.save()
    before = path.read_bytes()
    store.change(mirror=False)

    def full_disk(self: Path, target: Path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(BothhandsError, match="No space left"):
        store.save()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_value_that_does_not_fit_is_named(path: Path):
    with pytest.raises(BothhandsError, match="fov"):
        SettingsStore.load(path, fov=400)
    store = SettingsStore.load(path)
    with pytest.raises(BothhandsError, match="no setting named colour"):
        store.change(colour="red")
    assert store.current == Settings()


def test_the_environment_names_another_file(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BOTHHANDS_CONFIG", str(path))
    assert settings_path() == path
    monkeypatch.delenv("BOTHHANDS_CONFIG")
    assert settings_path().name == "settings.json"


def test_a_device_that_cannot_be_is_refused(path: Path):
    with pytest.raises(BothhandsError, match="banana"):
        SettingsStore.load(path, device="banana")


BAD: dict[str, object] = {
    "opacity": 7,
    "text_size": 400,
    "mirror": "sometimes",
    "device": "banana",
    "geometry": {"x": 1},
    "recordings": "a\0b",
    "recent": 5,
    "view": None,
    "vmc_address": [],
    "countdown": -1,
    "folded": {"a": 1},
    "source": 7,
    "websocket_address": "half a character: \ud800",
    "shortcuts": {"record": ["\udfff"]},
}


@pytest.mark.parametrize(
    "value",
    [b"[" * 400 + b"]" * 400, b'{"a":' * 400 + b"1" + b"}" * 400, b"9" * 5000, b'"caf\xe9"'],
    ids=["lists in lists", "tables in tables", "too many digits", "in another encoding"],
)
@pytest.mark.parametrize("name", ["source", "fov", "profiles"])
def test_a_value_that_no_reader_takes_leaves_the_others_alone(path: Path, name: str, value: bytes):
    path.parent.mkdir()
    path.write_bytes(b'{"schema_version": 3, "steadiness": 0.9, "%b": %b}' % (name.encode(), value))
    store = SettingsStore.load(path)
    assert store.current == Settings(steadiness=0.9)
    assert store.notice is not None
    assert name in store.notice


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have names on POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "settings.json")
    store = SettingsStore.load(tmp_path / "settings.json")
    assert store.notice is not None
    assert "it is no file" in store.notice


def test_two_windows_keep_each_others_choices(path: Path):
    one, other = SettingsStore.load(path), SettingsStore.load(path)
    one.change(theme="light", opacity=0.5)
    one.save()
    other.change(opacity=0.25, theme=other.current.theme)  # the theme is what it was for this window
    other.save()
    assert SettingsStore.load(path).current == Settings(theme="light", opacity=0.25)
    assert other.current == Settings(opacity=0.25)


def test_a_file_that_was_damaged_meanwhile_is_written_whole(path: Path):
    store = SettingsStore.load(path)
    store.change(opacity=0.25)
    path.parent.mkdir()
    path.write_text('{"theme": "light", "countdown": [')
    store.save()
    assert SettingsStore.load(path).current == Settings(opacity=0.25)
    path.write_text('{"theme": "light", "countdown": []}')
    store.save()
    assert SettingsStore.load(path).current == Settings(theme="light", opacity=0.25)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_one(path: Path, tmp_path: Path):
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere.json")
    store = SettingsStore.load(path)
    store.change(opacity=0.25)
    store.save()
    assert path.is_symlink()
    assert json.loads((tmp_path / "elsewhere.json").read_text())["opacity"] == 0.25


@pytest.mark.parametrize("names", [[name] for name in BAD] + [list(BAD)], ids=str)
def test_a_value_that_cannot_be_leaves_the_others_alone(path: Path, names: list[str]):
    path.parent.mkdir()
    good = {"schema_version": 3, "steadiness": 0.9, "model": "eanet-light", "mirrored_files": True}
    content = json.dumps({**good, **{name: BAD[name] for name in names}})
    path.write_text(content)
    store = SettingsStore.load(path)
    assert store.current == Settings(**good)  # type: ignore[arg-type]
    assert store.notice is not None
    assert all(name in store.notice for name in names)
    assert (path.parent / "settings.damaged.json").read_text() == content
    store.save()
    assert SettingsStore.load(path).notice is None


ME = {"name": "Me", "hand_model": "free", "shape": [0.5, -1.0] + [0.0] * 8}


@pytest.mark.parametrize(
    "bad",
    [
        {**ME, "name": "short", "shape": [0.0] * 9},
        {**ME, "name": "long", "shape": [0.0] * 11},
        {**ME, "name": "absurd", "shape": [0.0] * 9 + [-5.5]},
        {**ME, "name": "nothing", "shape": [float("nan")] * 10},
        {**ME, "name": "endless", "shape": [float("inf")] * 10},
        {**ME, "name": "words", "shape": ["0.5"] * 10},
        {**ME, "name": ""},
        {**ME, "name": "a\0"},
        {**ME, "name": "half a character \ud800"},
        {**ME, "name": "x" * 41},
        {"name": "without"},
        "Me",
        None,
    ],
    ids=str,
)
def test_a_hand_shape_that_cannot_be_leaves_the_others_and_the_rest_alone(path: Path, bad: object):
    path.parent.mkdir()
    other = {**ME, "name": "Somebody else"}
    content = json.dumps({"schema_version": 3, "mirror": False, "person": "Me", "persons": [bad, ME, other]})
    path.write_text(content)
    store = SettingsStore.load(path)
    assert [person.name for person in store.current.persons] == ["Me", "Somebody else"]
    assert store.current.hand_shape == tuple(ME["shape"])
    assert store.current.mirror is False
    assert store.notice is not None
    assert "an entry of persons cannot be used and is left out" in store.notice
    assert (path.parent / "settings.damaged.json").read_text() == content
    store.save()
    again = SettingsStore.load(path)
    assert (again.current, again.notice) == (store.current, None)


@pytest.mark.parametrize(
    ("persons", "person"), [(5, "Me"), ({"Me": ME}, "Me"), ([], "Me"), ([ME], "You"), ([ME], None)]
)
def test_nobody_who_is_known_adapts_the_shape(path: Path, persons: object, person: object):
    path.parent.mkdir()
    path.write_text(json.dumps({"schema_version": 3, "persons": persons, "person": person}))
    assert SettingsStore.load(path).current.tracker.hand_shape is None


def test_the_chosen_persons_shape_goes_to_the_tracker_of_the_same_hand_model(path: Path):
    store = SettingsStore.load(path)
    store.change(persons=(Person.model_validate(ME), Person.model_validate({**ME, "name": "M", "hand_model": "mano"})))
    assert store.change(person="Me").tracker.hand_shape == tuple(ME["shape"])
    assert store.change(person="M").tracker.hand_shape is None
    assert store.change(mano_dir=Path("mano")).tracker.hand_shape == tuple(ME["shape"])
    store.save()
    assert SettingsStore.load(path).current == store.current


GOOD_PROFILE = {"name": "Streaming", "values": {"view": "skeleton", "opacity": 0.5, "of a later version": 1}}


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "Bad", "values": {"opacity": 7}},
        {"name": "Bad", "values": {"view": None}},
        {"name": "Bad", "values": []},
        {"name": "", "values": {}},
        {"name": "half \ud800", "values": {}},
        {"name": "Bad", "values": {"vmc_address": "\udfff"}},
        {"name": "Bad"},
        7,
    ],
    ids=str,
)
def test_a_profile_that_cannot_be_leaves_the_others_and_the_rest_alone(path: Path, bad: object):
    path.parent.mkdir()
    path.write_text(json.dumps({"schema_version": 3, "mirror": False, "profiles": [bad, GOOD_PROFILE, 1, bad]}))
    store = SettingsStore.load(path)
    assert [profile.name for profile in store.current.profiles] == ["Streaming"]
    assert store.current.mirror is False
    assert store.notice is not None
    assert "3 entries of profiles cannot be used and are left out" in store.notice
    store.save()
    again = SettingsStore.load(path)
    assert (again.current, again.notice) == (store.current, None)


def test_of_two_of_one_name_the_first_is_kept(path: Path):
    path.parent.mkdir()
    path.write_text(json.dumps({"persons": [ME, {**ME, "shape": [1.0] * 10}]}))
    assert [person.shape[0] for person in SettingsStore.load(path).current.persons] == [0.5]


@pytest.mark.parametrize(
    ("source", "now", "recent"),
    [
        ("/videos/clip.mp4", None, ("/videos/clip.mp4",)),
        ("demo", None, ()),
        ("0", "0", ()),
        ("rtsp://camera/1", "rtsp://camera/1", ()),
        (None, None, ()),
    ],
)
def test_a_file_that_older_versions_began_with_is_offered_again(path: Path, source, now, recent):
    path.parent.mkdir()
    path.write_text(json.dumps({"source": source, "mirror": False}))
    store = SettingsStore.load(path)
    assert (store.current.source, store.current.recent, store.current.mirror) == (now, recent, False)
    assert store.notice is None
    store.save()
    assert json.loads(path.read_text())["schema_version"] == 3


def test_a_file_on_the_command_line_is_where_this_start_begins(path: Path):
    assert SettingsStore.load(path, source="/videos/clip.mp4").current.source == "/videos/clip.mp4"


@pytest.mark.parametrize(
    ("version", "model", "now"),
    [
        (1, "eanet-light", "eanet-mobile"),
        (2, "eanet-light", "eanet-mobile"),
        (2, "lwa-hand", "lwa-hand"),
        (3, "eanet-light", "eanet-light"),
    ],
)
def test_a_model_that_was_renamed_since_is_chosen_under_its_name_of_today(path: Path, version, model, now):
    path.parent.mkdir()
    path.write_text(json.dumps({"schema_version": version, "model": model}))
    store = SettingsStore.load(path)
    assert (store.current.model, store.notice) == (now, None)
    store.save()
    assert SettingsStore.load(path).current.model == now, "what is saved is not taken for an older file"


CAMERA = {"fx": 1000.0, "fy": 1000.0, "cx": 639.5, "cy": 359.5, "width": 1280, "height": 720}
WEBCAM = {"name": "Webcam", "source": "/dev/video0", "source_name": "HD", "camera": CAMERA, "method": "board"}


@pytest.mark.parametrize(
    "bad",
    [
        {**WEBCAM, "camera": {**CAMERA, "fx": -1.0}},
        {**WEBCAM, "camera": {**CAMERA, "cx": 5000.0}},
        {**WEBCAM, "camera": {**CAMERA, "fy": float("nan")}},
        {**WEBCAM, "camera": {**CAMERA, "width": 12.5}},
        {**WEBCAM, "camera": None},
        {**WEBCAM, "name": ""},
        {**WEBCAM, "name": "half \ud800"},
        {**WEBCAM, "method": "guess"},
        {**WEBCAM, "distortion": ["wide"]},
        {**WEBCAM, "rms": float("inf")},
        {"name": "without"},
        "Webcam",
        None,
    ],
    ids=str,
)
def test_a_camera_that_cannot_be_leaves_the_others_and_the_rest_alone(path: Path, bad: object):
    path.parent.mkdir()
    other = {**WEBCAM, "name": "Other", "distortion": [0.1, -0.2, 0, 0, 0], "rms": 0.3, "pinhole_error": 1.5}
    content = json.dumps({"schema_version": 3, "mirror": False, "cameras": [bad, WEBCAM, other]})
    path.write_text(content)
    store = SettingsStore.load(path)
    assert [camera.name for camera in store.current.cameras] == ["Webcam", "Other"]
    assert store.current.mirror is False
    assert store.notice is not None
    assert "an entry of cameras cannot be used and is left out" in store.notice
    assert (path.parent / "settings.damaged.json").read_text() == content
    store.save()
    again = SettingsStore.load(path)
    assert (again.current, again.notice) == (store.current, None)


@pytest.mark.parametrize("bad", [5, ["Webcam"], {"/dev/video0": 3}, {"/dev/video0": None}])
def test_choices_of_cameras_that_cannot_be_leave_the_rest_alone(path: Path, bad: object):
    path.parent.mkdir()
    path.write_text(json.dumps({"schema_version": 3, "mirror": False, "cameras": [WEBCAM], "camera_choices": bad}))
    store = SettingsStore.load(path)
    assert store.current.camera_choices == {}
    assert store.current.mirror is False
    rule = store.current.camera_rule
    assert rule.camera("/dev/video0", 640, 360) is not None


def test_one_camera_for_all_holds_instead_of_each_ones_own(path: Path):
    path.parent.mkdir()
    path.write_text(json.dumps({"schema_version": 3, "cameras": [WEBCAM]}))
    store = SettingsStore.load(path)
    assert store.current.tracker.camera is None
    assert store.current.camera_rule.camera("/dev/video0", 1280, 720) is not None
    for given in ({"camera": "Webcam"}, {"fov": 70.0}, {"camera_file": Path("camera.json")}):
        settings = SettingsStore.load(path, **given).current
        assert settings.camera_for_all
        assert settings.camera_rule.camera("/dev/video0", 1280, 720) is None
    named = SettingsStore.load(path, camera="Webcam").current.tracker.camera
    assert named is not None
    assert named.fx == 1000.0
    assert not SettingsStore.load(path, camera="Gone").current.camera_for_all


def test_a_camera_is_asked_for_the_mode_that_was_chosen_for_it(path: Path):
    store = SettingsStore.load(path)
    store.change(camera_modes={"/dev/video0": "640x480@15.0:yuyv", "/dev/video2": "driver"})
    store.save()
    settings = SettingsStore.load(path).current
    assert settings.camera_modes == {"/dev/video0": "640x480@15:YUYV", "/dev/video2": "driver"}
    assert settings.mode_of("/dev/video0") == CameraMode(640, 480, 15.0, "YUYV")
    assert settings.mode_of("/dev/video2") == CameraMode()
    assert settings.mode_of("/dev/video4") is None
    given = SettingsStore.load(path, camera_mode="@60").current
    assert given.mode_of("/dev/video0") == given.mode_of("/dev/video4") == CameraMode(fps=60.0)


@pytest.mark.parametrize("bad", [5, ["@30"], {"/dev/video0": 3}, {"/dev/video0": "fast"}, {"/dev/video0": "0x0"}])
def test_modes_of_cameras_that_cannot_be_leave_the_rest_alone(path: Path, bad: object):
    path.parent.mkdir()
    path.write_text(json.dumps({"camera_modes": bad, "view": "none"}))
    store = SettingsStore.load(path)
    assert (store.current.camera_modes, store.current.view) == ({}, "none")
    assert store.notice is not None
    assert "camera_modes cannot be used" in store.notice
