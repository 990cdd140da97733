"""Which tracker holds on to two hands that touch, cross and cover each other, and how still it holds a still hand.

Run as `python -m benchmarks.holding [--model NAME | NAME=WEIGHTS ...] [--clips N] [--cutouts FOLDER] [--out DIR]`, for
example `--model landmark-fit --model lwa-hand=runs/lwa-hand/weights.safetensors`. All models see the same clips, made
anew for each run from a seed that no training uses; docs/evaluation.md tells what the metrics mean. With `--out`,
`holding.json` and a sheet of frames of each clip with each model's hands are written.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from evaluation.candidates import load_candidate
from evaluation.clips.clip import FRAMES, ClipFrame, ClipMaker
from evaluation.clips.composed import CompositeClips
from evaluation.clips.drawn import RenderedClips
from evaluation.clips.holding import METRICS, Seen, TrackedClip, jitter, track_clip, track_continuity
from models.hand_model import load_hand_models
from models.runtime.device import resolve_device
from render.protocol import OverlayStyle
from render.skeleton import draw_skeleton
from tracking.config import TrackerConfig
from tracking.detector import create_detector
from tracking.tracker import Tracker
from training.data.sources import HELD_OUT_SEED

STILL_FRAMES = 60
SHEET = (0, 20, 30, 40, 54, 68, 78, 88, 104)
"""Frames of a clip that are shown in its sheet."""


def load_tracker(spec: str, device: str, stack: ExitStack) -> Tracker:
    """A tracker for "NAME" or "NAME=WEIGHTS", closed with the stack."""
    name, _, weights = spec.partition("=")
    hand_models = load_hand_models()
    candidate = load_candidate(name, Path(weights) if weights else None, hand_models, resolve_device(device))
    candidate.reconstructor.warm_up()
    tracker = Tracker(
        candidate.card,
        candidate.reconstructor,
        hand_models,
        create_detector(),
        TrackerConfig(model=name),
    )
    stack.callback(tracker.close)
    return tracker


def makers(folder: Path | None, seed: int, stack: ExitStack) -> Iterator[ClipMaker]:
    """Rendered clips, and composite ones where there are cut-outs."""
    drawn = RenderedClips(seed)
    stack.callback(drawn.close)
    yield drawn
    if folder is not None:
        yield CompositeClips(folder, seed)


def sheet(clip: Sequence[ClipFrame], tracked: Sequence[TrackedClip]) -> np.ndarray:
    """Some frames in columns: the image with its truth, then a row a model with its raw hands; RGB."""
    style = OverlayStyle(view="skeleton")
    rows = [[draw_skeleton(clip[index].image, _float32(clip[index].joints_px), style) for index in SHEET]]
    rows += [
        [draw_skeleton(clip[index].image, _float32(each.raw[index]), style) for index in SHEET] for each in tracked
    ]
    small = [
        [cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for picture in row] for row in rows
    ]
    return np.concatenate([np.concatenate(row, axis=1) for row in small])


def _float32(joints: Seen) -> Seen:
    return {side: points.astype(np.float32) for side, points in joints.items()}


def main() -> None:
    """Make clips, track them and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", metavar="NAME[=WEIGHTS]", help="may be repeated")
    parser.add_argument("--clips", type=int, default=6, help="of each kind")
    parser.add_argument("--still", type=int, default=3, help="still hands of each kind")
    parser.add_argument("--cutouts", type=Path, help="folder of labelled cut-outs: composite clips as well")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--out", type=Path, help="folder for holding.json and sheets")
    options = parser.parse_args()
    specs: list[str] = options.model or ["landmark-fit"]
    cv2.setNumThreads(1)
    console = Console(width=160)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    report: dict[str, dict] = {spec: {} for spec in specs}
    with ExitStack() as stack:
        trackers = [load_tracker(spec, options.device, stack) for spec in specs]
        for maker in makers(options.cutouts, HELD_OUT_SEED + options.seed, stack):
            clips: list[list[TrackedClip]] = [[] for _ in specs]
            for number in range(options.clips):
                clip = list(maker.meeting(number))
                for tracked, tracker in zip(clips, trackers, strict=True):
                    tracked.append(track_clip(tracker, clip))
                if options.out:
                    picture = sheet(clip, [tracked[-1] for tracked in clips])
                    name = str(options.out / f"{maker.name}-{number:02d}.jpg")
                    cv2.imwrite(name, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
                console.print(f"{maker.name} clip {number + 1} of {options.clips}", style="dim")
            still: list[list[float]] = [[] for _ in specs]
            for number in range(options.still):
                clip = list(maker.still(number, STILL_FRAMES))
                for values, tracker in zip(still, trackers, strict=True):
                    tracked = track_clip(tracker, clip)
                    values.append(jitter(tracked.frames, tracked.raw))
            for spec, tracked, values in zip(specs, clips, still, strict=True):
                report[spec][maker.name] = {
                    "raw": track_continuity([(each.frames, each.raw) for each in tracked]).to_json(),
                    "smoothed": track_continuity([(each.frames, each.smoothed) for each in tracked]).to_json(),
                    "jitter_px": [None if np.isnan(value) else value for value in values],
                }
    for kind in report[specs[0]]:
        console.print(_table(kind, report, options.clips))
    if options.out:
        content = {"seed": options.seed, "clips": options.clips, "frames": FRAMES, "models": report}
        (options.out / "holding.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _table(kind: str, report: dict[str, dict], clips: int) -> Table:
    table = Table("", title=f"{kind}: {clips} clips of {FRAMES} frames")
    for spec in report:
        for stage in ("raw", "smoothed"):
            table.add_column(f"{spec.partition('=')[0]}, {stage}", justify="right")
    for figure in METRICS:
        values = [report[spec][kind][stage][figure] for spec in report for stage in ("raw", "smoothed")]
        table.add_row(figure, *("-" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") for value in values))
    jitters = [report[spec][kind]["jitter_px"] for spec in report]
    texts = [", ".join("-" if value is None else f"{value:.2f}" for value in values) for values in jitters]
    table.add_row("jitter of still hands, px", *(cell for text in texts for cell in (text, "")))
    return table


if __name__ == "__main__":
    main()
