"""From images of real hands to a labelled folder that `ImageFolder` reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.landmark_fit import LandmarkFit
from models.values import SIDES, Crop, Detection, Intrinsics, Side
from tracking.detector import HandDetector, create_detector
from training.labelling.agreement import AgreedHand, agreed_hands
from training.labelling.entries import WITHOUT_POINTS, HandEntries, camera_entry
from training.labelling.images import Image, Images
from training.labelling.several_views import CommonPose, View
from training.labelling.writing import make_empty, write_image, write_labels

_SAME_POSE = 0.06
"""Mean distance of the common pose's points from landmarks that MediaPipe alone was not sure of; the same measure."""
_NO_PIXELS = np.zeros((1, 1, 3), np.uint8)


_Hands: TypeAlias = Mapping[Side, Mapping[str, Any]]


class _Readings(NamedTuple):
    """What was seen in an image."""

    camera: Intrinsics
    hands: list[AgreedHand]

    @property
    def sure(self) -> list[Detection]:
        return [hand.detection for hand in self.hands if hand.detection is not None]


@dataclass(frozen=True, kw_only=True)
class LabellingOptions:
    """What to label and what is known of it.

    Attributes:
        sources: folders, images and clips.
        out: folder to write.
        source_name, licence: who made the images, and under which terms they may be used.
        one_hand: every image shows one hand and no more, so that the other side is known to be absent.
        side: of the hand in all these images, where it is known; MediaPipe errs on hands seen edge-on.
        by_views, run, every: see `Images`.
        fov: degrees across the longer side of the images; None: 60.
    """

    sources: Sequence[Path]
    out: Path
    source_name: str
    licence: str
    one_hand: bool = False
    side: Side | None = None
    by_views: bool = False
    run: int = 1
    every: int = 3
    fov: float | None = None


@dataclass
class LabellingReport:
    """Counts of one run: images, and hands by side."""

    images: int = 0
    labelled: int = 0
    held_out: int = 0
    unreadable: int = 0
    hands: Counter[str] = field(default_factory=Counter)
    unsure: int = 0

    def count(self, entry: Mapping[str, Any] | None, split: str) -> None:
        """Take an image into the counts; None: it was left out."""
        self.images += 1
        if entry is None:
            return
        self.labelled += 1
        self.held_out += split == "held-out"
        for side, hand in entry["hands"].items():
            has_points = any(hand["joints_px"])
            self.hands[side] += has_points
            self.unsure += not has_points

    def lines(self) -> list[str]:
        """For people."""
        skipped = f", {self.unreadable} could not be read" if self.unreadable else ""
        return [
            f"{self.labelled} of {self.images} images labelled ({self.held_out} held out){skipped}.",
            f"Hands: {self.hands['left']} left, {self.hands['right']} right; {self.unsure} were seen but left without "
            "points.",
        ]


def label_images(
    options: LabellingOptions,
    tick: Callable[[int, int | None], None] = lambda done, total: None,
    detector: HandDetector | None = None,
) -> LabellingReport:
    """Write images with labels: 2D by MediaPipe, and the hand model fitted to it.

    A hand counts where several views of the image agree on it (`agreed_hands`). An image without one is left out;
    a further hand whose side is sure but whose points are not stays as a hand without points. Where several images
    show one hand in one pose, it is fitted to all of them together, and tells which of MediaPipe's guesses are right.

    Args:
        options: what and where to.
        tick: told how many images are done.
        detector: default: the best that this machine has.

    Raises:
        BothhandsError: a side is told of two hands, a source is missing, the folder is not empty or cannot be written,
            or nothing was found.
    """
    if options.side is not None and not options.one_hand:
        raise BothhandsError("A side can be told only of images that show one hand: add --one-hand.")
    images = Images(options.sources, run=options.run, by_views=options.by_views, every=options.every)
    make_empty(options.out)
    labeller = _Labeller(options, detector or create_detector())
    report, entries = LabellingReport(), {}
    try:
        for _, group in groupby(images, lambda image: isinstance(image, Image) and image.group):
            readable = []
            for image in group:
                if isinstance(image, Image):
                    readable.append(image)
                else:
                    report.unreadable += 1
            for image, entry in zip(readable, labeller.label(readable, report), strict=True):
                if entry is not None:
                    entries[write_image(image, options.out, entries)] = entry
            tick(report.images, None)
    finally:
        labeller.close()
    if not entries:
        raise BothhandsError(f"No hand was found in {', '.join(map(str, options.sources))}; nothing was labelled.")
    write_labels(options.out, options.source_name, options.licence, entries)
    return report


class _Labeller:
    def __init__(self, options: LabellingOptions, detector: HandDetector) -> None:
        self._options, self._detector = options, detector
        self._models = load_hand_models()
        self._entries = HandEntries(self._models)
        self._fit = LandmarkFit(self._models)
        self._together = options.by_views and options.one_hand

    def close(self) -> None:
        self._detector.close()
        self._fit.close()

    def label(self, images: Sequence[Image], report: LabellingReport) -> list[dict[str, Any] | None]:
        """The entry in the labels of each image of a group, None where nothing sure is seen in it."""
        readings = [self._read(image) for image in images]
        pose = self._common_pose(readings) if self._together else None
        entries: list[dict[str, Any] | None] = []
        for image, reading in zip(images, readings, strict=True):
            hands = self._in_one_pose(reading, pose) if pose is not None else self._apart(reading)
            entries.append(self._entry(image, reading.camera, hands) if hands is not None else None)
            report.count(entries[-1], image.split)
        return entries

    def _read(self, image: Image) -> _Readings:
        height, width = image.image.shape[:2]
        fov = self._options.fov
        camera = Intrinsics.assumed(width, height) if fov is None else _camera(width, height, fov)
        return _Readings(camera, agreed_hands(self._detector, image.image, image.coverage, self._options.side))

    def _apart(self, reading: _Readings) -> _Hands | None:
        """Each image by itself; None where it cannot be used."""
        found = tuple(reading.sure)
        sides: list[Side]
        if self._options.one_hand:
            sides = [detection.side for detection in found]
        else:
            sides = [hand.side for hand in reading.hands if hand.side is not None]
        if not found or len(sides) > (1 if self._options.one_hand else len(set(sides))):
            return None
        labelled = self._fitted(found, reading.camera)
        if not labelled:
            return None
        return {side: labelled.get(side, WITHOUT_POINTS) for side in sides}

    def _fitted(self, found: tuple[Detection, ...], camera: Intrinsics) -> _Hands:
        """Those that the model explains. Without a time of capture, so that nothing comes from another image."""
        affine = np.eye(2, 3, dtype=np.float32)
        crop = Crop(_NO_PIXELS, affine, frozenset(hand.side for hand in found), found, camera)
        fits = self._fit.reconstruct([crop])[0].hands
        entries: dict[Side, Mapping[str, Any]] = {}
        for hand in found:
            entry = self._entries.of(hand.side, hand.landmarks, fits[hand.side].parameters, camera)
            if entry is not None:
                entries[hand.side] = entry
        return entries

    def _common_pose(self, readings: Sequence[_Readings]) -> CommonPose | None:
        """Of the hand of which most views are sure; None where they are too few."""
        views = [View(reading.sure[0], reading.camera) for reading in readings if len(reading.sure) == 1]
        # Of views that contradict each other, those of the side that more of them say.
        views = max(([view for view in views if view.detection.side == side] for side in SIDES), key=len)
        return CommonPose(self._models, views) if CommonPose.possible(views) else None

    def _in_one_pose(self, reading: _Readings, pose: CommonPose) -> _Hands | None:
        """An image of a pose that other views show, too: of all that MediaPipe sees, what fits this pose."""
        sure = reading.sure
        if sure:
            chosen = sure[0] if len(sure) == 1 and sure[0].side == pose.side else None
        else:
            seen = [detection for hand in reading.hands for detection in hand.seen]
            errors = [pose.explain(View(detection, reading.camera)).rigid_error for detection in seen]
            chosen = seen[int(np.argmin(errors))] if errors and min(errors) < _SAME_POSE else None
        if chosen is None:
            return None
        fit = pose.explain(View(chosen, reading.camera))
        entry = self._entries.of(pose.side, chosen.landmarks, fit.parameters, reading.camera)
        return None if entry is None else {pose.side: entry}

    def _entry(self, image: Image, camera: Intrinsics, hands: _Hands) -> dict[str, Any]:
        entry: dict[str, Any] = {"split": image.split, "hands": hands}
        entry["presence_known"] = self._options.one_hand or len(hands) == 2
        if self._options.by_views:
            entry["group"] = image.group
        if self._options.fov is not None:
            entry["camera"] = camera_entry(camera)
        return entry


def _camera(width: int, height: int, degrees: float) -> Intrinsics:
    """As `Intrinsics.assumed`, with another field of view across the longer side."""
    focal = Intrinsics.from_fov(max(width, height), min(width, height), degrees).fx
    return Intrinsics(focal, focal, (width - 1) / 2.0, (height - 1) / 2.0, width, height)
