"""Each preset's files as others read them, and what the command makes of presets."""

import csv
from pathlib import Path

import bvhio
import numpy as np
import pandas as pd
import pytest
from export_fakes import STEP_NS, a_hand, record, write_hand_files
from gltf_reader import Gltf

from app.outputs.export import FORMATS, PRESETS, ExportOptions, export_session
from app.outputs.humanoid import humanoid_bones
from app.sessions.session import load_session
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import SIDES
from tests.command_line import call


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("session"), frames=24, video=False)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def fails_to_be_written(*arguments: object) -> list[str]:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("name", PRESETS)
def test_the_command_writes_each_preset_and_says_what_comes_next(monkeypatch, capsys, tmp_path, session, name):
    assert call(monkeypatch, "export", session, "--preset", name, "--out", tmp_path) == 0
    preset = PRESETS[name]
    assert names(tmp_path) == {f"take{FORMATS[kind].suffix}" for kind in preset.formats}
    told = capsys.readouterr().out
    assert told.count("Wrote ") == len(preset.formats)
    assert told.rstrip().endswith(preset.advice)


@pytest.mark.parametrize(("name", "exact"), [("blender", True), ("unreal", False), ("unity", False)])
def test_engines_get_what_they_can_show_and_blender_the_exact_mesh(monkeypatch, tmp_path, name, exact):
    files = write_hand_files(tmp_path / "files")
    session = record(tmp_path, frames=24, video=False, mano_dir=files)
    out = tmp_path / "hands.glb"
    assert call(monkeypatch, "export", session, "--preset", name, "--out", out, "--mano", files) == 0
    gltf = Gltf(out)
    primitive = gltf.json["meshes"][0]["primitives"][0]
    assert ("JOINTS_1" in primitive["attributes"]) == exact
    assert ("targets" in primitive) == exact
    assert gltf.times("LeftHand", "rotation")[-1] == pytest.approx(23 * STEP_NS * 1e-9, abs=1e-5)
    if exact:  # metres, y up; what the second smoothing moves is less than a centimetre
        wanted = a_hand(load_hand_models(files)["left"], 12 * STEP_NS * 1e-9).vertices * [1, -1, -1]
        assert np.abs(gltf.vertices("LeftMesh", 12 * STEP_NS * 1e-9) - wanted).max() < 0.01


def test_for_avatars_the_bones_have_the_names_that_vmc_sends(monkeypatch, tmp_path, session):
    out = tmp_path / "hands.bvh"
    assert call(monkeypatch, "export", session, "--preset", "vtubing", "--out", out) == 0
    root = bvhio.readAsHierarchy(str(out))
    joints = {joint.Name: joint for joint, _, _ in root.layout()}
    models = load_hand_models()
    sent = {bone.name for side in SIDES for bone in humanoid_bones(side, a_hand(models[side], 0.0))}
    assert set(joints) == sent | {root.Name}
    root.loadPose(12)
    wanted = a_hand(models["left"], 12 * STEP_NS * 1e-9).joints[0] * [1, -1, -1]
    assert np.allclose(list(joints["LeftHand"].PositionWorld), wanted, atol=0.005)  # metres


def test_science_gets_the_recorded_numbers_twice(monkeypatch, tmp_path, session):
    assert call(monkeypatch, "export", session, "--preset", "science", "--out", tmp_path / "numbers.csv") == 0
    assert names(tmp_path) == {"numbers.csv", "numbers.npz"}
    table = pd.read_csv(tmp_path / "numbers.csv", float_precision="round_trip")
    recorded = load_session(session).table.to_pydict()
    with np.load(tmp_path / "numbers.npz") as arrays:
        for name, columns in (("pose", "^pose_"), ("joints", "^joint_"), ("raw_translation", "^raw_translation_")):
            block = table.filter(regex=columns).to_numpy(np.float32)
            assert np.array_equal(arrays[name], block, equal_nan=True)
        assert np.array_equal(arrays["pose"], np.float32(recorded["pose"]))


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "science"])
def test_what_moves_is_smoothed_once_more_unless_told_otherwise(monkeypatch, tmp_path, session, name):
    (kind,) = PRESETS[name].formats
    written = {}
    for flag in ("--smooth", "--no-smooth"):
        out = tmp_path / f"{flag.strip('-')}.{kind}"
        assert call(monkeypatch, "export", session, "--preset", name, "--out", out, flag) == 0
        written[flag] = out.read_bytes()
    assert call(monkeypatch, "export", session, "--preset", name, "--out", tmp_path) == 0
    assert (tmp_path / f"take.{kind}").read_bytes() == written["--smooth"] != written["--no-smooth"]


def test_options_of_a_preset_can_be_changed(monkeypatch, tmp_path, session):
    heights = {}
    for unit in ("m", "cm"):
        out = tmp_path / f"{unit}.bvh"
        assert call(monkeypatch, "export", session, "--preset", "vtubing", "--unit", unit, "--out", out) == 0
        root = bvhio.readAsHierarchy(str(out))
        root.loadPose(0)
        heights[unit] = next(joint for joint, _, _ in root.layout() if joint.Name == "LeftHand").PositionWorld[2]
    assert heights["cm"] == pytest.approx(100 * heights["m"], rel=1e-4)


def test_the_help_names_every_preset(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    assert call(monkeypatch, "export", "--help") == 0
    told = capsys.readouterr().out
    assert [name for name in PRESETS if name not in told] == []


def test_an_older_file_of_the_second_format_keeps_both_from_being_written(monkeypatch, capsys, tmp_path, session):
    (tmp_path / "take.npz").write_bytes(b"precious")
    assert call(monkeypatch, "export", session, "--preset", "science", "--out", tmp_path) == 2
    assert "take.npz exists already" in capsys.readouterr().err
    assert names(tmp_path) == {"take.npz"}
    assert (tmp_path / "take.npz").read_bytes() == b"precious"


@pytest.mark.parametrize("kind", ["csv", "npz"])
def test_of_several_files_the_one_that_cannot_be_written_is_named_and_none_is_left(
    monkeypatch, tmp_path, session, kind
):
    monkeypatch.setattr(f"app.outputs.export.{kind}_writer.write", fails_to_be_written)
    with pytest.raises(BothhandsError, match=rf"take\.{kind} cannot be written: No space left"):
        export_session(ExportOptions(session=session, format="csv", also=("npz",), out=tmp_path))
    assert names(tmp_path) == set()


def test_progress_of_several_files_never_goes_back(tmp_path, session):
    steps: list[tuple[int, int]] = []
    options = ExportOptions(session=session, format="csv", also=("npz",), out=tmp_path)
    result = export_session(options, lambda done, total: steps.append((done, total)))
    parts = [done / total for done, total in steps]
    assert parts == sorted(parts)
    assert parts[-1] == 1
    assert 0.5 in parts
    assert result.size == sum(file.path.stat().st_size for file in result.files)
    with result.path.open(newline="") as file:
        assert len(list(csv.reader(file))) == 49
