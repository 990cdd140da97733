"""How many synthetic samples are made in a second.

Run as `python -m benchmarks.synthetic [--workers 2] [--seconds 6]`. Processes work side by side, each with its own
OpenGL context, as they do in training.
"""

from __future__ import annotations

import argparse
import time
from multiprocessing import get_context

from rich.console import Console
from rich.table import Table

from training.synthetic.placement import STAGES, Stage
from training.synthetic.synthesiser import Synthesiser, prepare_worker

BATCH = 64
WARM_UP = 4


def produce(stage: Stage, reuse: int, worker: int, seconds: float) -> tuple[float, float]:
    """Samples a second of wall time and of processor time, in one process."""
    prepare_worker()
    synthesiser = Synthesiser(0, stage, reuse=reuse)
    number = 1_000_000 * worker
    for _ in range(WARM_UP):
        synthesiser.samples(range(number, number + BATCH))
        number += BATCH
    made, start, start_cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds:
        synthesiser.samples(range(number + made, number + made + BATCH))
        made += BATCH
    return made / (time.perf_counter() - start), made / (time.process_time() - start_cpu)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=6.0)
    arguments = parser.parse_args()
    table = Table("stage", "scene used", "images/s, all", "images/s of one core's time")
    with get_context("spawn").Pool(arguments.workers) as pool:
        for stage in STAGES:
            for reuse in (1, 4, 8):
                orders = [(stage, reuse, worker, arguments.seconds) for worker in range(arguments.workers)]
                rates = pool.starmap(produce, orders)
                wall, core = (sum(column) for column in zip(*rates, strict=True))
                table.add_row(stage, f"{reuse} x", f"{wall:.0f}", f"{core / arguments.workers:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
