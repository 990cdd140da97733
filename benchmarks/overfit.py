"""Whether a network can learn at all: it memorises some synthetic samples, all kinds mixed, until its meshes fit.

Run as `python -m benchmarks.overfit [--model eanet-light --precision bf16 | --start FILE.safetensors] [--steps 700]`.
All samples are in every step: of parts of them, batch norm's running means would follow the last ones. Prints the mean
vertex error now and then, on the same samples in evaluation mode. A network that cannot do this has a fault in
its layers, its losses or its labels; what it says of other images, only `evaluate` tells.
"""

from __future__ import annotations

import argparse
import time

import torch
from rich.console import Console

from training.config import TrainConfig
from training.data.mixture import held_out
from training.names import MODELS
from training.run.validation import validate
from training.synthetic.synthesiser import prepare_worker
from training.tasks import create_task

PEAK = {"lwa-hand": 1e-3, "eanet": 3e-4, "eanet-light": 1e-3, "eanet-mobile": 1e-3}
"""Learning rates, of all parts."""
SIZE = 64
"""Side of the images, px: what is memorised needs no detail."""


def main() -> None:
    """Learn and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="lwa-hand", choices=MODELS)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--start", help="safetensors file of the model to begin with")
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--size", type=int, default=SIZE, help="of the images, px")
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--precision", default="fp32", choices=("fp32", "bf16"), help="of training; fp32 evaluates")
    parser.add_argument("--every", type=int, default=50, help="steps between validations")
    options = parser.parse_args()
    prepare_worker()
    device, console = torch.device(options.device), Console()
    stage = {"name": "overfit", "size": options.size, "steps": options.steps, "data": {"synthetic:mixed": 1}}
    start = options.start or ("pretrained" if options.model == "lwa-hand" else "scratch")
    config = TrainConfig.model_validate({"model": options.model, "stages": [stage], "start": start})
    task = create_task(config)
    network = task.network.to(device)
    # Of one hand, of two apart and of two in contact, in one batch.
    [samples] = held_out(config, "synthetic:mixed", options.samples, options.size, options.samples)
    samples = samples.to(device)
    groups = [group for group in task.parameter_groups() if group.parameters]
    optimiser = torch.optim.AdamW([{"params": group.parameters} for group in groups], weight_decay=0.0)
    peaks = [PEAK[options.model] * group.rate for group in groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, peaks, total_steps=options.steps, pct_start=0.1)
    started = time.perf_counter()
    for step in range(1, options.steps + 1):
        network.train()
        with torch.autocast(device.type, torch.bfloat16, enabled=options.precision == "bf16"):
            loss = torch.stack(list(task.losses(network, samples).values())).sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        if step % options.every == 0 or step == options.steps:
            metrics = validate(task.predict, network.eval(), [samples], device).metrics
            minutes = (time.perf_counter() - started) / 60.0
            console.print(
                f"{step:5d} steps, {minutes:.1f} min: loss {loss.item():.3f}, MPVPE {metrics['mpvpe']:.2f} mm"
            )


if __name__ == "__main__":
    main()
