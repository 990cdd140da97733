"""The loop: batches in, weights out, whatever happens in between."""

from __future__ import annotations

import json
import logging
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel

from models.errors import BothhandsError
from training.config import StageConfig, TrainConfig
from training.data.examples import Batch
from training.data.mixture import BatchesOfStage, batches, held_out, held_out_source
from training.losses.reduction import any_process, world_mean
from training.run.checkpoints import load_checkpoint, save_checkpoint
from training.run.optimisers import create_optimisers
from training.run.preview import prediction_sheet
from training.run.progress import averaging, freeze, learning_rate, parameters_of
from training.run.validation import ValidationResult, validate
from training.start.teacher import Teacher
from training.tasks import create_task

CONFIG, HISTORY, WEIGHTS, LOG = "config.json", "history.jsonl", "weights.safetensors", "tensorboard"
_LOG_EVERY = 20
_logger = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
"""Told steps done, steps in all, and a few words."""


class Trainer:
    """Trains one network in one folder; under torchrun, one of several that do so together.

    Args:
        config: of the run.
        folder: for checkpoints, weights, the history and TensorBoard's log; made if it is missing. A run that lies
            there is continued.
        device: "cpu" or "cuda:N".
        workers: processes that make images.
        on_progress: told every few steps, in the first process only.

    Raises:
        BothhandsError: the folder holds another run, or cannot be written to; the data or the start is missing.
    """

    def __init__(
        self, config: TrainConfig, folder: Path, device: str, workers: int, on_progress: Progress | None = None
    ) -> None:
        self._config, self._folder, self._workers = config, folder, workers
        self._rank, self._world = _join()
        self._device = torch.device(device)
        self._progress = on_progress if on_progress and self._rank == 0 else lambda done, total, text: None
        self._task = create_task(config)
        # What no stage trains needs no optimiser; what some stage does not, has no gradient there.
        self._still = freeze(self._task.network, config.frozen)
        for stage in config.stages:
            parameters_of(self._task.network, stage.frozen)
        products = "bf16" if config.precision == "bf16-products" else "ieee"
        torch.backends.mkldnn.matmul.fp32_precision = products  # pyright: ignore[reportAttributeAccessIssue]
        self._network = self._task.network.to(self._device)
        self._network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - torch's stubs
        self._average = AveragedModel(self._network, multi_avg_fn=averaging(config.ema), use_buffers=True)
        self._optimisers = create_optimisers(config, self._task)
        self._teacher = Teacher(config.teacher, config.weak_trust, self._device) if config.teacher else None
        self._step, self._seconds, self._size = 0, 0.0, config.stages[0].size
        self._names: list[str] = []
        for spec in config.validation:
            # What is missing is said now, not after an hour.
            held_out_source(config, spec, config.stages[0].size)
        _prepare(folder, config, self._rank)
        self._restore()

    @property
    def step(self) -> int:
        """Steps done."""
        return self._step

    def run(self) -> None:
        """Train to the end.

        Raises:
            BothhandsError: the loss or its gradient is no number any more; the text names the batch. The last good
                checkpoint stays.
        """
        try:
            while self._step < self._config.steps:
                self._run_stage(self._config.stage_at(self._step))
            self._validate()
            self._checkpoint()
        except KeyboardInterrupt:
            self._checkpoint()
            raise
        finally:
            if dist.is_initialized():
                dist.destroy_process_group()

    def _run_stage(self, number: int) -> None:
        config, stage = self._config, self._config.stages[number]
        end = sum(entry.steps for entry in config.stages[: number + 1])
        dataset = BatchesOfStage(config, number, self._rank, self._world)
        self._names = dataset.names
        dataset.prepare(self._rank, self._world, lambda done, total: self._progress(done, total, "making images"))
        if dist.is_initialized():
            dist.barrier()
        self._resize(stage.size)
        self._still = freeze(self._network, (*config.frozen, *stage.frozen))
        network = self._distributed()
        started, done = time.perf_counter(), self._step
        for batch in batches(dataset, self._step, end, self._workers, self._device.type == "cuda"):
            terms = self._train_step(network, batch.to(self._device), stage, dataset)
            self._step += 1
            if self._step % _LOG_EVERY == 0 or self._step == end:
                now = time.perf_counter()
                rate = (self._step - done) * config.batch_size / (now - started)
                self._seconds += now - started
                started, done = now, self._step
                self._log(stage, terms, rate)
            if self._step % config.checkpoint_every == 0:
                self._checkpoint()
            if self._step % config.validate_every == 0:
                self._validate()
                started = time.perf_counter()

    def _resize(self, size: int) -> None:
        """Go on at a size of images. Parameters that it replaces start without the optimiser's memory of old ones."""
        if size == self._size:
            return
        before = dict(self._network.named_parameters())
        for network in (self._network, self._average.module):
            self._task.resize(network, size)
        after = dict(self._network.named_parameters())
        replaced = {before[name]: after[name] for name in before if after[name] is not before[name]}
        for optimiser in self._optimisers:
            for group in optimiser.param_groups:
                group["params"] = [replaced.get(parameter, parameter) for parameter in group["params"]]
            for parameter in replaced:
                optimiser.state.pop(parameter, None)
        self._size = size

    def _distributed(self) -> nn.Module:
        if self._world == 1:
            return self._network
        devices = [self._device] if self._device.type == "cuda" else None
        return DistributedDataParallel(self._network, device_ids=devices, forward_sync_buffers=False)

    def _train_step(
        self, network: nn.Module, batch: Batch, stage: StageConfig, dataset: BatchesOfStage
    ) -> dict[str, Tensor]:
        config = self._config
        # Whatever is drawn at random inside the network follows from the step, so that a resumed run draws the same.
        torch.manual_seed(config.seed * 1_000_003 + self._step * self._world + self._rank)
        if self._teacher is not None:
            batch = self._teacher.complete(batch)
        network.train()
        for module in self._still:
            module.eval()
        for optimiser in self._optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * stage.rate * learning_rate(config, self._step)
            optimiser.zero_grad(set_to_none=True)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=config.precision == "bf16"):
            terms = self._task.losses(network, batch)
        total = torch.stack(list(terms.values())).sum()
        total.backward()
        largest = config.gradient_clip or math.inf
        norm = torch.nn.utils.clip_grad_norm_(self._network.parameters(), largest)
        sane = bool(torch.isfinite(total.detach()) & torch.isfinite(norm))
        if any_process(not sane, self._device):
            raise BothhandsError(
                f"The loss is no number any more at step {self._step} ({dataset.describe(self._step)}); the last good "
                f"checkpoint in {self._folder} is kept. Lower learning_rate, or look at these images."
            )
        for optimiser in self._optimisers:
            optimiser.step()
        self._average.update_parameters(self._network)
        return {name: term.detach() for name, term in terms.items()} | {"gradient": norm.detach()}

    def _log(self, stage: StageConfig, terms: dict[str, Tensor], rate: float) -> None:
        means = {name: float(world_mean(term)) for name, term in terms.items()}
        loss = sum(value for name, value in means.items() if name != "gradient")
        text = f"{stage.name}: loss {loss:.3f}, {rate:.0f} images/s"
        self._progress(self._step, self._config.steps, text)
        row = {"step": self._step, "stage": stage.name, "loss": loss, "terms": means, "rate": rate}
        self._note(row)
        with self._writer() as writer:
            if writer is not None:
                writer.add_scalar("loss/total", loss, self._step)
                for name, value in means.items():
                    writer.add_scalar(f"loss/{name}", value, self._step)
                writer.add_scalar("images per second", rate, self._step)

    def _validate(self) -> None:
        """Validate the averaged weights, and write them for the app."""
        if self._rank:
            return
        network = self._average.module.eval()
        for spec, count in self._config.validation.items():
            found = validate(self._task.predict, network, held_out(self._config, spec, count, self._size), self._device)
            self._note({"step": self._step, "source": spec, "size": self._size, "figures": found.metrics})
            self._show(spec, found)
        notes = {"trained_on": self._names, "steps": self._step, "seconds": round(self._seconds)}
        with self._kept("weights"):
            self._task.export(network, self._folder / WEIGHTS, notes)

    def _show(self, spec: str, found: ValidationResult) -> None:
        with self._writer() as writer:
            if writer is not None:
                for name, value in found.metrics.items():
                    writer.add_scalar(f"{spec}/{name}", value, self._step)
                sheet = prediction_sheet(found.batch, found.prediction)
                writer.add_image(spec, sheet, self._step, dataformats="HWC")

    def _checkpoint(self) -> None:
        if self._rank:
            return
        state = {
            "step": self._step,
            "seconds": self._seconds,
            "size": self._size,
            "network": self._network.state_dict(),
            "average": self._average.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
        }
        with self._kept("checkpoint"):
            save_checkpoint(self._folder, state)

    def _restore(self) -> None:
        state = load_checkpoint(self._folder)
        if state is None:
            return
        self._step, self._seconds = state["step"], state["seconds"]
        # A run that was interrupted where the size changes may be on either side of it. Older states do not tell it.
        self._resize(state.get("size", self._size))
        self._network.load_state_dict(state["network"])
        self._average.load_state_dict(state["average"])
        for optimiser, kept in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)

    @contextmanager
    def _kept(self, what: str) -> Iterator[None]:
        """A full disk costs what was to be written, never the run: the next time there may be room."""
        try:
            yield
        except OSError as error:
            _logger.warning("The %s of step %d was not written (%s); the one before is kept.", what, self._step, error)

    def _note(self, row: dict[str, Any]) -> None:
        if self._rank == 0:
            with self._kept("history"), (self._folder / HISTORY).open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        """TensorBoard's log, where tensorboard is installed and this is the first process; else None."""
        if self._rank:
            yield None
            return
        if not hasattr(self, "_summary"):
            try:
                from torch.utils.tensorboard import SummaryWriter

                self._summary = SummaryWriter(str(self._folder / LOG), purge_step=self._step)
            except ImportError:
                _logger.info("tensorboard is not installed: %s tells how the run goes.", self._folder / HISTORY)
                self._summary = None
        with self._kept("log"):
            yield self._summary


def _join() -> tuple[int, int]:
    """This process's rank, and how many train together: what torchrun says."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return (dist.get_rank(), world) if world > 1 else (0, 1)


def _prepare(folder: Path, config: TrainConfig, rank: int) -> None:
    """Make the folder, or see that it is this run's."""
    path = folder / CONFIG
    if path.is_file():
        if not _is_of(config, path.read_text(encoding="utf-8")):
            raise BothhandsError(f"{folder} holds a run of another configuration; name another folder.")
        return
    if rank:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(config.model_dump_json(indent=2), encoding="utf-8")
    except OSError as error:
        raise BothhandsError(f"The run cannot be written to {folder} ({error}); name another place.") from error


def _is_of(config: TrainConfig, text: str) -> bool:
    """Whether a run's file says this configuration, be it under names that its values had when the run began."""
    try:
        return type(config).model_validate_json(text).model_dump_json() == config.model_dump_json()
    except ValueError:
        return False
