"""How many images a second are trained on, and how long a trainer waits for them.

Run as `python -m benchmarks.training [--device cuda] [--models lwa-hand eanet-mobile] [--batch 32] [--workers 2]`.
The first table trains on one batch over and over: what the network costs. The second feeds lwa-hand with synthetic
images, as `python main.py train` does: the share of time in which the network works is how busy the device is kept.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import torch
from rich.console import Console
from rich.table import Table

from training.config import TrainConfig
from training.data.examples import Batch
from training.data.mixture import BatchesOfStage, batches, held_out
from training.names import MODELS
from training.synthetic.synthesiser import prepare_worker
from training.tasks import create_task

STEPS, WARM_UP = 6, 2
FED_STEPS = 24


def make_config(model: str, size: int, precision: str, batch: int) -> TrainConfig:
    """A run on synthetic images."""
    stage = {"name": "benchmark", "size": size, "steps": 1000, "data": {"synthetic:mixed": 1}}
    return TrainConfig.model_validate(
        {"model": model, "batch_size": batch, "precision": precision, "reuse": 8, "stages": [stage]}
    )


def make_step(config: TrainConfig, device: torch.device) -> Callable[[Batch], None]:
    """What the trainer does with a batch, the average of the weights left out."""
    task = create_task(config)
    network = task.network.to(device).train()
    network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - torch's stubs
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-5)

    def step(batch: Batch) -> None:
        with torch.autocast(device.type, torch.bfloat16, enabled=config.precision == "bf16"):
            terms = task.losses(network, batch)
        optimiser.zero_grad(set_to_none=True)
        torch.stack(list(terms.values())).sum().backward()
        optimiser.step()

    return step


def synchronise(device: torch.device) -> None:
    """Wait for the device, where it works by itself."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def rate_alone(config: TrainConfig, device: torch.device) -> float:
    """Images a second on one batch."""
    [batch] = held_out(config, "synthetic:mixed", config.batch_size, config.stages[0].size, config.batch_size)
    batch = batch.to(device)
    step = make_step(config, device)
    for _ in range(WARM_UP):
        step(batch)
    synchronise(device)
    start = time.perf_counter()
    for _ in range(STEPS):
        step(batch)
    synchronise(device)
    return STEPS * config.batch_size / (time.perf_counter() - start)


def rate_fed(config: TrainConfig, device: torch.device, workers: int) -> tuple[float, float]:
    """Images a second with the data, and the share of time that is not spent waiting for it."""
    step = make_step(config, device)
    waited, start, steps = 0.0, 0.0, 0
    before = time.perf_counter()
    fed = batches(BatchesOfStage(config, 0), 0, WARM_UP + FED_STEPS, workers, device.type == "cuda")
    for number, batch in enumerate(fed):
        now = time.perf_counter()
        if number == WARM_UP:
            start, waited, steps = now, 0.0, 0
        waited += now - before
        step(batch.to(device))
        synchronise(device)
        steps += 1
        before = time.perf_counter()
    elapsed = before - start
    return steps * config.batch_size / elapsed, 1.0 - min(waited, elapsed) / elapsed


def main() -> None:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--models", nargs="+", default=["lwa-hand", "eanet-mobile"], choices=MODELS)
    parser.add_argument("--sizes", nargs="+", type=int, default=[128, 256])
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    prepare_worker()
    device, console = torch.device(arguments.device), Console()
    table = Table("model", "px", "precision", "images/s", title="One batch, over and over")
    for model in arguments.models:
        for size in arguments.sizes:
            for precision in ("fp32", "bf16"):
                rate = rate_alone(make_config(model, size, precision, arguments.batch), device)
                table.add_row(model, str(size), precision, f"{rate:.1f}")
    console.print(table)
    fed = Table("px", "images/s", "busy", title="lwa-hand, fed with synthetic images")
    for size in arguments.sizes:
        rate, busy = rate_fed(make_config("lwa-hand", size, "fp32", arguments.batch), device, arguments.workers)
        fed.add_row(str(size), f"{rate:.1f}", f"{busy:.0%}")
    console.print(fed)


if __name__ == "__main__":
    main()
