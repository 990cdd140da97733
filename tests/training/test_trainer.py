"""Runs of training: the same with and without a kill, on one process or two; what goes wrong costs nothing."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from models.eanet import load
from models.errors import BothhandsError
from training.config import TrainConfig, load_config, presets
from training.data.mixture import BatchesOfStage, apportion, share_out
from training.run.checkpoints import LATEST, PREVIOUS, load_checkpoint, save_checkpoint
from training.run.progress import learning_rate
from training.run.trainer import CONFIG, HISTORY, Trainer
from training.tasks import create_task

ROOT = Path(__file__).parents[2]


def make_config(pictures: Path, **changes) -> TrainConfig:
    source = f"images:{pictures}"
    values = {
        "model": "lwa-hand",
        "batch_size": 4,
        "warm_up": 2,
        "validate_every": 1000,
        "checkpoint_every": 2,
        "stages": [
            {"name": "large", "size": 96, "steps": 2, "data": {source: 1}},
            {"name": "small", "size": 64, "steps": 3, "data": {source: 1}},
        ],
    }
    return TrainConfig.model_validate(values | changes)


def train(config: TrainConfig, folder: Path) -> dict[str, torch.Tensor]:
    Trainer(config, folder, "cpu", 0).run()
    state = load_checkpoint(folder)
    assert state is not None
    return state


def assert_same(ours: dict, others: dict) -> None:
    assert ours["step"] == others["step"]
    for name, value in ours["network"].items():
        torch.testing.assert_close(value, others["network"][name], atol=0.0, rtol=0.0)


TINY = {
    "channels": 16,
    "heads": 2,
    "sa_depth": 1,
    "ca_depth": 1,
    "sjt_depth": 1,
    "backbone_width": 2,
    "backbone_depths": [1, 1, 1, 1],
}


def eanet_config(pictures: Path, **changes) -> TrainConfig:
    """A small EANet, whose embeddings of places belong to a size of images, at two sizes."""
    return make_config(pictures, model="eanet-light", network=TINY, **changes)


@pytest.mark.parametrize(
    ("make", "optimiser"),
    [
        (eanet_config, "adamw"),
        (eanet_config, "muon"),
        pytest.param(make_config, "adamw", marks=pytest.mark.slow),
        pytest.param(make_config, "muon", marks=pytest.mark.slow),
    ],
    ids=["adamw-small", "muon-small", "adamw", "muon"],
)
def test_a_run_goes_on_where_it_was_killed(pictures, tmp_path, make, optimiser):
    """Weights after a kill between two checkpoints are those of a run that was left alone, to the last bit."""
    config = make(pictures, optimiser=optimiser)
    whole = train(config, tmp_path / "whole")
    trainer = Trainer(config, tmp_path / "cut", "cpu", 0)
    step = trainer._train_step

    def killed(*args):
        if trainer.step == 3:
            raise SystemExit
        return step(*args)

    trainer._train_step = killed
    with pytest.raises(SystemExit):
        trainer.run()
    again = Trainer(config, tmp_path / "cut", "cpu", 0)
    assert again.step == 2
    again.run()
    assert_same(whole, load_checkpoint(tmp_path / "cut"))
    rows = [json.loads(line) for line in (tmp_path / "whole" / HISTORY).read_text().splitlines()]
    assert rows[-1]["step"] == 5


def test_a_run_goes_on_exactly_on_either_side_of_a_change_of_size(pictures, tmp_path):
    """Interrupted, and so saved, before every step: that after the second is the first of the other size."""
    config = eanet_config(pictures, frozen=["backbone.conv1"])
    whole = train(config, tmp_path / "whole")
    for at in range(1, 5):
        trainer = Trainer(config, tmp_path / "cut", "cpu", 0)
        assert trainer.step == at - 1
        step = trainer._train_step

        def interrupted(*args, trainer=trainer, step=step, at=at):
            if trainer.step == at:
                raise KeyboardInterrupt
            return step(*args)

        trainer._train_step = interrupted
        with pytest.raises(KeyboardInterrupt):
            trainer.run()
    Trainer(config, tmp_path / "cut", "cpu", 0).run()
    assert_same(whole, load_checkpoint(tmp_path / "cut"))
    # A run has learnt them at the new size: it is not where it started from.
    assert whole["size"] == 64
    name = "eablock.interaction.extract.sim.position"
    assert whole["network"][name].shape == (1, 2 * 2 * 2 + 1, 16)
    assert whole["average"][f"module.{name}"].shape == (1, 2 * 2 * 2 + 1, 16)


def test_embeddings_of_a_new_size_are_trained(pictures, tmp_path):
    config = eanet_config(pictures)
    trainer = Trainer(config, tmp_path, "cpu", 0)
    trainer._resize(64)
    position = trainer._network.eablock.interaction.extract.sim.position
    before = position.detach().clone()
    held = [
        parameter
        for optimiser in trainer._optimisers
        for group in optimiser.param_groups
        for parameter in group["params"]
    ]
    assert {id(parameter) for parameter in held} == {id(parameter) for parameter in trainer._network.parameters()}
    trainer._run_stage(1)
    assert trainer._network.eablock.interaction.extract.sim.position is position
    assert not torch.equal(position, before)


def test_weights_of_one_size_start_a_run_at_another(pictures, tmp_path):
    source = f"images:{pictures}"
    small = [{"name": "small", "size": 64, "steps": 1, "data": {source: 1}}]
    large = [{"name": "large", "size": 96, "steps": 1, "data": {source: 1}}]
    train(eanet_config(pictures, stages=small), tmp_path / "small")
    weights = tmp_path / "small" / "weights.safetensors"
    trainer = Trainer(eanet_config(pictures, stages=large, start=str(weights)), tmp_path / "large", "cpu", 0)
    assert trainer._network.input_size == 96
    learnt = load(weights).state_dict()["backbone.conv1.weight"]
    torch.testing.assert_close(trainer._network.backbone.conv1.weight.detach(), learnt)
    wider = TINY | {"channels": 24}
    with pytest.raises(BothhandsError, match="are of another network"):
        Trainer(make_config(pictures, model="eanet-light", network=wider, start=str(weights)), tmp_path / "b", "cpu", 0)


def test_validation_writes_figures_images_and_weights(pictures, tmp_path):
    source = f"images:{pictures}"
    stages = [{"name": "short", "size": 64, "steps": 2, "data": {source: 1}}]
    config = make_config(pictures, stages=stages, validation={source: 2}, validate_every=2)
    train(config, tmp_path)
    rows = [json.loads(line) for line in (tmp_path / HISTORY).read_text().splitlines()]
    figures = [row["figures"] for row in rows if "figures" in row]
    assert figures
    assert {"nme", "heat_nme", "mpjpe", "mpvpe", "presence"} <= set(figures[-1])
    assert (tmp_path / "weights.safetensors").is_file()
    card = json.loads((tmp_path / "weights.json").read_text())
    assert card["trained_on"] == ["test, CC0"]
    assert card["steps"] == 2


def test_a_loss_that_is_no_number_names_the_batch_and_keeps_the_checkpoint(pictures, tmp_path):
    config = eanet_config(pictures)
    trainer = Trainer(config, tmp_path, "cpu", 0)
    losses = trainer._task.losses

    def broken(network, batch):
        terms = losses(network, batch)
        name, value = next(iter(terms.items()))
        return terms | {name: value * float("nan")} if trainer.step == 2 else terms

    trainer._task.losses = broken
    with pytest.raises(BothhandsError, match=r"step 2 \(images:.*hands 8 to 11\)"):
        trainer.run()
    assert load_checkpoint(tmp_path)["step"] == 2


def test_a_full_disk_costs_no_checkpoint_and_no_run(pictures, tmp_path, monkeypatch, caplog):
    trainer = Trainer(eanet_config(pictures), tmp_path, "cpu", 0)
    save = torch.save
    calls = []

    def full(state, file):
        calls.append(state["step"])
        if len(calls) == 2:
            file.write(b"half of it")
            raise OSError(28, "No space left on device")
        save(state, file)

    monkeypatch.setattr(torch, "save", full)
    trainer.run()
    assert calls == [2, 4, 5]
    assert "No space left" in caplog.text
    assert load_checkpoint(tmp_path)["step"] == 5
    assert not list(tmp_path.glob("*.part"))


def test_a_damaged_checkpoint_falls_back_to_the_one_before(tmp_path):
    for step in (1, 2):
        save_checkpoint(tmp_path, {"step": step})
    (tmp_path / LATEST).write_bytes((tmp_path / LATEST).read_bytes()[:100])
    assert load_checkpoint(tmp_path) == {"step": 1}
    (tmp_path / PREVIOUS).write_bytes(b"")
    with pytest.raises(BothhandsError, match="No checkpoint can be read"):
        load_checkpoint(tmp_path)
    assert load_checkpoint(tmp_path / "elsewhere") is None


def test_another_configuration_does_not_go_on(pictures, tmp_path):
    Trainer(eanet_config(pictures), tmp_path, "cpu", 0)
    with pytest.raises(BothhandsError, match="another configuration"):
        Trainer(eanet_config(pictures, seed=1), tmp_path, "cpu", 0)


def test_a_run_goes_on_whose_configuration_names_a_value_as_earlier_versions_did(pictures, tmp_path):
    config = eanet_config(pictures, pool_pictures=7)
    assert config.pool_images == 7
    Trainer(config, tmp_path, "cpu", 0)
    text = (tmp_path / CONFIG).read_text(encoding="utf-8")
    assert '"pool_images": 7' in text
    (tmp_path / CONFIG).write_text(text.replace("pool_images", "pool_pictures"), encoding="utf-8")
    Trainer(config, tmp_path, "cpu", 0)


def test_processes_share_a_batch_without_overlap(pictures):
    source = f"images:{pictures}"
    config = make_config(pictures, stages=[{"name": "one", "size": 64, "steps": 1, "data": {source: 1}}])
    whole = BatchesOfStage(config, 0)[3]
    parts = [BatchesOfStage(config, 0, rank, 2)[3] for rank in range(2)]
    torch.testing.assert_close(torch.cat([part.image for part in parts]), whole.image)
    again = BatchesOfStage(config, 0)[3]
    torch.testing.assert_close(again.vertices, whole.vertices)
    with pytest.raises(BothhandsError, match="3 processes cannot share batches of 4"):
        BatchesOfStage(config, 0, 0, 3)


def test_shares_become_whole_numbers():
    assert apportion([0.5, 0.25, 0.25], 8) == [4, 2, 2]
    assert apportion([1.0, 1.0, 1.0], 8) == [3, 3, 2]
    assert apportion([5.0], 3) == [3]


def test_processes_share_every_source_of_a_batch():
    """Counts that no process could halve by itself: each image is made once, and all make equally many."""
    shares = share_out([3, 1, 2, 7, 3], 4)
    for count, parts in zip([3, 1, 2, 7, 3], shares, strict=True):
        assert [index for part in parts for index in part] == list(range(count))
    assert [sum(len(parts[rank]) for parts in shares) for rank in range(4)] == [4, 4, 4, 4]


def test_a_source_without_room_in_a_batch_is_named(pictures):
    stage = {"name": "large", "size": 96, "steps": 2, "data": {f"images:{pictures}": 20, "synthetic:one": 1}}
    with pytest.raises(BothhandsError, match="no room for the share of synthetic:one"):
        BatchesOfStage(make_config(pictures, stages=[stage]), 0)


def test_frozen_parameters_stay_as_they_were(pictures, tmp_path):
    position = "eablock.interaction.extract.sim.position"
    config = eanet_config(
        pictures,
        frozen=["backbone.conv1", "backbone.bn1", position],
        weight_decay=0.1,
        stages=[{"name": "one", "size": 64, "steps": 2, "data": {f"images:{pictures}": 1}}],
    )
    trainer = Trainer(config, tmp_path, "cpu", 0)
    before = {name: value.clone() for name, value in trainer._network.named_parameters()}
    trainer.run()
    moved = {name for name, value in trainer._network.named_parameters() if not torch.equal(value, before[name])}
    still = before.keys() - moved
    assert {position, "backbone.conv1.weight", "backbone.bn1.weight", "backbone.bn1.bias"} <= still
    assert "backbone.layer1.0.conv1.weight" in moved
    with pytest.raises(BothhandsError, match=r"frozen names 'backbone\.canv1'"):
        Trainer(eanet_config(pictures, frozen=["backbone.canv1"]), tmp_path / "other", "cpu", 0)


def test_a_stage_may_leave_alone_what_another_one_trains(pictures, tmp_path):
    first, second = eanet_config(pictures).stages
    stages = [first.model_copy(update={"frozen": ("backbone",)}), second]
    config = eanet_config(pictures, stages=stages, weight_decay=0.1)
    trainer = Trainer(config, tmp_path / "whole", "cpu", 0)
    moved = []
    for number in range(2):
        before = {name: value.clone() for name, value in trainer._network.named_parameters()}
        trainer._run_stage(number)
        parameters = trainer._network.named_parameters()
        moved.append({name for name, value in parameters if not torch.equal(value, before[name])})
    assert moved[0]
    assert not [name for name in moved[0] if name.startswith("backbone")]
    assert "backbone.conv1.weight" in moved[1]
    wrong = eanet_config(pictures, stages=[first, second.model_copy(update={"frozen": ("backbone.canv1",)})])
    with pytest.raises(BothhandsError, match=r"frozen names 'backbone\.canv1'"):
        # Said now, not when the stage begins.
        Trainer(wrong, tmp_path / "other", "cpu", 0)


def test_batch_norms_of_frozen_parts_stay_as_they_were(pictures, tmp_path):
    """Their running means would follow the images otherwise, and the part would not be what it was."""
    trainer = Trainer(eanet_config(pictures, frozen=["backbone", "sjt"]), tmp_path, "cpu", 0)
    before = {name: value.clone() for name, value in trainer._network.state_dict().items()}
    trainer.run()
    moved = {name for name, value in trainer._network.state_dict().items() if not torch.equal(value, before[name])}
    assert not [name for name in moved if name.startswith(("backbone.", "sjt."))]
    assert "hand_features.left.1.running_mean" in moved


def test_learning_rate_rises_and_falls(pictures):
    config = make_config(pictures)
    rates = [learning_rate(config, step) for step in range(config.steps + 1)]
    assert rates[0] == pytest.approx(config.learning_rate / 2)
    assert rates[-1] == pytest.approx(config.learning_rate / 100)
    steps = make_config(pictures, schedule="steps", falls=[0.4, 0.8], warm_up=0)
    assert [learning_rate(steps, step) for step in range(5)] == pytest.approx([1e-3, 1e-3, 1e-4, 1e-4, 1e-5])


@pytest.mark.parametrize("name", presets())
def test_presets_are_configurations(name: str):
    assert load_config(name).steps > 0


@pytest.mark.parametrize("name", ["eanet-mobile", "lwa-hand-image", "lwa-hand"])
def test_what_presets_leave_alone_is_there(name: str):
    config = load_config(name).model_copy(update={"start": "scratch"})
    parameters = [own for own, _ in create_task(config).network.named_parameters()]
    for start in {*config.frozen, *(start for stage in config.stages for start in stage.frozen)}:
        assert any(own.startswith(start) for own in parameters), start


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("model = 3", "at model"),
        (
            "model = 'lwa-hand'\nablation = 'x'\nstages = [{name='a', steps=1, data={x=1}}]",
            "lwa-hand takes no ablation",
        ),
        (
            "model = 'eanet-backbone'\nstages = [{name='a', steps=1, data={x=1}}]",
            "eanet-backbone needs hints",
        ),
        (
            "model = 'eanet-backbone'\nhints = 'a'\nvalidation = {x=1}\nstages = [{name='a', steps=1, data={x=1}}]",
            "eanet-backbone takes no validation",
        ),
        ("model = 'lwa-hand'\nhints = 'a'\nstages = [{name='a', steps=1, data={x=1}}]", "lwa-hand takes no hints"),
        ("model = 'eanet-mobile'\nhints = 'a'\nstages = [{name='a', steps=1, data={x=1}}]", "takes no hints"),
        (
            "model = 'eanet'\nhints = 'a'\nnetwork = {backbone='x'}\nstages = [{name='a', steps=1, data={x=1}}]",
            "another backbone takes none",
        ),
        ("model = 'handnet'\nstages = [{name='a', steps=1, data={x=1}}]", "no network 'handnet' to train"),
        ("model = 'eanet'\nstages = [{name='a', steps=1, size=100, data={x=1}}]", "multiple of 32"),
        ("no toml", "is no TOML"),
    ],
)
def test_a_wrong_configuration_is_one_sentence(tmp_path, text: str, complaint: str):
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(BothhandsError, match=complaint):
        load_config(str(path))


def test_unknown_presets_and_sources_are_named(tmp_path, pictures):
    with pytest.raises(BothhandsError, match="no preset 'resnet'"):
        load_config("resnet")
    config = make_config(pictures, stages=[{"name": "a", "size": 64, "steps": 1, "data": {"films:here": 1}}])
    with pytest.raises(BothhandsError, match="no source 'films:here'"):
        BatchesOfStage(config, 0)


def run_command(config: Path, out: Path, *launcher: str) -> list[str]:
    return [sys.executable, *launcher, str(ROOT / "main.py"), "train", str(config), "--out", str(out), "--workers", "0"]


def write_toml(pictures: Path, folder: Path, steps: int) -> Path:
    path = folder / "run.toml"
    path.write_text(
        f"""model = "lwa-hand"
batch_size = 4
learning_rate = 1e-4
warm_up = 0
checkpoint_every = 1
validate_every = 1000
[[stages]]
name = "all"
size = 64
steps = {steps}
[stages.data]
"images:{pictures}" = 1
"""
    )
    return path


@pytest.mark.slow
def test_two_processes_learn_what_one_does(pictures, tmp_path):
    config = write_toml(pictures, tmp_path, 3)
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    torchrun = ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2")
    for name, launcher in (("one", ()), ("two", torchrun)):
        subprocess.run(run_command(config, tmp_path / name, *launcher), check=True, cwd=ROOT, env=environment)
    rows = [json.loads((tmp_path / name / HISTORY).read_text().splitlines()[0]) for name in ("one", "two")]
    assert rows[0]["loss"] == pytest.approx(rows[1]["loss"], rel=1e-5)
    assert rows[0]["terms"] == pytest.approx(rows[1]["terms"], rel=1e-3)
    one, two = (load_checkpoint(tmp_path / name)["network"] for name in ("one", "two"))
    # Adam turns a gradient that is all but zero into a whole step either way: single weights may differ, not the lot.
    apart = torch.cat([(one[name] - two[name]).abs().flatten() for name in one])
    assert apart.mean() < 1e-6


@pytest.mark.slow
def test_a_killed_process_resumes_to_the_same_weights(pictures, tmp_path):
    config = write_toml(pictures, tmp_path, 12)
    command = run_command(config, tmp_path / "cut")
    process = subprocess.Popen(command, cwd=ROOT)
    while not (tmp_path / "cut" / LATEST).exists():
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"it ended with {process.wait(0.01)} before it was killed")
    process.send_signal(signal.SIGKILL)
    process.wait()
    subprocess.run(command, check=True, cwd=ROOT)
    subprocess.run(run_command(config, tmp_path / "whole"), check=True, cwd=ROOT)
    assert_same(load_checkpoint(tmp_path / "whole"), load_checkpoint(tmp_path / "cut"))
