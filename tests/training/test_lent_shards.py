"""Packs: what is in a shard, and that a bad one is one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from lent_packs import ROOT, configuration, write_pack
from safetensors import safe_open
from safetensors.numpy import save_file

from app.cli import main
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import SIDES, Intrinsics
from training.data.samples import HandLabel, Knowledge, Sample
from training.data.sources import open_source
from training.lent.__main__ import main as train_lent
from training.lent.pack import squared
from training.lent.plan import BASE, RUN, PackedSource, Plan, read_plan
from training.lent.shards import NO_MESH, OWN_MESH, ShardWriter, decoded, read_shard
from training.lent.store import load_store

ROOM = 256 << 10
"""Bytes that a first shard may have beside what every pack holds."""


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan]:
    """48 images in more than one shard."""
    folder = tmp_path_factory.mktemp("pack")
    config = configuration(folder)
    write_pack(folder / "whole", config, images=1)
    largest = size_of(folder / "whole" / BASE) + ROOM
    return folder / "pack", write_pack(folder / "pack", config, images=48, largest=largest)


@pytest.fixture
def pack(packed: tuple[Path, Plan], tmp_path: Path) -> Path:
    """The same, for a test that spoils it."""
    import shutil

    return Path(shutil.copytree(packed[0], tmp_path / "pack"))


def test_a_pack_holds_every_image_once_in_shards_that_are_small_enough(packed: tuple[Path, Plan]):
    folder, plan = packed
    assert read_plan(folder) == plan
    assert [source.images for source in plan.sources] == [12, 36]
    assert sum(shard.images for shard in plan.shards) == 48
    base = size_of(folder / BASE)
    assert len(plan.shards) == 2
    for shard, room in zip(plan.shards, (ROOM, base + ROOM), strict=True):
        assert (folder / shard.file).stat().st_size == shard.size <= room
    sources = np.concatenate([read_shard(folder / shard.file, shard).columns["source"] for shard in plan.shards])
    assert np.bincount(sources).tolist() == [12, 36]
    assert not (folder / "result").exists()


def test_shards_hold_what_the_source_gave(packed: tuple[Path, Plan]):
    folder, plan = packed
    store = load_store(folder, plan, load_hand_models(), torch.device("cpu"))
    samples = {"one": open_source("synthetic:one", 0, "train", 256, 4).samples(range(12))}
    # Images of one scene have the same joints.
    found = store.by_source[0]
    for sample in samples["one"]:
        (side,) = sample.hands
        label, hand = sample.hands[side], SIDES.index(side)
        distances = (store.joints[found, hand] - torch.tensor(label.joints)).abs().amax(dim=(1, 2))
        assert distances.min() < 1e-7
        differences = [
            np.abs(store.images[number].permute(1, 2, 0).numpy() - np.float32(sample.image)).mean() for number in found
        ]
        number = int(found[int(np.argmin(np.where(distances.numpy() < 1e-7, differences, np.inf)))])
        assert label.vertices is not None
        np.testing.assert_allclose(store.vertices[number, hand].numpy(), label.vertices, atol=1e-5)
        assert store.full[number].tolist() == [hand == 0, hand == 1]
        image = store.images[number].permute(1, 2, 0).numpy()
        smooth = [cv2.GaussianBlur(np.float32(each), (0, 0), 2.0) for each in (image, sample.image)]
        assert np.abs(smooth[0] - smooth[1]).mean() < 3.0, "JPEG takes the noise alone"
        np.testing.assert_array_equal(store.segmentation[number].numpy(), sample.segmentation)
        camera = sample.intrinsics
        assert store.camera[number].tolist() == pytest.approx([camera.fx, camera.fy, camera.cx, camera.cy])


def test_what_is_not_known_stays_unknown(tmp_path: Path):
    """Joints in the image alone; a mesh that no parameters make; a hand that is not labelled."""
    models = load_hand_models()
    points = np.full((21, 2), 30.0, np.float32)
    points[3] = np.nan
    places = np.zeros((21, 3), np.float32) + np.float32([0.0, 0.0, 0.5])
    vertices = np.random.default_rng(0).normal(0.0, 0.05, (778, 3)).astype(np.float32) + places[0]
    image = np.zeros((64, 64, 3), np.uint8)
    camera = Intrinsics.from_fov(64, 64)
    writer = ShardWriter(models)
    flat = HandLabel(Knowledge.POINTS_2D, points)
    meshed = HandLabel(Knowledge.WEAK_3D, points, places, vertices)
    writer.add(Sample(image, camera, {"left": flat, "right": meshed}, False, None, "x"), 0)
    shard = writer.write(tmp_path / "shard-000.safetensors")
    stored = read_shard(tmp_path / shard.file, shard)
    assert stored.columns["mesh"].tolist() == [[NO_MESH, 0]]
    store = load_store(
        tmp_path,
        Plan("x", {}, (PackedSource("x", "x", 1.0, False, 1),), (shard,), 64, 0.1),
        models,
        torch.device("cpu"),
    )
    assert store.meshed[0].tolist() == [False, True]
    assert store.parameters[0].tolist() == [False, False]
    assert (store.full[0] | store.presence_known[0] | store.segmented[0]).sum() == 0
    assert torch.isnan(store.joints_px[0, :, 3]).all()
    np.testing.assert_allclose(store.vertices[0, 1].numpy(), vertices, atol=2e-4)


def test_the_mesh_of_a_labels_own_parameters_is_not_stored(packed: tuple[Path, Plan]):
    folder, plan = packed
    for entry in plan.shards:
        shard = read_shard(folder / entry.file, entry)
        assert set(np.unique(shard.columns["mesh"])) <= {NO_MESH, OWN_MESH}
        assert len(shard.vertices) == 0
        assert decoded(shard.jpegs[0]).shape == (256, 256, 3)


def test_an_image_of_another_size_keeps_its_labels_on_the_same_places():
    sample = open_source("synthetic:one", 0, "train", 128, 1).samples([0])[0]
    larger = squared(sample, 256)
    assert larger.image.shape == (256, 256, 3)
    for side, label in larger.hands.items():
        assert label.joints is not None
        np.testing.assert_allclose(larger.intrinsics.project(label.joints), label.joints_px, atol=1e-3)
        # Centres of pixels at whole numbers: the middle of the image is the middle of the other.
        np.testing.assert_allclose((label.joints_px + 0.5) / 2.0, sample.hands[side].joints_px + 0.5, atol=1e-4)


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert train_lent([str(argument) for argument in arguments]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1, "one sentence"
    assert "Traceback" not in said
    return said


def spoil_plan(pack: Path, **changes: object) -> None:
    path = pack / BASE / RUN
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_pack_or_a_shard_of_another_version_is_refused(pack: Path, capsys: pytest.CaptureFixture[str]):
    plan = read_plan(pack)
    path = pack / plan.shards[0].file
    with safe_open(path, "numpy") as stored:
        arrays = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    save_file(arrays, path, {"shard": json.dumps({"version": 99, "images": 1})})
    shards = (replace(plan.shards[0], size=path.stat().st_size), *plan.shards[1:])
    replace(plan, shards=shards).write(pack)
    assert "is of version 99" in refused(capsys, pack, "--device", "cpu")
    spoil_plan(pack, version=99)
    assert "packed by version 99" in refused(capsys, pack, "--device", "cpu")


def test_a_shard_that_is_missing_cut_short_or_changed_is_refused(pack: Path, capsys: pytest.CaptureFixture[str]):
    path = pack / read_plan(pack).shards[-1].file
    whole = path.read_bytes()
    for content, said in (
        (whole[:-100], "is cut short"),
        (whole[: len(whole) // 2] + b"\0" * (len(whole) - len(whole) // 2), "carry it again"),
        (b"\xff" * len(whole), "cannot be read"),
    ):
        path.write_bytes(content)
        assert said in refused(capsys, pack, "--device", "cpu")
    path.unlink()
    assert "is missing" in refused(capsys, pack, "--device", "cpu")


def test_no_shard_at_all_and_no_pack_are_refused(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for shard in read_plan(pack).shards:
        (pack / shard.file).unlink()
    assert "holds none of its" in refused(capsys, pack, "--device", "cpu", "--allow-missing")
    assert "is no pack" in refused(capsys, tmp_path / "nothing", "--device", "cpu")
    for text in ("{", "[]", "{}", '{"version": 1}', '{"version": 1, "sources": [{}], "shards": []}'):
        (pack / BASE / RUN).write_text(text)
        assert str(pack) in refused(capsys, pack, "--device", "cpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_cuda_where_there_is_none_is_refused(packed: tuple[Path, Plan], capsys: pytest.CaptureFixture[str]):
    assert "CUDA was asked for" in refused(capsys, packed[0], "--device", "cuda")
    assert "no device 'gpu'" in refused(capsys, packed[0], "--device", "gpu")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"synthetic:one" = 1\n"images:nowhere/hands" = 1', "folder nowhere/hands"),
        ('"synthetic:one" = 1\n[[stages]]\nname = "b"\nsteps = 1\n[stages.data]\n"synthetic:one" = 1', "2 stages"),
    ],
)
def test_a_preset_that_cannot_be_packed_is_one_sentence(monkeypatch, capsys, tmp_path: Path, text: str, said: str):
    path = tmp_path / "run.toml"
    path.write_text(f'model = "lwa-hand"\n[[stages]]\nname = "a"\nsteps = 1\n[stages.data]\n{text}\n')
    monkeypatch.setattr("sys.argv", ["main.py", "train", "pack", str(path), "--out", str(tmp_path / "pack")])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    found = capsys.readouterr().err
    assert found.count("bothhands: ") == 1
    assert said in " ".join(found.split())
    assert not (tmp_path / "pack").exists()


def test_what_is_there_already_is_not_overwritten(tmp_path: Path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "mine").touch()
    with pytest.raises(BothhandsError, match="holds something already"):
        write_pack(tmp_path / "pack", configuration(tmp_path))
    with pytest.raises(BothhandsError, match="allow larger ones"):
        write_pack(tmp_path / "small", configuration(tmp_path), largest=1 << 20)


@pytest.mark.parametrize("name", ["lwa-hand", "eanet-light"])
def test_presets_for_a_lent_gpu_lack_nothing_but_folders(name: str):
    """Of one stage, without a teacher and official files."""
    from training.config import load_config
    from training.lent.pack import _check

    config = load_config(name)
    stage = config.stages[0].model_copy(update={"data": {"synthetic:one": 1}})
    _check(name, config.model_copy(update={"stages": (stage, *config.stages[1:]), "start": "scratch"}))
    assert config.hints is None or (ROOT / config.hints).is_file()
