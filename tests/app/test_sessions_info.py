"""session.json: what is believed of it, and what it says of a session in which choices changed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.sessions.files import INFO_FILE
from app.sessions.info import SessionInfo, info_json, printable, read_info, write_info
from app.sessions.recorder import Recorder
from app.sessions.session import SessionWriter, load_session
from models.errors import BothhandsError
from models.values import Intrinsics
from tests.fakes import numbered_image, session_info, tracked_frame
from tracking.values import TrackedFrame

SMALL, LARGE = Intrinsics.from_fov(64, 48), Intrinsics.from_fov(128, 96)


def info_of(camera: Intrinsics = SMALL) -> SessionInfo:
    return replace(session_info(), intrinsics=camera)


def written(folder: Path, **changes: object) -> Path:
    write_info(folder, info_of())
    values = {**json.loads((folder / INFO_FILE).read_text()), **changes}
    (folder / INFO_FILE).write_text(json.dumps(values))
    return folder


def camera(**changes: object) -> dict[str, object]:
    return {"fx": 50.0, "fy": 50.0, "cx": 31.5, "cy": 23.5, "width": 64, "height": 48, **changes}


EVENT = {"kind": "camera", "frame": 0, "captured_ns": 0, "value": 0}
NOTE = {"at": "", "pictures": 1, "rows": 1, "lost_hands_seconds": 0.0, "lost_video_seconds": None}


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices")
def test_what_is_no_file_is_not_read(tmp_path: Path):
    """A pipe would be waited for, for ever; a device stands for it here, which only has no end."""
    (tmp_path / INFO_FILE).symlink_to("/dev/zero")
    with pytest.raises(BothhandsError, match="cannot be read: it is no file"):
        read_info(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        *({"intrinsics": camera(**{name: number})} for name in ("fx", "fy") for number in (0, -5, float("nan"), 1e300)),
        *({"intrinsics": camera(**{name: number})} for name in ("cx", "cy") for number in (float("inf"), float("nan"))),
        *({"intrinsics": camera(**{name: number})} for name in ("width", "height") for number in (0, -64, 1 << 40)),
        {"intrinsics": camera(width="wide")},
        {"cameras": [camera(), camera(fy=0)]},
        {"cameras": 5},
        {"frames": -1},
        {"frames": 1 << 70},
        {"dropped": -1},
        {"settings": []},
        {"events": [{**EVENT, "captured_ns": 1 << 63}]},
        {"events": [{**EVENT, "frame": -1}]},
        {"events": ["model"]},
        {"recovered": {**NOTE, "rows": -1}},
        {"recovered": {**NOTE, "lost_hands_seconds": float("nan")}},
        {"schema_version": 0},
        {"model": None},
        {"started": 5},
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path: Path, changes: dict[str, object]):
    read_info(written(tmp_path))
    with pytest.raises(BothhandsError, match=r"session\.json is damaged: ") as caught:
        read_info(written(tmp_path, **changes))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 10_000, '"\\ud800"', "{}", "null", '{"schema_version": 1e999}'])
def test_json_that_is_none_is_one_sentence(tmp_path: Path, text: str):
    (tmp_path / INFO_FILE).write_text(text)
    with pytest.raises(BothhandsError, match="is damaged"):
        read_info(tmp_path)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"Vid\xe9o.mp4".decode("utf-8", "surrogateescape"), "Vid�o.mp4"),
        ("Vidéo.mp4".encode().decode("ascii", "surrogateescape"), "Vidéo.mp4"),  # under LC_ALL=C
        ("手.mp4", "手.mp4"),
        ("\ud800", "���"),
    ],
)
def test_names_that_are_not_unicode_can_be_written(tmp_path: Path, name: str, shown: str):
    info = replace(info_of(), source=name, settings={"camera_file": name, "more": [{name: name}]})
    write_info(tmp_path, info)
    back = read_info(tmp_path)
    assert back.source == shown
    assert back.settings == {"camera_file": shown, "more": [{shown: shown}]}
    assert json.loads(info_json(info))["source"] == shown


def test_lone_surrogates_in_a_file_can_be_printed(tmp_path: Path):
    info = read_info(written(tmp_path, source="\udce9", started="\ud83d"))
    assert info.source.encode()
    assert info.started.encode()
    assert printable(5) == 5


@pytest.mark.parametrize(("detector", "crop_mode"), [("mediapipe", "hands"), ("full-frame", "full-frame")])
def test_the_detector_of_an_old_session_of_process_was_its_crop_mode(tmp_path: Path, detector: str, crop_mode: str):
    settings = {"detector": detector, "independent": False}
    info = read_info(written(tmp_path, schema_version=1, settings=settings))
    assert (info.settings["crop_mode"], info.settings["detector"]) == (crop_mode, None)
    recorded = read_info(written(tmp_path, schema_version=1, settings={"detector": "mediapipe", "device": "cpu"}))
    assert recorded.settings["detector"] == "mediapipe"  # in a recording of the window it was one


def test_an_old_session_has_one_camera(tmp_path: Path):
    folder = written(tmp_path, schema_version=1)
    values = json.loads((folder / INFO_FILE).read_text())
    del values["cameras"], values["events"]
    (folder / INFO_FILE).write_text(json.dumps(values))
    info = read_info(folder)
    assert [vars(each) for each in info.camera_table] == [vars(SMALL)]
    assert info.models == ("landmark-fit",)


# Choices that change while a session is written.


def frame(index: int, model: str = "", large: bool = False) -> TrackedFrame:
    image = numbered_image(index)
    tracked = tracked_frame(index, image=image.repeat(2, axis=0).repeat(2, axis=1) if large else image)
    return replace(tracked, model=model)


def test_a_switch_of_model_or_camera_is_an_event_and_stands_in_the_rows(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, info_of(), video=False)
    with writer:
        writer.append(frame(0, "landmark-fit"))
        writer.append(frame(1, "lwa-hand"))
        writer.append(frame(2, "lwa-hand", large=True))
        on_disk = read_info(writer.path)  # a row must not name a camera that session.json lacks
        writer.append(frame(3))
    assert [vars(each) for each in on_disk.cameras] == [vars(SMALL), vars(LARGE)]
    session = load_session(writer.path)
    told = [(event.kind, event.frame, event.captured_ns, event.value) for event in session.info.events]
    assert told == [
        ("model", 1, frame(1).frame.captured_ns, "lwa-hand"),
        ("camera", 2, frame(2).frame.captured_ns, 1),
        ("camera", 3, frame(3).frame.captured_ns, 0),
    ]
    assert session.info.models == ("landmark-fit", "lwa-hand")
    assert session.table["camera"].to_pylist() == [0, 0, 0, 0, 1, 1, 0, 0]
    assert session.table["model"].to_pylist()[:4] == ["landmark-fit"] * 2 + ["lwa-hand"] * 2


def test_many_changes_reach_the_file_once_a_second_and_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from app.sessions import session as session_module

    seconds, writes = [0.0], []
    (tmp_path / "s").mkdir()
    writer = SessionWriter(tmp_path / "s", info_of(), video=False, clock=lambda: seconds[0])
    monkeypatch.setattr(session_module, "write_info", lambda folder, info: writes.append(len(info.events)))
    for index in range(40):
        seconds[0] = index / 10
        writer.append(frame(index, large=index % 2 == 1))
    writer.finish()
    assert writes == [1, 11, 21, 31, 39]


def test_a_recorder_notes_a_change_with_the_frame_that_it_holds_for(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, info_of(), video=False)
    recorder = Recorder(writer)
    recorder.offer(frame(0))
    recorder.note("smoothing", None)
    recorder.offer(frame(1))
    recorder.stop()
    (event,) = read_info(writer.path).events
    assert (event.kind, event.frame, event.captured_ns, event.value) == (
        "smoothing",
        1,
        frame(1).frame.captured_ns,
        None,
    )


def test_a_camera_that_session_json_lacks_is_damage(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, info_of(), video=False)
    with writer:
        writer.append(frame(0))
        writer.append(frame(1, large=True))
    values = json.loads((writer.path / INFO_FILE).read_text())
    (writer.path / INFO_FILE).write_text(json.dumps({**values, "cameras": values["cameras"][:1]}))
    with pytest.raises(BothhandsError, match=r"names a camera that session\.json lacks"):
        load_session(writer.path)


def test_a_time_that_no_clock_has_ends_the_session_in_one_sentence(tmp_path: Path):
    writer = SessionWriter.create(tmp_path, info_of(), video=False)
    writer.append(frame(0))
    with pytest.raises(BothhandsError, match="which no clock counts"):
        writer.append(tracked_frame(1, 1 << 70))
    assert load_session(writer.path).table.num_rows == 2


def test_hands_that_lie_nowhere_are_left_out(tmp_path: Path):
    with SessionWriter.create(tmp_path, info_of(), video=False) as writer:
        good = frame(0)
        bad = {side: replace(hand, joints=hand.joints * float("nan")) for side, hand in good.hands.hands.items()}
        writer.append(replace(good, hands=replace(good.hands, hands=bad)))
        writer.append(frame(1))
    session = load_session(writer.path)
    assert session.table["frame"].to_pylist() == [1, 1]
    assert session.damage == ""


@pytest.mark.parametrize("kept", [True, False], ids=["with video", "hands only"])
def test_a_folder_that_is_deleted_while_it_is_recorded_is_called_that(tmp_path: Path, kept: bool):
    import shutil

    writer = SessionWriter.create(tmp_path, info_of(), video=kept)
    recorder = Recorder(writer)
    recorder.offer(frame(0))
    while writer.frames < 1:
        assert recorder.error is None
    shutil.rmtree(writer.path)
    recorder.offer(frame(1))
    recorder.stop()
    assert str(recorder.error) == (
        f"The folder of the recording, {writer.path}, was deleted or moved while it was written, so recording stopped."
    )
    assert not writer.path.exists()


@pytest.mark.parametrize(("version", "read"), [(1, "eanet-mobile"), (2, "eanet-mobile"), (3, "eanet-light")])
def test_a_session_names_its_models_as_they_are_called_today(tmp_path: Path, version: int, read: str):
    events = [{**EVENT, "kind": "model", "value": "lwa-hand"}, {**EVENT, "kind": "model", "value": "eanet-light"}]
    info = read_info(written(tmp_path, schema_version=version, model="eanet-light", events=events))
    assert info.model == read
    assert info.models == (read, "lwa-hand")
    assert [event.value for event in info.events] == ["lwa-hand", read]
