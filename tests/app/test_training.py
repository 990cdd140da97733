"""`train`: which device, workers and threads a run gets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from app import training
from app.training import TrainOptions, train_model
from models.errors import BothhandsError

CORES = 12


class FakeTrainer:
    made: list[tuple[Any, ...]]

    def __init__(self, *arguments: Any) -> None:
        self.made.append(arguments)

    def run(self) -> None:
        """A training takes hours."""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What trainers were made of."""
    FakeTrainer.made = []
    monkeypatch.setattr(training, "Trainer", FakeTrainer)
    monkeypatch.setattr(training, "prepare_worker", lambda: None)
    monkeypatch.setattr(training, "resolve_device", lambda name: name)
    monkeypatch.setattr(os, "cpu_count", lambda: CORES)
    for name in ("LOCAL_WORLD_SIZE", "LOCAL_RANK", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    return FakeTrainer.made


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many threads torch was told to use."""
    told: list[int] = []
    monkeypatch.setattr(training.torch, "set_num_threads", told.append)
    return told


def train(folder: Path, **options: Any) -> Path:
    return train_model(TrainOptions(config="lwa-hand", folder=folder, **options), lambda done, total, text: None)


def test_a_preset_is_trained_into_the_folder(made: list, threads: list[int], tmp_path: Path):
    assert train(tmp_path / "run", device="cpu").parent == tmp_path / "run"
    ((config, folder, device, workers, _),) = made
    assert (config.model, folder, device) == ("lwa-hand", tmp_path / "run", "cpu")
    assert workers == CORES // 2  # the processor trains as well
    assert threads == [CORES]


def test_a_gpu_is_fed_by_all_cores_but_one(made: list, threads: list[int], tmp_path: Path):
    train(tmp_path, device="cuda")
    assert made[0][2:4] == ("cuda", CORES - 1)
    assert threads == []


def test_workers_that_are_named_are_taken(made: list, threads: list[int], tmp_path: Path):
    train(tmp_path, device="cpu", workers=0)
    assert made[0][3] == 0


def test_under_torchrun_each_process_has_its_own_gpu_and_its_part_of_the_cores(
    monkeypatch: pytest.MonkeyPatch, made: list, threads: list[int], tmp_path: Path
):
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "4")
    monkeypatch.setenv("LOCAL_RANK", "2")
    train(tmp_path, device="cuda")
    assert made[0][2:4] == ("cuda:2", CORES // 4 - 1)
    train(tmp_path, device="cpu")
    assert made[1][2:4] == ("cpu", 1)
    assert threads == [CORES // 4]


def test_threads_that_a_person_chose_stay(
    monkeypatch: pytest.MonkeyPatch, made: list, threads: list[int], tmp_path: Path
):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    train(tmp_path, device="cpu")
    assert threads == []


def test_a_configuration_that_is_not_there_is_one_sentence(made: list, tmp_path: Path):
    with pytest.raises(BothhandsError, match="none-such"):
        train_model(TrainOptions(config="none-such", folder=tmp_path), lambda *_: None)
    assert made == []
