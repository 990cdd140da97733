"""From images that follow each other to a labelled folder: both hands, also where they touch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import BothhandsError
from models.fitting.hand_fitter import HandFitter
from models.fitting.observations import landmark_observation, network_observation
from models.hand_model import load_hand_models
from models.registry import Reconstructor, create_model
from models.values import HandObservation, HandReconstruction, Intrinsics, Side
from tracking.crop_planner import gap
from tracking.detector import create_detector
from tracking.hands.readers import LandmarkReader
from tracking.sources.image_files import read_image
from tracking.sources.protocol import SourceError
from tracking.sources.stamped import StampedImage, image_sequences
from tracking.values import Frame
from training.labelling.both_ways import AgreedHand, agree_both_ways
from training.labelling.entries import HandEntries
from training.labelling.images import Image, image_files
from training.labelling.writing import make_empty, write_image, write_labels

_WITHHELD_SECONDS = 1.0
_BETWEEN_PASSES_NS = 10**10
_NETWORK = "lwa-hand"
_FEWEST_IMAGES = 3
"""Of shorter sequences the two directions tell too little."""


@dataclass(frozen=True, kw_only=True)
class BurstOptions:
    """What to label and what is known of it.

    Attributes:
        source: folder of images that follow each other, see `tracking.sources.stamped`.
        out: folder to write.
        source_name: who made the images.
        licence: under which terms they may be used.
        withheld: ends of paths ("folder/name.jpg") of images that a tracker is evaluated on: they, and what is within a
            second of them, are tracked but not written.
    """

    source: Path
    out: Path
    source_name: str
    licence: str
    withheld: frozenset[str] = frozenset()


@dataclass
class BurstReport:
    """Counts of one run."""

    images: int = 0
    withheld: int = 0
    labelled: int = 0
    held_out: int = 0
    pairs: int = 0
    touching: int = 0
    unreadable: int = 0
    hands: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """For people."""
        skipped = f", {self.unreadable} could not be read" if self.unreadable else ""
        return [
            f"{self.labelled} of {self.images} images labelled ({self.held_out} held out, {self.withheld} withheld for "
            f"evaluation){skipped}.",
            f"Hands: {self.hands['left']} left, {self.hands['right']} right; both in {self.pairs} images, in "
            f"{self.touching} of them with boxes that overlap.",
        ]


def label_bursts(
    options: BurstOptions, tick: Callable[[int, int | None], None] = lambda done, total: None
) -> BurstReport:
    """Label images that follow each other by tracking them forwards and backwards.

    A hand is labelled where both directions, the landmark network in several regions and the two-hand network agree on
    it (`agree_both_ways`), by a fit over its whole sequence. Of a joint on which the readings differ nothing is told.
    Absence of a hand is never known.

    Args:
        options: what and where to.
        tick: told how many images are done, and of how many.

    Raises:
        BothhandsError: the source is missing, the folder is not empty or cannot be written, a network is missing, or no
            hand was found.
    """
    sequences = [each for each in image_sequences(image_files(options.source)) if len(each) >= _FEWEST_IMAGES]
    make_empty(options.out)
    detector = create_detector()
    if not isinstance(detector, LandmarkReader):
        raise BothhandsError("Sequences are labelled with OpenVINO's detector; install openvino.")
    models = load_hand_models()
    network = create_model(_NETWORK, models, "cpu")
    network.warm_up()
    labeller = _BurstLabeller(detector, network, HandFitter(models), HandEntries(models))
    report, entries, total = BurstReport(), {}, sum(map(len, sequences))
    try:
        for sequence in sequences:
            labeller.label(sequence, options, report, entries)
            tick(report.images + report.unreadable, total)
    finally:
        network.close()
        detector.close()
    if not entries:
        raise BothhandsError(f"No hand was found in sequences of images in {options.source}; nothing was labelled.")
    write_labels(options.out, options.source_name, options.licence, entries)
    return report


class _BurstLabeller:
    def __init__(
        self, landmarks: LandmarkReader, network: Reconstructor, fitter: HandFitter, entries: HandEntries
    ) -> None:
        self._landmarks, self._network, self._fitter, self._entries = landmarks, network, fitter, entries

    def label(
        self, sequence: Sequence[StampedImage], options: BurstOptions, report: BurstReport, written: dict[str, Any]
    ) -> None:
        """Track, fit and write one sequence."""
        withheld = withheld_images(sequence, options.withheld)
        for images, frames in _readable(sequence, report):
            height, width = frames[0].image.shape[:2]
            camera = Intrinsics.assumed(width, height)
            agreed = agree_both_ways(frames, camera, self._landmarks, self._network)
            fits = self._fitted(frames, agreed, camera)
            for image, frame, hands, fit in zip(images, frames, agreed, fits, strict=True):
                report.images += 1
                report.withheld += image in withheld
                entry = self._labelled(hands, fit, camera)
                if entry and image not in withheld:
                    picture = Image(image.path.stem, image.burst, frame.image, None)
                    written[write_image(picture, options.out, written)] = {
                        "split": picture.split,
                        "presence_known": len(entry) == 2,
                        "group": image.burst,
                        "hands": entry,
                    }
                    _count(report, picture, entry, hands)

    def _fitted(
        self, frames: Sequence[Frame], agreed: Sequence[Mapping[Side, AgreedHand]], camera: Intrinsics
    ) -> list[Mapping[Side, HandReconstruction]]:
        """Twice through the sequence: the first time tells the shape of the hands."""
        self._fitter.reset()
        fits: list[Mapping[Side, HandReconstruction]] = []
        span = frames[-1].captured_ns - frames[0].captured_ns + _BETWEEN_PASSES_NS
        for shift in (0, span):
            fits = [
                self._fitter.fit(_observations(hands, camera), camera, frame.captured_ns + shift)
                for frame, hands in zip(frames, agreed, strict=True)
            ]
        return fits

    def _labelled(
        self, hands: Mapping[Side, AgreedHand], fit: Mapping[Side, HandReconstruction], camera: Intrinsics
    ) -> dict[Side, dict[str, Any]]:
        entries: dict[Side, dict[str, Any]] = {}
        for side, hand in hands.items():
            entry = self._entries.of(side, hand.landmarks, fit[side].parameters, camera, hand.known)
            if entry is not None:
                entries[side] = entry
        return entries


def _readable(sequence: Sequence[StampedImage], report: BurstReport) -> list[tuple[list[StampedImage], list[Frame]]]:
    """A sequence's images that can be read, in parts of one size."""
    parts: list[tuple[list[StampedImage], list[Frame]]] = []
    for place, image in enumerate(sequence):
        try:
            pixels = read_image(image.path)
        except SourceError:
            report.unreadable += 1
            continue
        if not parts or parts[-1][1][0].image.shape != pixels.shape:
            parts.append(([], []))
        parts[-1][0].append(image)
        parts[-1][1].append(Frame(place, image.captured_ns + place, pixels))
    return parts


def _observations(hands: Mapping[Side, AgreedHand], camera: Intrinsics) -> dict[Side, list[HandObservation]]:
    observations: dict[Side, list[HandObservation]] = {}
    for side, hand in hands.items():
        read = landmark_observation(hand.landmarks, hand.world_landmarks, hand.presence, 0.0, camera)
        read = replace(read, sigma_2d=np.where(hand.known, read.sigma_2d, np.inf))
        network = network_observation(hand.network.joints_px, hand.network.joints, hand.network.score)
        observations[side] = [read, network]
    return observations


def withheld_images(sequence: Sequence[StampedImage], names: frozenset[str]) -> frozenset[StampedImage]:
    """Images of a whole sequence that are evaluated, and those within a second of one, also where it cannot be read."""
    ends = tuple(f"/{name}" for name in names)
    times = [image.seconds for image in sequence if f"/{image.path.as_posix()}".endswith(ends)]
    return frozenset(
        image for image in sequence if any(abs(image.seconds - time) <= _WITHHELD_SECONDS for time in times)
    )


def _count(report: BurstReport, picture: Image, entry: Mapping[Side, Any], hands: Mapping[Side, AgreedHand]) -> None:
    report.labelled += 1
    report.held_out += picture.split == "held-out"
    report.hands.update(entry.keys())
    if len(entry) == 2:
        report.pairs += 1
        first, second = hands.values()
        report.touching += gap(first.landmarks, second.landmarks) <= 0.0
