"""The loop on a lent machine: rehearsed in a process, and in an environment that has what such a machine has."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import time
import venv
from pathlib import Path

import pytest
import torch
from lent_packs import ROOT, configuration, write_pack
from safetensors.torch import load_file
from torch import nn

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.lwa_hand.reconstructor import create_network
from models.weights_io import load_weights
from training.lent.batches import Batches
from training.lent.busy import BusyShare
from training.lent.loop import HISTORY, RESULT, LentOptions, LentTrainer, _Average
from training.lent.parts import PARTS, join_parts, split_file
from training.lent.parts import main as join
from training.lent.plan import BASE, CODE, Plan
from training.lent.store import load_store

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan]:
    folder = tmp_path_factory.mktemp("pack")
    return folder / "pack", write_pack(folder / "pack", configuration(folder, extra="ema = 0.5"))


def trainer(packed: tuple[Path, Plan], out: Path, **options) -> LentTrainer:
    given = LentOptions(folder=packed[0], out=out, device="cpu", minutes=30.0, **options)
    return LentTrainer(given, time.monotonic(), lambda line: None)


def test_a_run_leaves_curves_and_weights_that_the_app_reads(packed: tuple[Path, Plan], tmp_path: Path):
    result = trainer(packed, tmp_path, steps=3, largest_part=4 << 20).run()
    assert result.steps == 3
    assert result.images_per_second > 0.0
    assert 0.0 < result.busy <= 1.0
    rows = [json.loads(line) for line in (tmp_path / HISTORY).read_text().splitlines()]
    assert rows[-1]["step"] == 3
    assert rows[-1]["loss"] == pytest.approx(result.loss)
    assert rows[-1]["loss"] == pytest.approx(sum(v for k, v in rows[-1]["terms"].items() if k != "gradient"))
    assert 0.0 < rows[-1]["busy"] <= 1.0
    files = sorted(tmp_path.iterdir())
    assert max(file.stat().st_size for file in files) <= 4 << 20
    assert len(files) > 4
    weights = join_parts(tmp_path, tmp_path / "joined" / "weights.safetensors")
    load_weights(weights, create_network(load_hand_models()))
    card = json.loads(weights.with_suffix(".json").read_text())
    assert (card["steps"], card["hand_model"]) == (3, "free")
    assert any("synthetic" in name.lower() for name in card["trained_on"])
    load_weights(weights, create_network(load_hand_models()), sha256=card["sha256"])


def test_steps_and_their_images_follow_from_the_seed(packed: tuple[Path, Plan], tmp_path: Path):
    config = packed[1].train_config(packed[0])
    store = load_store(*packed, load_hand_models(), CPU)
    first, again = (Batches(config, packed[1], store, CPU) for _ in range(2))
    for own, other in zip(first.make(5), again.make(5), strict=True):
        torch.testing.assert_close(own, other, rtol=0.0, atol=0.0)
    assert not torch.equal(first.make(5).image, first.make(6).image)
    # One of the first source and three of the other a step; each of two and six once in two steps.
    seen = [set(first.numbers(0)) | set(first.numbers(1)), set(first.numbers(2)) | set(first.numbers(3))]
    assert seen == [set(range(8)), set(range(8))]


def test_batches_are_what_the_task_reads(packed: tuple[Path, Plan]):
    store = load_store(*packed, load_hand_models(), CPU)
    batch = Batches(packed[1].train_config(packed[0]), packed[1], store, CPU).make(0)
    assert batch.image.shape == (4, 64, 64, 3)
    assert batch.pixels().is_contiguous(memory_format=torch.channels_last)
    assert 0.0 <= float(batch.pixels().min()) <= float(batch.pixels().max()) <= 1.0
    assert batch.masks.shape == (4, 2, 8, 8)
    assert all(bool(torch.isfinite(part).all()) for part in batch)


def test_a_loss_that_is_no_number_stops_the_run_with_its_images_named(packed: tuple[Path, Plan], tmp_path: Path):
    run = trainer(packed, tmp_path, steps=5)
    make = run._batches.make

    def spoilt(step: int):
        batch = make(step)
        return batch._replace(image=batch.image * float("nan")) if step == 1 else batch

    run._batches.make = spoilt  # type: ignore[method-assign]
    with pytest.raises(BothhandsError, match=r"no number any more at step 1 \(synthetic:one \d+; synthetic:contact"):
        run.run()


def test_minutes_that_are_over_before_the_first_step_are_told(packed: tuple[Path, Plan], tmp_path: Path):
    given = LentOptions(folder=packed[0], out=tmp_path, device="cpu", minutes=1.0)
    run = LentTrainer(given, time.monotonic() - 60.0, lambda line: None)
    with pytest.raises(BothhandsError, match="over before the first step"):
        run.run()


def test_states_of_the_weights_are_written_as_it_goes(packed: tuple[Path, Plan], tmp_path: Path, monkeypatch):
    run = trainer(packed, tmp_path, steps=2, checkpoint_seconds=0.0)
    written: list[int] = []
    export = run._export

    def noted(network: nn.Module, notes: dict):
        written.append(notes["steps"])
        export(network, notes)

    monkeypatch.setattr(run, "_export", noted)
    monkeypatch.setattr(run, "_may_write", lambda: True)
    run.run()
    assert written == [1, 2, 2]
    names = json.loads((tmp_path / PARTS).read_text())["parts"]["files"]
    assert sorted(path.name for path in tmp_path.glob("weights-*")) == names, "older states are gone"


def test_the_average_forgets_its_beginning():
    network = nn.Linear(1, 1)
    average = _Average(network, 0.5)
    expected = 0.0
    for count, value in enumerate((1.0, 2.0, 3.0)):
        nn.init.constant_(network.weight, value)
        average.update()
        kept = min(0.5, (1.0 + count) / (10.0 + count)) if count else 0.0
        expected = kept * expected + (1.0 - kept) * value
    assert float(average.network.weight.detach()) == pytest.approx(expected)


def test_the_busy_share_is_work_against_waiting(monkeypatch: pytest.MonkeyPatch):
    clock = iter([0.0, 1.0, 4.0, 4.0, 5.0, 8.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    busy = BusyShare(CPU)
    assert busy.share() == 1.0
    for _ in range(2):
        busy.fetching()
        busy.stepping()
        busy.done()
    assert busy.share() == pytest.approx(6.0 / 8.0)
    assert busy.utilisation() is None


@pytest.mark.parametrize("size", [0, 1, 2, 999, 5000])
def test_parts_join_to_the_file_they_were(tmp_path: Path, size: int):
    content = bytes(torch.randint(0, 256, (size,), dtype=torch.uint8).tolist())
    (tmp_path / "whole").write_bytes(content)
    parts = split_file(tmp_path / "whole", tmp_path, {"steps": 3}, largest=700)
    assert all(part.stat().st_size <= 700 for part in parts)
    assert join([str(tmp_path), "--out", str(tmp_path / "out" / "joined.safetensors")]) == 0
    assert (tmp_path / "out" / "joined.safetensors").read_bytes() == content
    assert json.loads((tmp_path / "out" / "joined.json").read_text()) == {"steps": 3}


def test_parts_that_are_missing_cut_short_or_changed_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "whole").write_bytes(bytes(range(256)) * 20)
    parts = split_file(tmp_path / "whole", tmp_path, {}, largest=100)
    content, notes = parts[1].read_bytes(), (tmp_path / PARTS).read_text()
    out = tmp_path / "joined.safetensors"

    def refused(said: str) -> None:
        assert join([str(tmp_path), "--out", str(out)]) == 2
        found = capsys.readouterr().err
        assert said in found
        assert found.count("\n") == 1
        assert not out.exists()

    for spoilt in (content[:-1], content[:-1] + b"\0\0", b"\0" * len(content)):
        parts[1].write_bytes(spoilt)
        refused("cut short or changed")
    parts[1].unlink()
    refused("is missing")
    for text, said in (
        (notes.replace('"version": 1', '"version": 7'), "version 7"),
        (notes.replace(parts[0].name, f"../{parts[0].name}"), "no file beside it"),
        ("{}", "is damaged"),
        ("nonsense", "is damaged"),
    ):
        (tmp_path / PARTS).write_text(text)
        refused(said)
    (tmp_path / PARTS).unlink()
    refused("holds no weights in parts")


ALLOWED = ("torch", "numpy", "safetensors", "pillow")


def requirements(names: tuple[str, ...]) -> set[str]:
    """Distributions that these need, with themselves."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for needed in importlib.metadata.requires(name) or []:
            own = re.split(r"[\s;<>=!~\[(]", needed, maxsplit=1)[0].lower()
            try:
                importlib.metadata.distribution(own)
            except importlib.metadata.PackageNotFoundError:
                continue
            if "extra ==" not in needed:
                waiting.append(own)
    return found


def bare_environment(folder: Path) -> Path:
    """A new virtual environment with what a lent machine has, linked from this one: nothing is downloaded."""
    venv.create(folder, with_pip=False, symlinks=True)
    (library,) = (folder / "lib").glob("python*/site-packages")
    for name in requirements(ALLOWED):
        for file in importlib.metadata.files(name) or []:
            top = file.parts[0]
            link = library / top
            if top not in ("..", "__pycache__") and not link.exists():
                link.symlink_to(
                    Path(str(file.locate())).parents[len(file.parts) - 2]
                    if len(file.parts) > 1
                    else Path(str(file.locate()))
                )
    return folder / "bin" / "python"


EANET = """
model = "eanet-light"
hints = "{hints}"
network = {{ channels = 16, heads = 2, sa_depth = 1, ca_depth = 1, sjt_depth = 1 }}
batch_size = 2
learning_rate = 1e-3
precision = "bf16"
[loss_weights]
hints = 2.0
heat = 1.0
[[stages]]
name = "whole"
size = 64
steps = 10
[stages.data]
"synthetic:one" = 1
"""


@pytest.mark.slow
def test_the_whole_is_rehearsed_where_there_is_torch_numpy_safetensors_and_pillow_alone(tmp_path: Path):
    """Packed here, trained in the other environment with the code of the pack, joined here.

    One network learns in bfloat16; the other has layers that processors without it compute for minutes.
    """
    python = bare_environment(tmp_path / "environment")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "XDG", "BOTHHANDS"))}

    def there(*command: str | Path, code: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(python), *map(str, command)],
            cwd=tmp_path,
            env={**clean, "PYTHONPATH": str(code), "HOME": str(tmp_path), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    for module in ("cv2", "openvino", "pydantic", "scipy", "platformdirs", "mediapipe"):
        assert there("-c", f"import {module}", code=tmp_path).returncode != 0, module
    weights = ROOT / "assets" / "weights" / "lwa-hand.safetensors"
    whole = configuration(
        tmp_path,
        batch=2,
        extra='frozen = ["encoder.tokens", "encoder.stem"]\n[loss_weights]\nlikeness = 3.0',
    )
    whole.write_text(whole.read_text().replace('start = "scratch"', f'start = "{weights}"').replace("= 3\n", "= 1\n"))
    light = tmp_path / "light.toml"
    light.write_text(EANET.format(hints=weights))
    for name, config in (("hand", whole), ("light", light)):
        folder = tmp_path / name
        write_pack(folder, config, images=4)
        code = folder / BASE / CODE
        done = there("-m", "training.lent", folder, "--minutes", "20", "--steps", "3", "--device", "cpu", code=code)
        assert done.returncode == 0, done.stderr
        assert re.search(r"3 steps, \d+ images/s, loss [\d.]+; the device was busy [\d.]+%", done.stdout)
        joined = tmp_path / f"{name}.safetensors"
        parts = there("-m", "training.lent.parts", folder / RESULT, "--out", joined, code=code)
        assert parts.returncode == 0, parts.stderr
        assert all(bool(torch.isfinite(tensor.float()).all()) for tensor in load_file(joined).values())
        rows = [json.loads(line) for line in (folder / RESULT / HISTORY).read_text().splitlines()]
        assert rows[-1]["step"] == 3
        terms = rows[-1]["terms"]
        assert {"likeness", "heatmaps"} <= terms.keys() if name == "hand" else {"hints", "heat"} <= terms.keys()
    load_weights(tmp_path / "hand.safetensors", create_network(load_hand_models()))
    refused = there("-m", "training.lent", tmp_path / "hand", "--device", "cuda", code=tmp_path / "hand" / BASE / CODE)
    if not torch.cuda.is_available():
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
