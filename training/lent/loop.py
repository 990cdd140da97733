"""The loop on a lent machine: from a pack to weights, by the clock."""

from __future__ import annotations

import copy
import json
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.places import notes_file
from training.data.examples import Batch
from training.lent.batches import Batches
from training.lent.busy import BusyShare
from training.lent.parts import split_file
from training.lent.plan import BASE, RUN, read_plan
from training.lent.store import load_store
from training.run.optimisers import create_optimisers
from training.run.progress import freeze, rate_at
from training.tasks import Task, create_task

HISTORY, RESULT = "history.jsonl", "result"
_LOG_EVERY = 20
_BEHIND = 2
"""Steps after which a loss is looked at: a GPU need not wait for the program to see it."""
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class LentOptions:
    """What `python -m training.lent` was asked for.

    Attributes:
        folder: the pack.
        minutes: from the program's start to its end, weights written.
        out: where curves and weights go; None: `RESULT` in the pack.
        device: "auto", "cpu" or "cuda".
        allow_missing: train without the shards that are not there.
        compiled: whether the network is compiled, where there is a GPU.
        checkpoint_seconds: between two states of the weights that are written.
        steps: at most so many; None: as the clock says.
        largest_part: bytes of a file of weights.
    """

    folder: Path
    minutes: float = 8.0
    out: Path | None = None
    device: str = "auto"
    allow_missing: bool = False
    compiled: bool = True
    checkpoint_seconds: float = 60.0
    steps: int | None = None
    largest_part: int = 16 << 20


@dataclass(frozen=True, kw_only=True)
class LentResult:
    """How it went.

    Attributes:
        steps: done.
        seconds: of training, without loading and writing.
        images_per_second: in these.
        busy: share of them in which the device had work.
        loss: last one in the curve.
        folder: with curves and weights.
    """

    steps: int
    seconds: float
    images_per_second: float
    busy: float
    loss: float
    folder: Path


def lent_device(wanted: str) -> torch.device:
    """The device that a name means here.

    Raises:
        BothhandsError: CUDA was asked for and is not there, or there is no such device.
    """
    if wanted == "auto":
        return torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")
    try:
        device = torch.device(wanted)
    except RuntimeError as error:
        raise BothhandsError(f"There is no device {wanted!r}; choose auto, cpu or cuda.") from error
    if device.type not in ("cpu", "cuda"):
        raise BothhandsError(f"There is no device {wanted!r} to train on; choose auto, cpu or cuda.")
    if device.type == "cuda" and not torch.cuda.is_available():
        raise BothhandsError(
            "CUDA was asked for, and torch sees no GPU here: look at `nvidia-smi`, or use --device cpu."
        )
    # With its number, as tensors on it tell theirs.
    return torch.device("cuda", device.index or 0) if device.type == "cuda" else device


class LentTrainer:
    """Trains what a pack says.

    Args:
        options: see there.
        started: `time.monotonic()` at the program's start, from which the minutes count.
        say: told a line now and then.

    Raises:
        BothhandsError: no pack, a shard is missing or damaged, no such device, or nothing can be written.
    """

    def __init__(self, options: LentOptions, started: float, say: Callable[[str], None]) -> None:
        self._options, self._started, self._say = options, started, say
        self._device = lent_device(options.device)
        self._plan = read_plan(options.folder)
        self._folder = options.out or options.folder / RESULT
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / HISTORY).write_text("", encoding="utf-8")
        except OSError as error:
            raise BothhandsError(
                f"Nothing can be written to {self._folder} ({error.strerror}); name another."
            ) from error
        config = self._plan.train_config(options.folder)
        self._config, self._stage = config, config.stages[0]
        models = load_hand_models()
        for model in models.values():
            model.to(self._device)
        store = load_store(options.folder, self._plan, models, self._device, options.allow_missing)
        say(f"{len(store)} images on {store.images.device} after {self._elapsed():.0f} s")
        self._batches = Batches(config, self._plan, store, self._device)
        self._task: Task = create_task(config)
        network = self._task.network.to(self._device)
        network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - torch's stubs
        self._still = freeze(network, (*config.frozen, *self._stage.frozen))
        self._network = network
        self._run: Callable[..., Any] = network
        if self._device.type == "cuda":
            torch.backends.cudnn.benchmark = True
            if options.compiled:
                self._run = torch.compile(network)
        self._average = _Average(network, config.ema)
        self._optimisers = create_optimisers(config, self._task)
        self._watch = _LossWatch(self._device, self._batches.describe)
        self._writing: threading.Thread | None = None
        self._failed: Exception | None = None

    def run(self) -> LentResult:
        """Train until the minutes are over.

        Raises:
            BothhandsError: the loss is no number any more, the text names the batch; the last good weights stay. Or
                the minutes were over before the first step.
        """
        try:
            return self._train()
        except torch.cuda.OutOfMemoryError as error:
            raise BothhandsError(
                f"The GPU's memory is too small for batches of {self._config.batch_size}: lower batch_size in "
                f"{self._options.folder / BASE / RUN}, or in the preset."
            ) from error
        finally:
            self._finish_writing()

    def _train(self) -> LentResult:
        options, config = self._options, self._config
        budget = 60.0 * options.minutes
        busy = BusyShare(self._device)
        step = 0
        written = mark = began = time.monotonic()
        counted = marked = 0  # steps done when `began` and `mark` were
        terms: dict[str, Tensor] = {}
        first = self._elapsed()
        while self._elapsed() < budget - self._reserve() and (options.steps is None or step < options.steps):
            part = min(max(self._elapsed() - first, 0.0) / max(budget - first, 1e-6), 1.0)
            if options.steps is not None:
                part = max(part, step / options.steps)
            busy.fetching()
            batch = self._batches.make(step)
            busy.stepping()
            terms = self._train_step(step, batch, rate_at(config, step, part) * self._stage.rate)
            busy.done()
            step += 1
            now = time.monotonic()
            if step == 1:  # what compiling and choosing kernels took is told by itself
                self._watch.look(0)
                self._say(f"first step after {self._elapsed():.0f} s")
                first = self._elapsed()
            elif step == 2:
                busy = BusyShare(self._device)
                mark = began = now
                marked = counted = step
            if step % _LOG_EVERY == 0:
                self._log(step, terms, (step - marked) * config.batch_size / max(now - mark, 1e-9), busy)
                mark, marked = time.monotonic(), step
            if now - written > options.checkpoint_seconds and self._may_write():
                self._write(step, wait=False)
                written = time.monotonic()
        if not step:
            raise BothhandsError(
                f"The {options.minutes:g} minutes were over before the first step: give more, or carry fewer shards."
            )
        self._watch.look(0)
        seconds = max(time.monotonic() - began, 1e-9)
        rate = max(step - counted, 1) * config.batch_size / seconds
        loss = self._log(step, terms, rate, busy)
        self._write(step, wait=True)
        return LentResult(
            steps=step,
            seconds=seconds,
            images_per_second=rate,
            busy=busy.share(),
            loss=loss,
            folder=self._folder,
        )

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _reserve(self) -> float:
        """Seconds that writing the weights may take at the end, after those that are being written."""
        return min(5.0 + self._average.size / 5e6, 0.2 * 60.0 * self._options.minutes)

    def _train_step(self, step: int, batch: Batch, rate: float) -> dict[str, Tensor]:
        config = self._config
        torch.manual_seed(config.seed * 1_000_003 + step)
        self._network.train()
        for module in self._still:
            module.eval()
        for optimiser in self._optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * rate
            optimiser.zero_grad(set_to_none=True)
        terms = self._losses(step, batch)
        total = torch.stack(list(terms.values())).sum()
        total.backward()
        largest = config.gradient_clip or math.inf
        norm = torch.nn.utils.clip_grad_norm_(self._network.parameters(), largest)
        self._watch.add(step, torch.isfinite(total.detach()) & torch.isfinite(norm))
        for optimiser in self._optimisers:
            optimiser.step()
        self._average.update()
        return {name: term.detach() for name, term in terms.items()} | {"gradient": norm.detach()}

    def _losses(self, step: int, batch: Batch) -> dict[str, Tensor]:
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._config.precision == "bf16"):
            try:
                return self._task.losses(self._run, batch)  # type: ignore[arg-type]
            except BothhandsError:
                raise
            except Exception as error:  # a compiler fails in many ways; the network itself needs none
                if self._run is self._network or step:
                    raise
                self._say(f"not compiled ({type(error).__name__}: {str(error).splitlines()[0][:200]})")
                self._run = self._network
                return self._task.losses(self._network, batch)

    def _may_write(self) -> bool:
        return self._writing is None or not self._writing.is_alive()

    def _write(self, step: int, wait: bool) -> None:
        """Write the averaged weights, beside the training unless that is to wait."""
        self._watch.look(0)
        snapshot = copy.deepcopy(self._average.network).to("cpu").eval()
        notes = {
            "trained_on": [*dict.fromkeys(source.name for source in self._plan.sources)],
            "preset": self._plan.preset,
            "steps": step,
            "seconds": round(self._elapsed()),
        }
        self._finish_writing()
        self._writing = threading.Thread(target=self._export, args=(snapshot, notes), name="weights")
        self._writing.start()
        if wait:
            self._finish_writing()
            if self._failed is not None:
                raise BothhandsError(f"The weights cannot be written to {self._folder} ({self._failed}).")

    def _finish_writing(self) -> None:
        if self._writing is not None:
            self._writing.join()

    def _export(self, network: nn.Module, notes: dict[str, Any]) -> None:
        whole = self._folder / ".weights.safetensors"
        try:
            self._task.export(network, whole, notes)
            card = json.loads(notes_file(whole).read_text(encoding="utf-8"))
            split_file(whole, self._folder, card, self._options.largest_part)
            self._failed = None
        except (OSError, BothhandsError) as error:  # the next state may find room
            self._failed = error
            _logger.warning("The weights were not written: %s", error)
        finally:
            for left in (whole, notes_file(whole)):
                left.unlink(missing_ok=True)

    def _log(self, step: int, terms: dict[str, Tensor], rate: float, busy: BusyShare) -> float:
        values = {name: float(term) for name, term in terms.items()}
        loss = sum(value for name, value in values.items() if name != "gradient")
        row = {
            "step": step,
            "elapsed": round(self._elapsed(), 2),
            "loss": loss,
            "terms": values,
            "rate": round(rate, 1),
            "busy": round(busy.share(), 4),
            "utilisation": busy.utilisation(),
        }
        try:
            with (self._folder / HISTORY).open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        except OSError as error:
            _logger.warning("The curves of step %d were not written: %s", step, error)
        self._say(f"step {step}, {row['elapsed']:.0f} s: loss {loss:.3f}, {rate:.0f} images/s, busy {row['busy']:.0%}")
        return loss


class _LossWatch:
    """Sees that losses are numbers, some steps behind: a GPU need not wait for the program to look.

    Args:
        device: that trains.
        describe: names the images of a step.
    """

    def __init__(self, device: torch.device, describe: Callable[[int], str]) -> None:
        self._cuda = device.type == "cuda"
        self._describe = describe
        self._queued: deque[tuple[int, Tensor, torch.cuda.Event | None]] = deque()

    def add(self, step: int, sane: Tensor) -> None:
        """Take whether a step's loss and gradient are numbers, () bool on the device."""
        event = None
        if self._cuda:
            sane = sane.to("cpu", non_blocking=True)
            event = torch.cuda.Event()
            event.record()
        self._queued.append((step, sane, event))
        self.look(_BEHIND if self._cuda else 0)

    def look(self, behind: int) -> None:
        """Look at all steps but the last ones.

        Raises:
            BothhandsError: a loss is no number; the text names the batch.
        """
        while len(self._queued) > behind:
            step, sane, event = self._queued.popleft()
            if event is not None:
                event.synchronize()
            if not bool(sane):
                raise BothhandsError(
                    f"The loss is no number any more at step {step} ({self._describe(step)}); the last good weights "
                    "stay. Lower learning_rate in the preset, or look at these images."
                )


class _Average:
    """Exponential average of a network's weights, which forgets faster at first.

    Args:
        network: in training.
        decay: the last average's share; 0 keeps the last weights.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network)
        self._decay, self._count = decay, 0
        own, new = self._tensors(self.network), self._tensors(network)
        pairs = list(zip(own, new, strict=True))
        self._floats = [pair for pair in pairs if pair[0].is_floating_point()]
        self._others = [pair for pair in pairs if not pair[0].is_floating_point()]
        self.size = sum(tensor.numel() for tensor in own)
        """Numbers in it."""

    @torch.no_grad()
    def update(self) -> None:
        """Take the network's weights as they are now."""
        kept = min(self._decay, (1.0 + self._count) / (10.0 + self._count)) if self._count else 0.0
        self._count += 1
        own, new = [own for own, _ in self._floats], [new for _, new in self._floats]
        torch._foreach_lerp_(own, new, 1.0 - kept)  # pyright: ignore[reportPrivateImportUsage]
        for own, new in self._others:
            own.copy_(new)

    @staticmethod
    def _tensors(network: nn.Module) -> list[Tensor]:
        return [tensor.detach() for tensor in (*network.parameters(), *network.buffers())]
