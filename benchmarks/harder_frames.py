"""Frames annotated by eye, tracked as they are and made harder: askew, farther away, dark, coarse.

Run as `python -m benchmarks.harder_frames ANNOTATIONS.json [--frames PATH] [--model NAME] [--only NAME ...]`. Every
frame before an annotated one is changed and tracked as well, smoothed as in the app.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from app.annotated_evaluation import AnnotatedOptions, score_annotated
from benchmarks.hard_light import darkened, dimmed
from evaluation.annotations import moved
from evaluation.changes import Change, Hands
from models.registry import default_model
from tracking.config import TrackerConfig


def turned(degrees: float) -> Change:
    """As a camera sees it that hangs askew."""

    def change(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
        height, width = image.shape[:2]
        affine = cv2.getRotationMatrix2D(((width - 1) / 2.0, (height - 1) / 2.0), degrees, 1.0)
        made = cv2.warpAffine(image, affine, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        return made, moved(hands, affine)

    return change


def farther(scale: float) -> Change:
    """In the middle of an image as large as before, whose edges go on blurred."""

    def change(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
        height, width = image.shape[:2]
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        left, top = (width - small.shape[1]) // 2, (height - small.shape[0]) // 2
        made = cv2.resize(cv2.resize(image, (16, 12), interpolation=cv2.INTER_AREA), (width, height))
        made[top : top + small.shape[0], left : left + small.shape[1]] = small
        # Pixels are counted from their centres.
        off = 0.5 * scale - 0.5
        return made, moved(hands, np.array([[scale, 0.0, left + off], [0.0, scale, top + off]]))

    return change


def coarse(scale: float, quality: int) -> Change:
    """At this share of the resolution, coded as JPEG of this quality, and enlarged again."""

    def change(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        height, width = image.shape[:2]
        return cv2.resize(cv2.imdecode(coded, cv2.IMREAD_COLOR), (width, height)), hands

    return change


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
