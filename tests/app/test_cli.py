"""The command line as a person meets it: what it prints, what it writes, and one sentence for whatever is wrong."""

import json
import runpy
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import av
import cv2
import numpy as np
import pyarrow as pa
import pytest

from app import bench, doctor
from models.registry import list_models, model_card
from tests.command_line import call
from tests.demo_cut import DEMO, cut_demo
from tracking.smoothing import SmoothingSettings
from tracking.sources import open_source

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def settings_file(monkeypatch, tmp_path):
    monkeypatch.setenv("BOTHHANDS_CONFIG", str(tmp_path / "config" / "settings.json"))


@pytest.fixture(scope="module")
def short_clip(tmp_path_factory):
    """Twelve frames of the demo clip, in which both hands are apart."""
    return cut_demo(tmp_path_factory.mktemp("clip") / "clip.mp4", 0, 12)


def test_process_writes_a_session_that_other_programs_read(monkeypatch, capsys, tmp_path, short_clip):
    out = tmp_path / "session"
    assert call(monkeypatch, "process", short_clip, "--model", "landmark-fit", "--out", out, "--keep-frames") == 0
    table = pa.ipc.open_stream(out / "hands.arrows").read_all()
    assert table.num_rows >= 20  # both hands in nearly all of twelve frames
    assert set(table["side"].to_pylist()) == {"left", "right"}
    assert max(table["frame"].to_pylist()) == 11
    depth = np.array(table["joints"].to_pylist()).reshape(-1, 21, 3)[..., 2]
    assert 0.1 < depth.min() < depth.max() < 3.0
    info = json.loads((out / "session.json").read_text())
    assert info["frames"] == 12
    assert info["model"] == "landmark-fit"
    assert not (out / ".recording").exists()
    for name in ("video.mkv", "overlay.mp4"):
        with av.open(str(out / name)) as video:
            assert sum(1 for _ in video.decode(video=0)) == 12
    said = capsys.readouterr().out
    assert "12 frames" in said
    assert str(out) in said.replace("\n", "")


def test_the_overlay_is_drawn_where_the_hands_are_and_nowhere_else(monkeypatch, tmp_path, short_clip):
    out, video = tmp_path / "session", tmp_path / "annotated.mp4"
    assert call(monkeypatch, "process", short_clip, "--out", out, "--video", video) == 0
    assert not (out / "overlay.mp4").exists()
    with av.open(str(short_clip)) as before, av.open(str(video)) as after:
        for original, drawn in zip(before.decode(video=0), after.decode(video=0), strict=True):
            change = np.abs(
                original.to_ndarray(format="rgb24").astype(int) - drawn.to_ndarray(format="rgb24").astype(int)
            ).sum(axis=2)
    table = pa.ipc.open_stream(out / "hands.arrows").read_all()
    pixels = np.array(table["joints_px"].to_pylist()[-2:]).reshape(-1, 2).round().astype(int)
    assert np.median(change[pixels[:, 1], pixels[:, 0]]) > 60
    far = np.ones(change.shape, bool)
    far[pixels[:, 1].min() - 40 : pixels[:, 1].max() + 40, pixels[:, 0].min() - 40 : pixels[:, 0].max() + 40] = False
    assert np.median(change[far]) < 12  # only what encoding twice costs


def test_a_folder_of_images_is_independent_unless_it_is_called_a_sequence(monkeypatch, tmp_path, short_clip):
    folder, light = tmp_path / "pictures", ("--model", "landmark-fit")
    folder.mkdir()
    with av.open(str(short_clip)) as clip:
        for number, frame in zip(range(4), clip.decode(video=0), strict=False):
            picture = cv2.cvtColor(frame.to_ndarray(format="rgb24"), cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(folder / f"{number}.png"), picture)
    assert call(monkeypatch, "process", folder, "--out", tmp_path / "apart", *light) == 0
    apart = pa.ipc.open_stream(tmp_path / "apart" / "hands.arrows").read_all()
    assert apart["pose"].to_pylist() == apart["raw_pose"].to_pylist()
    assert len(list((tmp_path / "apart" / "overlay").glob("*.png"))) == 4
    as_clip = ("--out", tmp_path / "clip", "--sequence", "--no-video", *light)
    assert call(monkeypatch, "process", folder, *as_clip) == 0
    clip = pa.ipc.open_stream(tmp_path / "clip" / "hands.arrows").read_all()
    assert clip["pose"].to_pylist() != clip["raw_pose"].to_pylist()
    assert not (tmp_path / "clip" / "overlay.mp4").exists()


@pytest.mark.parametrize("shape", [(1, 1, 3), (4320, 7680), (40, 60, 4)], ids=["1x1", "8K, one channel", "alpha"])
def test_absurd_images_are_tracked_like_others(monkeypatch, tmp_path, shape):
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), np.full(shape, 90, np.uint8))
    assert call(monkeypatch, "process", path, "--out", tmp_path / "out", "--model", "landmark-fit") == 0
    assert json.loads((tmp_path / "out" / "session.json").read_text())["frames"] == 1


def test_models_as_json_names_every_model(monkeypatch, capsys):
    assert call(monkeypatch, "models", "--json") == 0
    cards = json.loads(capsys.readouterr().out)
    assert [card["name"] for card in cards] == list_models()
    assert {"parameters", "macs_image", "macs_pose", "licence", "weights"} <= set(cards[0])


@pytest.mark.slow
def test_bench_compares_every_model_with_mediapipe_and_networks_with_eager_torch(monkeypatch, capsys):
    assert call(monkeypatch, "bench", DEMO, "--json", "--frames", 60, "--seconds", 600) == 0
    result = json.loads(capsys.readouterr().out)
    trained = {name for name in list_models() if not model_card(name).untrained}
    assert set(result["ratio_to_mediapipe"]) == trained == set(result["models"])
    assert set(result["ratio_to_eager"]) == trained - {"landmark-fit"}
    assert result["frames"] == 60
    assert result["mediapipe"]["hands_per_frame"] > 1.5
    assert result["models"]["landmark-fit"]["hands_per_frame"] > 1.8
    assert {"detect", "reconstruct", "overlay"} <= set(result["models"]["landmark-fit"]["stages_ms"])


def test_bench_measures_what_is_named_as_long_as_it_may(monkeypatch, capsys):
    monkeypatch.setattr(bench, "BLOCK", 6)
    monkeypatch.setattr(bench, "WARM_UP", 2)
    call_bench = ("bench", DEMO, "--json", "--frames", 30, "--model", "landmark-fit", "--seconds", 1)
    assert call(monkeypatch, *call_bench) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["frames"] == 12  # the fewest: half of them drawn
    (figures,) = result["models"].values()
    assert list(result["ratio_to_mediapipe"]) == list(result["models"]) == ["landmark-fit"]
    ours, theirs = figures["milliseconds"], result["mediapipe"]["milliseconds"]
    assert ours > 0.0
    assert theirs > 0.0
    for name in ("cpu_milliseconds", "cpu_milliseconds_without_overlay", "frames_per_second_without_overlay"):
        assert figures[name] > 0.0
    for start in (figures, result["mediapipe"]):
        assert 0.0 < start["seconds_to_first_image"] <= start["seconds_to_first_hands"]
        assert start["resident_mb"] > 50.0
    assert len(figures["stages_ms"]["overlay"]) == 2
    assert result["ratio_to_eager"] == {}


def test_bench_refuses_a_model_without_weights_that_is_named(monkeypatch, capsys):
    assert call(monkeypatch, "bench", DEMO, "--model", "eanet") == 2
    assert "eanet has no weights" in capsys.readouterr().err


def test_evaluate_judges_a_folder_of_labelled_images(monkeypatch, capsys, tmp_path):
    cv2.imwrite(str(tmp_path / "hand.png"), np.full((200, 300, 3), 120, np.uint8))
    points = [[100 + 5 * (n % 5), 60 + 4 * n] for n in range(21)]
    labels = {"pictures": {"hand.png": {"presence_known": True, "hands": {"left": {"joints_px": points}}}}}
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    assert call(monkeypatch, "evaluate", tmp_path, "--model", "lwa-hand", "--out", tmp_path / "figures") == 0
    figures = json.loads((tmp_path / "figures" / "evaluation.json").read_text())
    assert figures["images"] == 1
    assert figures["hands"] == 1
    assert call(monkeypatch, "evaluate", tmp_path, "--model", "landmark-fit", "--out", tmp_path / "figures") == 0
    figures = json.loads((tmp_path / "figures" / "evaluation.json").read_text())
    assert (figures["hands"], figures["hands_found"], figures["nme_all_hands"]) == (1, 0, 1.0)
    capsys.readouterr()
    assert call(monkeypatch, "evaluate", "synthetic:three", "--model", "landmark-fit") == 2
    assert "synthetic:three" in refused(capsys)
    assert call(monkeypatch, "evaluate", tmp_path, "--model", "landmark-fit", "--weights", tmp_path / "w") == 2
    assert "has no weights" in refused(capsys)


def test_process_tunes_its_smoothing(monkeypatch, tmp_path, short_clip):
    out = tmp_path / "s"
    model = ("--model", "landmark-fit")
    assert call(monkeypatch, "process", short_clip, "--out", out, "--no-video", "--steadiness", "0.9", *model) == 0
    recorded = json.loads((out / "session.json").read_text())["settings"]["smoothing"]
    assert recorded == vars(SmoothingSettings().scaled(0.9, 0.5))


@pytest.mark.parametrize(
    ("options", "says"),
    [(("--raw", "--response", "0.2"), "give one or the other"), (("--steadiness", "1.5"), "less than or equal to 1")],
)
def test_gains_that_make_no_sense_are_refused(monkeypatch, capsys, tmp_path, short_clip, options, says):
    assert call(monkeypatch, "process", short_clip, "--out", tmp_path / "s", *options) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "s").exists()


def test_synthesize_draws_the_same_images_for_the_same_seed(monkeypatch, capsys, tmp_path):
    for folder in ("first", "second"):
        assert call(monkeypatch, "synthesize", tmp_path / folder, "--count", 2, "--stage", "one", "--seed", 5) == 0
    pictures = [cv2.imread(str(tmp_path / folder / "images" / "000001.png")) for folder in ("first", "second")]
    assert pictures[0].shape == (256, 256, 3)
    np.testing.assert_array_equal(*pictures)
    capsys.readouterr()
    assert call(monkeypatch, "synthesize", tmp_path / "third", "--stage", "nonsense") == 2
    assert "contact" in refused(capsys)


def test_weights_import_refuses_what_is_no_checkpoint(monkeypatch, capsys, tmp_path):
    evil = tmp_path / "snapshot_29.pth.tar"
    evil.write_bytes(b"cos\nsystem\n(S'touch executed'\ntR.")
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "eanet.safetensors"
    assert call(monkeypatch, "weights", "import", evil, "--model", "eanet", "--out", out) == 2
    assert "snapshot_29.pth.tar" in refused(capsys)
    assert not out.exists()
    assert not (tmp_path / "executed").exists()


def test_doctor_says_which_hand_model_is_in_use(monkeypatch, capsys):
    code = call(monkeypatch, "doctor")
    said = capsys.readouterr().out
    assert "hand model: the free hand model" in said
    assert "rerun-sdk: " in said
    assert code in (0, 1)


def test_doctor_names_what_may_be_added_and_how(monkeypatch):
    def installed(package: str) -> str:
        if package == "ray":
            raise PackageNotFoundError(package)
        return "1.2.3"

    monkeypatch.setattr(doctor, "version", installed)
    ray, *others = doctor.extras()
    assert (ray.subject, ray.state, ray.remedy) == ("ray", "limited", "pip install ray==2.60.0")
    assert "process --ray" in ray.detail
    assert [finding.subject for finding in others] == ["pyvirtualcam", "rerun-sdk", "tensorboard"]
    assert all(finding.state == "ok" and finding.detail.startswith("1.2.3, for ") for finding in others)


def test_doctor_asks_for_the_versions_that_the_tests_run_with():
    pinned = (Path(__file__).parents[2] / "requirements-dev.txt").read_text().split()
    assert [extra.requirement for extra in doctor.EXTRAS if extra.requirement not in pinned] == []


def refused(capsys) -> str:
    """The one sentence on stderr."""
    text = capsys.readouterr().err.strip()
    assert "Traceback" not in text
    assert text.startswith("bothhands: ")
    return " ".join(text.split())


def test_each_kind_of_bad_input_ends_in_a_sentence_and_code_two(monkeypatch, capsys, tmp_path, short_clip):
    empty = tmp_path / "empty.mp4"
    empty.touch()
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(bytes(range(256)) * 40)
    barren = tmp_path / "barren"
    barren.mkdir()
    evil = tmp_path / "mano"
    evil.mkdir()
    for side in ("LEFT", "RIGHT"):
        (evil / f"MANO_{side}.pkl").write_bytes(b"cos\nsystem\n(S'touch executed'\ntR.")
    monkeypatch.chdir(tmp_path)
    cases: list[tuple[list, str]] = [
        (["process", tmp_path / "missing.mp4"], "missing.mp4"),
        (["process", empty], "empty.mp4"),
        (["process", noise], "noise.mp4"),
        (["process", barren], "barren"),
        (["process", short_clip, "--model", "nonsense"], "landmark-fit"),
        (["process", short_clip, "--device", "abacus"], "auto, cpu, cuda"),
        (["process", short_clip, "--detector", "nonsense"], "full-frame"),
        (["process", short_clip, "--renderer", "nonsense"], "moderngl, pyrender"),
        (["process", short_clip, "--mano", evil], "MANO_"),
        (["process", short_clip, "--mano", barren], "MANO_"),
        (["process", short_clip, "--camera", noise], "noise.mp4"),
        (["process", "97"], "97"),
        (["bench", short_clip, "--size", "wide"], "640x360"),
    ]
    for arguments, named in cases:
        out = ["--out", tmp_path / "out"] if arguments[0] == "process" else []
        assert call(monkeypatch, *arguments, *out) == 2, arguments
        assert named in refused(capsys), arguments
        assert not (tmp_path / "out" / "session.json").exists(), arguments
    assert not (tmp_path / "executed").exists()


def test_a_session_is_never_written_over(monkeypatch, capsys, tmp_path, short_clip):
    (tmp_path / "session.json").write_text("precious")
    assert call(monkeypatch, "process", short_clip, "--out", tmp_path) == 2
    assert "already" in refused(capsys)
    assert (tmp_path / "session.json").read_text() == "precious"


def test_a_place_that_cannot_be_written_is_named(monkeypatch, capsys, tmp_path, short_clip):
    (tmp_path / "file").touch()
    assert call(monkeypatch, "process", short_clip, "--out", tmp_path / "file" / "session") == 2
    assert "choose another --out" in refused(capsys)


def test_run_without_a_display_says_what_works(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert call(monkeypatch, "run") == 2
    assert "process" in refused(capsys)


def test_no_gl_says_which_package_helps(monkeypatch, capsys, tmp_path, short_clip):
    import moderngl

    def broken(*arguments, **options):
        raise RuntimeError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setattr(moderngl, "create_context", broken)
    monkeypatch.setattr(moderngl, "create_standalone_context", broken)
    assert call(monkeypatch, "process", short_clip, "--out", tmp_path / "out", "--renderer", "moderngl") == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    sentence = said.strip().splitlines()[-1]  # before it there is a bar where a frame was tracked already
    assert sentence.startswith("bothhands: ")
    assert "libegl1" in sentence


@pytest.mark.parametrize("option", ["--source", "--mano", "--camera"])
def test_run_refuses_what_is_not_there_before_a_window_opens(monkeypatch, capsys, tmp_path, option):
    assert call(monkeypatch, "run", option, tmp_path / "missing.mp4") == 2
    assert "missing.mp4" in refused(capsys)


def test_run_refuses_a_camera_mode_that_cannot_be_read(monkeypatch, capsys):
    assert call(monkeypatch, "run", "--camera-mode", "1280x720 fast") == 2
    assert "'1280x720 fast' is no camera mode; write size, rate and pixel format" in refused(capsys)


def test_run_asks_cameras_for_the_given_mode(monkeypatch):
    from app.commands import window

    stores = []
    monkeypatch.setattr(window, "display_problem", lambda: None)
    monkeypatch.setattr(window, "_open_window", stores.append)
    assert call(monkeypatch, "run", "--camera-mode", "640X480@15:yuyv") == 0
    assert stores[0].current.camera_mode == "640x480@15:YUYV"
    assert stores[0].remembered("camera_mode") is None


def test_process_holds_the_hand_shape_of_a_person_and_notes_it(monkeypatch, capsys, tmp_path, short_clip):
    shape = [0.5, -0.25] + [0.0] * 8
    settings = tmp_path / "config" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"persons": [{"name": "Me", "hand_model": "free", "shape": shape}]}))
    out, model = tmp_path / "session", ("--model", "landmark-fit")
    assert call(monkeypatch, "process", short_clip, "--out", out, "--no-video", "--hand-shape", "Me", *model) == 0
    assert json.loads((out / "session.json").read_text())["settings"]["hand_shape"] == shape
    table = pa.ipc.open_stream(out / "hands.arrows").read_all()
    raw = [row for row in table["raw_shape"].to_pylist() if row is not None]
    assert np.abs(np.array(raw) - np.float32(shape)).max() == 0
    capsys.readouterr()
    for command in (("process", short_clip, "--out", tmp_path / "other"), ("run", "--source", short_clip)):
        assert call(monkeypatch, *command, "--hand-shape", "You") == 2
        said = " ".join(capsys.readouterr().err.split())
        assert "No hand shape is kept for 'You'; known are Me." in said


@pytest.mark.parametrize("locked", [True, False])
def test_process_notes_whether_sides_are_locked(monkeypatch, tmp_path, short_clip, locked):
    out = tmp_path / "session"
    flags = ("--lock-sides",) if locked else ()
    command = ("process", short_clip, "--out", out, "--no-video", "--model", "landmark-fit")
    assert call(monkeypatch, *command, *flags) == 0
    assert json.loads((out / "session.json").read_text())["settings"]["lock_sides"] is locked


def test_run_refuses_a_hand_shape_of_another_hand_model_than_the_windows(monkeypatch, capsys, tmp_path):
    settings = tmp_path / "config" / "settings.json"
    settings.parent.mkdir()
    person = {"name": "Me", "hand_model": "free", "shape": [0.0] * 10}
    settings.write_text(json.dumps({"persons": [person], "mano_dir": str(tmp_path)}))
    assert call(monkeypatch, "run", "--hand-shape", "Me") == 2
    assert "means nothing in the mano one" in " ".join(capsys.readouterr().err.split())


CAMERA = {"fx": 100.0, "fy": 100.0, "cx": 31.5, "cy": 23.5, "width": 64, "height": 48}


def test_process_takes_a_calibrated_camera_by_its_name_and_notes_it(monkeypatch, capsys, tmp_path, short_clip):
    settings = tmp_path / "config" / "settings.json"
    settings.parent.mkdir()
    width, height = frame_size(short_clip)
    camera = {**CAMERA, "cx": (width - 1) / 2, "cy": (height - 1) / 2, "fx": 2.0 * width, "fy": 2.0 * width}
    camera.update(width=width, height=height)
    settings.write_text(json.dumps({"cameras": [{"name": "My phone", "source": "x", "camera": camera}]}))
    out, model = tmp_path / "session", ("--model", "landmark-fit")
    assert call(monkeypatch, "process", short_clip, "--out", out, "--no-video", "--camera", "My phone", *model) == 0
    info = json.loads((out / "session.json").read_text())
    assert info["settings"]["camera"] == camera
    assert info["intrinsics"]["fx"] == 2.0 * width
    capsys.readouterr()
    for command in (("process", short_clip, "--out", tmp_path / "other"), ("run", "--source", short_clip)):
        assert call(monkeypatch, *command, "--camera", "Yours") == 2
        said = " ".join(capsys.readouterr().err.split())
        assert "There is no camera called 'Yours', and no such file; known are My phone." in said


def test_process_refuses_a_camera_whose_images_have_another_shape(monkeypatch, capsys, tmp_path, short_clip):
    settings = tmp_path / "config" / "settings.json"
    settings.parent.mkdir()
    width, height = frame_size(short_clip)
    camera = {**CAMERA, "width": 2 * width, "height": height}
    settings.write_text(json.dumps({"cameras": [{"name": "Flat", "source": "x", "camera": camera}]}))
    assert call(monkeypatch, "process", short_clip, "--out", tmp_path / "out", "--no-video", "--camera", "Flat") == 2
    assert "cannot be scaled" in " ".join(capsys.readouterr().err.split())


def frame_size(clip: Path) -> tuple[int, int]:
    source = open_source(str(clip))
    try:
        return source.size
    finally:
        source.close()


def test_ctrl_c_at_the_very_start_is_quiet(monkeypatch: pytest.MonkeyPatch):
    class Pressed:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "bothhands.__main__":
                raise KeyboardInterrupt

    monkeypatch.setattr(sys, "meta_path", [Pressed(), *sys.meta_path])
    monkeypatch.delitem(sys.modules, "bothhands.__main__", raising=False)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "main.py"), run_name="__main__")
    assert ended.value.code == 130
