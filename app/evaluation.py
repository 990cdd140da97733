"""`evaluate`: a model evaluated on a source of labelled images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from evaluation.candidates import load_candidate
from evaluation.labelled_images import Evaluation, evaluate
from evaluation.predictions import predict, second_crop_pass
from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.runtime.device import resolve_device
from tracking.detector import create_detector
from training.data.sources import KINDS, PublishedSplit, open_images

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class EvaluationOptions:
    """What `evaluate` was asked for; see its `--help`.

    Attributes:
        source: as in training's configurations (`training.data.sources`).
        model: a name of the registry, or "mediapipe".
        weights: file of a network's weights that are not installed.
        split: None takes the source's own part for evaluation.
        crop_passes: over each image, see `evaluation.predictions.second_crop_pass`; 1 for a model that
            reads landmarks, which tell it where the hands are.
        count: of images; None: see `training.data.sources.open_images`.
        seed: of images that are drawn.
        device: "auto", "cpu", "cuda" or "cuda:N".
        mano_dir: folder with official MANO files.
    """

    source: str
    model: str
    weights: Path | None = None
    split: PublishedSplit | None = None
    crop_passes: int = 1
    count: int | None = None
    seed: int = 0
    device: str = "auto"
    mano_dir: Path | None = None


def source_name(text: str, layout: str) -> str:
    """The name of a source for what a person typed: a name already, or a folder in some layout."""
    return text if text.partition(":")[0] in KINDS else f"{layout}:{text}"


def evaluate_model(options: EvaluationOptions, progress: Callable[[int, int | None], None]) -> tuple[Evaluation, str]:
    """Run the model over the images and evaluate it.

    Returns:
        The metrics, and a sentence on images that were skipped, "" where none was.

    Raises:
        BothhandsError: images, model, weights or device that are not there or do not fit.
    """
    hand_models = load_hand_models(options.mano_dir)
    pictures = open_images(options.source, hand_models, split=options.split, count=options.count, seed=options.seed)
    candidate = load_candidate(options.model, options.weights, hand_models, resolve_device(options.device))
    needs_landmarks = candidate.card.needs_landmarks
    if options.crop_passes > 1 and needs_landmarks:
        candidate.reconstructor.close()
        raise BothhandsError(
            f"{options.model} reads landmarks, which tell it where hands are: leave out --crop-passes."
        )
    detector = create_detector() if needs_landmarks else None
    try:
        candidate.reconstructor.warm_up()
        samples = _counted(pictures.samples, pictures.total, progress)
        predicted = predict(candidate.reconstructor, samples, detector)
        for _ in range(1, options.crop_passes):
            predicted = second_crop_pass(candidate.reconstructor, candidate.card, predicted)
        metrics = evaluate(predicted, hand_models)
        return metrics, pictures.skipped.summary(pictures.total)
    finally:
        candidate.reconstructor.close()
        if detector is not None:
            detector.close()


def _counted(items: Iterator[T], total: int, progress: Callable[[int, int | None], None]) -> Iterator[T]:
    for number, item in enumerate(items, start=1):
        progress(number, total)
        yield item
