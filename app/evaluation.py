"""`evaluate`: a network of the registry judged on a data set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.registry import HandModels, create_model, model_card
from models.runtime.device import resolve_device
from training.datasets.hic import Hic
from training.datasets.image_folder import ImageFolder
from training.datasets.interhand import InterHand, Split
from training.datasets.protocol import HandDataset
from training.datasets.skipping import SkippedPictures, readable_samples
from training.evaluate import Evaluation, evaluate, predict

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class EvaluationOptions:
    """What `evaluate` was asked for; see its `--help`."""

    data: Path
    layout: Literal["interhand", "hic", "images"]
    split: Split
    model: str
    device: str = "auto"
    mano_dir: Path | None = None


def evaluate_model(options: EvaluationOptions, progress: Callable[[int, int | None], None]) -> tuple[Evaluation, str]:
    """Run the network over the data set and judge it.

    Returns:
        The figures, and a sentence on pictures that were skipped, "" where none was.

    Raises:
        BothhandsError: a model that reads landmarks instead of pixels; data, model or device that are not there.
    """
    if model_card(options.model).needs_landmarks:
        raise BothhandsError(f"{options.model} reads landmarks, not pictures; `evaluate` judges networks.")
    hand_models = load_hand_models(options.mano_dir)
    dataset, groups = _open(options, hand_models)
    skipped = SkippedPictures()
    reconstructor = create_model(options.model, hand_models, resolve_device(options.device))
    try:
        reconstructor.warm_up()
        samples = readable_samples(dataset, skipped, groups)
        judged = predict(reconstructor, _counted(samples, len(dataset), progress))
        return evaluate(judged, hand_models), skipped.summary(len(dataset))
    finally:
        reconstructor.close()


def _open(options: EvaluationOptions, hand_models: HandModels) -> tuple[HandDataset, Sequence[str | None] | None]:
    if options.layout == "interhand":
        return InterHand(options.data, options.split, hand_models=hand_models), None
    if options.layout == "hic":
        return Hic(options.data, hand_models), None
    folder = ImageFolder(options.data)
    return folder, folder.groups


def _counted(items: Iterator[T], total: int, progress: Callable[[int, int | None], None]) -> Iterator[T]:
    for number, item in enumerate(items, start=1):
        progress(number, total)
        yield item
