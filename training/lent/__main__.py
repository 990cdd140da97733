"""`python -m training.lent DIR --minutes 8`: train on whatever is there. See `training.lent`."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_BUSY_GOAL = 0.8


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code: 0, or 2 for what a person can act on, said in one sentence."""
    started = time.monotonic()
    parser = argparse.ArgumentParser(f"python -m {__package__}", description="Train what `train pack` has packed.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="the pack")
    parser.add_argument("--minutes", type=float, default=8.0, help="from start to end, weights written (8)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="for curves and weights; default: DIR/result")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--allow-missing", action="store_true", help="train without the shards that are not there")
    parser.add_argument("--eager", action="store_true", help="do not compile the network")
    parser.add_argument("--steps", type=int, metavar="N", help="at most so many")
    given = parser.parse_args(arguments)
    if given.minutes <= 0 or (given.steps is not None and given.steps < 1):
        parser.error("--minutes and --steps are above zero")
    logging.basicConfig(format="%(message)s")

    from models.errors import BothhandsError
    from training.lent.loop import LentOptions, LentTrainer

    options = LentOptions(
        folder=given.folder,
        minutes=given.minutes,
        out=given.out,
        device=given.device,
        allow_missing=given.allow_missing,
        compiled=not given.eager,
        steps=given.steps,
    )
    try:
        result = LentTrainer(options, started, lambda line: print(line, flush=True)).run()  # noqa: T201
    except BothhandsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - it is a command
        return 2
    print(  # noqa: T201
        f"{result.steps} steps, {result.images_per_second:.0f} images/s, loss {result.loss:.3f}; the device was busy "
        f"{result.busy:.1%} of the time{'' if result.busy > _BUSY_GOAL else ', less than it should be'}. Curves and "
        f"weights are in {result.folder}; `python -m training.lent.parts` joins these."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
