"""From pictures of real hands to a labelled folder that `ImageFolder` reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.landmark_fit import LandmarkFit
from models.placement import NEAREST
from models.values import Crop, Detection, HandParameters, HandReconstruction, Intrinsics, Side
from tracking.detector import HandDetector, create_detector
from tracking.detector.reading import hand_size, mean_distance
from tracking.sources.protocol import SourceError
from training.datasets.image_folder import LABELS
from training.labelling.agreement import AgreedHand, agreed_hands
from training.labelling.pictures import Picture, Pictures

_JPEG_QUALITY = 95
_GOOD_FIT = 0.05
"""Mean distance of the fitted model's joints from the landmarks, as a share of the hand's box; what is worse is 2D."""
_NO_PIXELS = np.zeros((1, 1, 3), np.uint8)


@dataclass(frozen=True, kw_only=True)
class LabellingOptions:
    """What to label and what is known of it.

    Attributes:
        sources: folders, pictures and clips.
        out: folder to write.
        source_name, licence: who made the pictures, and under which terms they may be used.
        one_hand: every picture shows one hand and no more, so that the other side is known to be absent.
        side: of the hand in all these pictures, where it is known; MediaPipe errs on hands seen edge-on.
        by_views, run, every: see `Pictures`.
        fov: degrees across the longer side of the pictures; None: 60.
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
    """Counts of one run: pictures, and hands by side."""

    pictures: int = 0
    labelled: int = 0
    held_out: int = 0
    unreadable: int = 0
    hands: Counter[str] = field(default_factory=Counter)
    with_3d: int = 0
    unsure: int = 0

    def lines(self) -> list[str]:
        """For people."""
        skipped = f", {self.unreadable} could not be read" if self.unreadable else ""
        return [
            f"{self.labelled} of {self.pictures} pictures labelled ({self.held_out} held out){skipped}.",
            f"Hands: {self.hands['left']} left, {self.hands['right']} right, {self.with_3d} of them with a fitted "
            f"model; {self.unsure} were seen but left without points.",
        ]


def label_pictures(
    options: LabellingOptions,
    tick: Callable[[int, int | None], None] = lambda done, total: None,
    detector: HandDetector | None = None,
) -> LabellingReport:
    """Write pictures with labels: 2D by MediaPipe, and the hand model fitted to it.

    A hand counts where several views of the picture agree on it (`agreed_hands`). A picture without one is left out;
    a further hand whose side is sure but whose points are not stays as a hand without points.

    Args:
        options: what and where to.
        tick: told how many pictures are done.
        detector: default: the best that this machine has.

    Raises:
        BothhandsError: a side is told of two hands, a source is missing, the folder is not empty or cannot be written,
            or nothing was found.
    """
    if options.side is not None and not options.one_hand:
        raise BothhandsError("A side can be told only of pictures that show one hand: add --one-hand.")
    pictures = Pictures(options.sources, run=options.run, by_views=options.by_views, every=options.every)
    _make_empty(options.out)
    labeller = _Labeller(options, detector or create_detector())
    report, entries = LabellingReport(), {}
    try:
        for done, picture in enumerate(pictures, start=1):
            report.pictures += 1
            if isinstance(picture, SourceError):
                report.unreadable += 1
            elif entry := labeller.label(picture, report):
                entries[_write(picture, options.out, entries)] = entry
            tick(done, None)
    finally:
        labeller.close()
    if not entries:
        raise BothhandsError(f"No hand was found in {', '.join(map(str, options.sources))}; nothing was labelled.")
    content = {"source": options.source_name, "licence": options.licence, "pictures": entries}
    try:
        (options.out / LABELS).write_text(json.dumps(content), encoding="utf-8")
    except OSError as error:
        raise _unwritable(options.out, error) from error
    return report


class _Labeller:
    def __init__(self, options: LabellingOptions, detector: HandDetector) -> None:
        self._options, self._detector = options, detector
        self._fit = LandmarkFit(load_hand_models())

    def close(self) -> None:
        self._detector.close()
        self._fit.close()

    def label(self, picture: Picture, report: LabellingReport) -> dict[str, Any] | None:
        """The entry of a picture in the labels, None where nothing sure is seen in it."""
        hands = agreed_hands(self._detector, picture.image, picture.coverage, self._options.side)
        if self._options.one_hand:
            hands = [hand for hand in hands if hand.detection is not None]
        if not _is_usable(hands, self._options.one_hand):
            return None
        height, width = picture.image.shape[:2]
        camera = Intrinsics.assumed(width, height)
        if self._options.fov is not None:
            camera = _camera(width, height, self._options.fov)
        entry: dict[str, Any] = {"split": picture.split, "hands": self._hands(hands, camera, report)}
        entry["presence_known"] = self._options.one_hand or len(entry["hands"]) == 2
        if self._options.by_views:
            entry["group"] = picture.group
        if self._options.fov is not None:
            entry["camera"] = {key: round(getattr(camera, key), 3) for key in ("fx", "fy", "cx", "cy")}
        report.labelled += 1
        report.held_out += picture.split == "held-out"
        return entry

    def _hands(
        self, hands: Sequence[AgreedHand], camera: Intrinsics, report: LabellingReport
    ) -> dict[Side, dict[str, Any]]:
        found = tuple(hand.detection for hand in hands if hand.detection is not None)
        fits = self._fitted(found, camera)
        entries: dict[Side, dict[str, Any]] = {}
        for hand in hands:
            if hand.side is None:
                continue
            if hand.detection is None:
                entries[hand.side] = {"joints_px": [None] * 21}
                report.unsure += 1
                continue
            entries[hand.side] = _entry(hand.detection, fits.get(hand.side))
            report.hands[hand.side] += 1
            report.with_3d += "parameters" in entries[hand.side]
        return entries

    def _fitted(self, found: tuple[Detection, ...], camera: Intrinsics) -> dict[Side, HandReconstruction]:
        """Without a time of capture, so that nothing is carried over from another picture."""
        affine = np.eye(2, 3, dtype=np.float32)
        crop = Crop(_NO_PIXELS, affine, frozenset(hand.side for hand in found), found, camera)
        return dict(self._fit.reconstruct([crop])[0].hands)


def _is_usable(hands: Sequence[AgreedHand], one_hand: bool) -> bool:
    sure = [hand for hand in hands if hand.detection is not None]
    sides = [hand.side for hand in hands if hand.side is not None]
    return bool(sure) and len(sides) == len(set(sides)) and not (one_hand and len(hands) > 1)


def _camera(width: int, height: int, degrees: float) -> Intrinsics:
    """As `Intrinsics.assumed`, with another field of view across the longer side."""
    focal = Intrinsics.from_fov(max(width, height), min(width, height), degrees).fx
    return Intrinsics(focal, focal, (width - 1) / 2.0, (height - 1) / 2.0, width, height)


def _entry(detection: Detection, fit: HandReconstruction | None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "score": round(detection.score, 3),
        "joints_px": np.round(detection.landmarks.astype(float), 2).tolist(),
    }
    if fit is not None:
        error = mean_distance(fit.joints_px, detection.landmarks) / hand_size(detection.landmarks)
        if error < _GOOD_FIT and fit.joints[:, 2].min() > NEAREST:
            entry["parameters"] = _parameters(fit.parameters)
    return entry


def _parameters(parameters: HandParameters) -> dict[str, list[float]]:
    return {
        key: np.round(getattr(parameters, key).astype(float), 5).ravel().tolist()
        for key in ("pose", "shape", "translation")
    }


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BothhandsError(f"The folder {folder} is not empty; empty it or name another one.")
    except OSError as error:
        raise _unwritable(folder, error) from error


def _write(picture: Picture, folder: Path, taken: dict[str, Any]) -> str:
    """Write a picture under a name not taken yet, which is returned; cut-outs keep their alpha channel."""
    if picture.coverage is None:
        suffix, pixels = ".jpg", cv2.cvtColor(picture.image, cv2.COLOR_RGB2BGR)
    else:
        suffix, pixels = ".png", np.dstack([cv2.cvtColor(picture.image, cv2.COLOR_RGB2BGR), picture.coverage])
    name, number = f"{picture.name}{suffix}", 2
    while name in taken:
        name, number = f"{picture.name}_{number}{suffix}", number + 1
    coded = cv2.imencode(suffix, pixels, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1]
    try:
        (folder / name).write_bytes(coded.tobytes())
    except OSError as error:
        raise _unwritable(folder, error) from error
    return name


def _unwritable(folder: Path, error: OSError) -> BothhandsError:
    return BothhandsError(f"The labels cannot be written to {folder} ({error}); name another place.")
