"""Frames annotated by eye, tracked as they are and made harder: askew, farther away, dark, coarse.

Run as `python -m benchmarks.harder_frames ANNOTATIONS.json [--frames PATH] [--model NAME] [--only NAME ...]`. Every
frame before an annotated one is changed and tracked as well, smoothed as in the app.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from app.annotated_evaluation import AnnotatedOptions, score_annotated
from benchmarks.hard_light import darkened, dimmed
from evaluation.changes import Change, Hands, coarse, farther, turned
from models.registry import default_model
from tracking.config import TrackerConfig


def changes() -> Mapping[str, Change | None]:
    """What is done to the frames, by name; noise is the same in every run."""
    rng = np.random.default_rng(0)

    def dark(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
        return darkened(image, 0.08, rng), hands

    def dim(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
        return dimmed(image, 0.25, rng), hands

    return {
        "as they are": None,
        "turned by 25 degrees": turned(25.0),
        "half as large": farther(0.5),
        "8 % of the light": dark,
        "a quarter of the values": dim,
        "a third of the resolution": coarse(1 / 3, 40),
    }


def main() -> None:
    """Evaluate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annotations", type=Path)
    parser.add_argument("--frames", type=Path, help="clip or folder; default: beside the annotations")
    parser.add_argument("--model", default=default_model())
    parser.add_argument("--only", nargs="+", choices=list(changes()), help="of the changes; default: all")
    options = parser.parse_args()
    table = Table("frames", "right", "wrong side", "both", "extra a frame", "error", title=options.model)
    for name, change in changes().items():
        if options.only and name not in options.only:
            continue
        asked = AnnotatedOptions(
            annotations=options.annotations,
            frames=options.frames,
            tracker=TrackerConfig(model=options.model),
            change=change,
        )
        score = score_annotated(asked, lambda *_: None).score
        values = (score.right, score.wrong_side, score.both, score.extra, score.error)
        table.add_row(name, *(f"{value:.3f}" for value in values))
    Console().print(table)


if __name__ == "__main__":
    main()
