"""`evaluate ANNOTATIONS.json`: a model's tracked hands evaluated on frames that were annotated by eye."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.table import Table

from app.compiled import use_what_is_compiled
from evaluation.annotations import load_annotations
from evaluation.candidates import load_candidate
from evaluation.changes import Change
from evaluation.sequences import read_sequences
from evaluation.steadiness import Steadiness, SteadinessTally
from evaluation.tracked_frames import TrackingScore, TrackingTally
from models.amounts import frames_text, hands_text
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.runtime.device import resolve_device
from tracking.config import TrackerConfig
from tracking.detector import create_detector
from tracking.tracker import Tracker

RESULT_FILE = "tracking.json"


@dataclass(frozen=True, kw_only=True)
class AnnotatedOptions:
    """What was asked for; see `evaluate --help`.

    Attributes:
        annotations: the file.
        frames: clip or folder that it annotates; None looks beside the file, and in its neighbour `images`.
        weights: file of a network's weights, in place of the installed ones.
        tracker: what is evaluated; its smoothing is left out where frames stand alone.
        independent: each frame stands alone; else the frames before it are tracked too, and hands smoothed.
        change: made to every frame and its annotated hands before it is tracked; None: nothing.
    """

    annotations: Path
    frames: Path | None = None
    weights: Path | None = None
    tracker: TrackerConfig
    independent: bool = False
    change: Change | None = None


@dataclass(frozen=True)
class AnnotatedResult:
    """What a tracker is worth on annotated frames.

    Attributes:
        score: on the annotated ones.
        steadiness: of the hands in all frames that were tracked; None where each stood alone.
    """

    score: TrackingScore
    steadiness: Steadiness | None


def score_annotated(options: AnnotatedOptions, progress: Callable[[int, int | None], None]) -> AnnotatedResult:
    """Track the annotated frames, and those before them, and score the hands.

    Raises:
        BothhandsError: annotations or frames that cannot be read or do not fit, a model that cannot be loaded.
    """
    annotated = load_annotations(options.annotations)
    source = options.frames or _frames_beside(options.annotations, next(iter(annotated)))
    use_what_is_compiled()
    config = replace(options.tracker, smoothing=None) if options.independent else options.tracker
    tracker = Tracker.from_config(config) if options.weights is None else _tracker_with(options.weights, config)
    tally = TrackingTally()
    steadiness = None if options.independent else SteadinessTally(tracker.hand_models)
    done = 0
    try:
        for entry in read_sequences(annotated, source):
            if options.independent and entry.name not in annotated:
                continue
            if entry.begins:
                tracker.reset()
            frame, hands = entry.frame, annotated.get(entry.name, ())
            if options.change is not None:
                image, hands = options.change(frame.image, hands)
                frame = replace(frame, image=image)
            tracked = tracker.track(frame, independent=options.independent)
            if steadiness is not None:
                if entry.begins:
                    steadiness.begin()
                steadiness.add(tracked)
            if entry.name in annotated:
                tally.add(hands, tracked)
                done += 1
                progress(done, len(annotated))
    finally:
        tracker.close()
    return AnnotatedResult(tally.score(), None if steadiness is None else steadiness.figures())


def score_table(result: AnnotatedResult) -> Table:
    """The metrics for a terminal."""
    score, steadiness = result.score, result.steadiness
    table = Table(title=f"{frames_text(score.frames)}, {hands_text(score.hands)}, {score.pairs} pairs")
    table.add_column("")
    table.add_column("", justify="right")
    for label, value in (
        ("right (of the hands)", score.right),
        ("on a hand, but of the wrong side", score.wrong_side),
        ("both right (of the pairs)", score.both),
        ("extra hands a frame", score.extra),
        ("error of right hands, share of the box", score.error),
        ("the same, hands apart", score.error_apart),
        ("the same, hands that touch", score.error_touching),
        *((f"right hands found by: {name}", share) for name, share in score.found_by.items()),
        *(() if steadiness is None else _steadiness_rows(steadiness)),
    ):
        table.add_row(label, "-" if math.isnan(value) else f"{value:.3f}")
    return table


def _steadiness_rows(steadiness: Steadiness) -> tuple[tuple[str, float], ...]:
    return (
        ("jitter, px of an image 640 wide", steadiness.jitter_px),
        ("the same, stillest fifth of the frames", steadiness.still_jitter_px),
        ("lag of smoothing, share of the box", steadiness.lag),
        ("the same, fastest fifth of the frames", steadiness.fast_lag),
    )


def write_score(result: AnnotatedResult, folder: Path) -> None:
    """Write the metrics into `RESULT_FILE` of a folder; what could not be evaluated is null.

    Raises:
        BothhandsError: the folder cannot be written.
    """
    values = {**asdict(result.score), **(asdict(result.steadiness) if result.steadiness is not None else {})}
    figures = {
        name: None if isinstance(value, float) and math.isnan(value) else value for name, value in values.items()
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULT_FILE).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise BothhandsError(f"{folder} cannot be written: {error.strerror or error}.") from error


def _tracker_with(weights: Path, config: TrackerConfig) -> Tracker:
    hand_models = load_hand_models(config.mano_dir)
    candidate = load_candidate(config.model, weights, hand_models, resolve_device(config.device))
    candidate.reconstructor.warm_up()
    return Tracker(candidate.card, candidate.reconstructor, hand_models, create_detector(config.detector), config)


def _frames_beside(annotations: Path, name: str) -> Path:
    """The folder below which an annotated image lies."""
    parent = annotations.resolve().parent
    for folder in (parent, parent.parent / "images"):
        if (folder / name).is_file():
            return folder
    raise BothhandsError(
        f"{name} is annotated, but no such image lies beside {annotations}; name its folder or clip with --frames."
    )
