"""What a model says of labelled images, each for itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import cv2
import numpy as np

from models.registry import ModelCard, Reconstructor
from models.values import SIDES, Crop, Detection, Reconstruction
from tracking.crop_planner import CropPlanner, HandLocation, TrackingState, merged
from tracking.detector.protocol import HandDetector
from tracking.values import Frame
from training.data.samples import Sample

DETECTOR_MARGIN = 0.2
"""Black that a detector gets around a crop, as a part of its side: it is made for whole images, and of single hands
that fill one it misses up to a third."""


class PredictedSample(NamedTuple):
    """An image, what was predicted for it in crop px and camera metres, and what it belongs to.

    Attributes:
        sample: image and labels.
        prediction: hands of the crop; `joints_px` in crop px.
        group: images of one group show one hand in one shape; None where it stands alone.
    """

    sample: Sample
    prediction: Reconstruction
    group: str | None = None


def predict(
    reconstructor: Reconstructor,
    samples: Iterable[tuple[Sample, str | None]],
    detector: HandDetector | None = None,
    batch_size: int = 16,
) -> Iterator[PredictedSample]:
    """Run a model over images.

    It is told that both hands may be there, whatever the labels say.

    Args:
        reconstructor: loaded.
        samples: images and their groups.
        detector: for a model that reads detections (`ModelCard.needs_landmarks`): it looks for the hands in each
            image afresh, as if that were a photograph of its own, with a black margin. None: no detections.
        batch_size: how many go to the model at once.
    """
    remaining = iter(samples)
    while batch := list(islice(remaining, batch_size)):
        predictions = reconstructor.reconstruct([_crop(sample, detector) for sample, _ in batch])
        for (sample, group), prediction in zip(batch, predictions, strict=True):
            yield PredictedSample(sample, prediction, group)


def second_crop_pass(
    reconstructor: Reconstructor, card: ModelCard, predicted: Iterable[PredictedSample]
) -> Iterator[PredictedSample]:
    """A further crop pass over each image, in the squares that the app cuts around the hands of the last one.

    A network that is shown hands that are far apart, small or upside down in one square says less of them than it does
    in the app, whose squares follow the frame before. The labels are not used, and no pixels are there that the
    image has not.

    Args:
        reconstructor: loaded.
        card: of the model, which tells how it wants its squares.
        predicted: of `predict`, or of a crop pass before this one.
    """
    for sample, prediction, group in predicted:
        yield PredictedSample(sample, _second_crop_pass(reconstructor, card, sample, prediction), group)


def _second_crop_pass(
    reconstructor: Reconstructor, card: ModelCard, sample: Sample, prediction: Reconstruction
) -> Reconstruction:
    locations = [HandLocation(side, hand.joints_px) for side, hand in prediction.hands.items()]
    state = TrackingState(locations, frozenset(prediction.hands), (), sample.intrinsics, searched=False)
    planned = CropPlanner(card, full_frame=False).plan(Frame(0, 0, sample.image), state, independent=True)
    hands, _ = merged(planned, reconstructor.reconstruct([each.crop for each in planned]) if planned else [])
    return hands


def _detect(detector: HandDetector, image: np.ndarray) -> tuple[Detection, ...]:
    """Hands of a crop (S, S, 3), crop px."""
    margin = round(DETECTOR_MARGIN * len(image))
    padded = cv2.copyMakeBorder(image, margin, margin, margin, margin, cv2.BORDER_CONSTANT)
    return tuple(
        replace(hand, box=hand.box - margin, landmarks=hand.landmarks - margin) for hand in detector.detect(padded)
    )


def _crop(sample: Sample, detector: HandDetector | None) -> Crop:
    """The sample as a model gets it: its own image is the frame."""
    detections = () if detector is None else _detect(detector, sample.image)
    return Crop(sample.image, np.eye(2, 3, dtype=np.float32), frozenset(SIDES), detections, sample.intrinsics)
