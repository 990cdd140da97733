"""Hands that a detector sees alike in several views of an image: the error that it would make once is averaged out,
and where it guesses, its guesses differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from models.values import OTHER_SIDE, Detection, Side
from tracking.detector import HandDetector
from tracking.detector.reading import hand_size, mean_distance

_VIEWS = ((0.0, 1.0, False), (0.0, 1.0, True), (11.0, 0.8, False), (-11.0, 0.8, True), (4.0, 0.65, False))
"""Degrees, zoom and whether mirrored, of each view."""
_ENOUGH_VIEWS = 3
_AGREEMENT = 0.05
"""Mean distance of a view's landmarks from the middle of all views, as a share of the hand's box."""
_SAME_HAND = 0.3
_VIEW_SIDE = 360
"""Smaller images are enlarged to this for the detector, px."""
_GREY = (114, 114, 114)


@dataclass(frozen=True, eq=False)
class AgreedHand:
    """One hand, found in one view or more.

    Attributes:
        side: None where the views do not say the same.
        detection: the mean of the views that agree, image px; None where too few do. Its score is the mean over all
            views, those without this hand counting nothing.
        seen: what each view says, image px.
    """

    side: Side | None
    detection: Detection | None
    seen: tuple[Detection, ...]


def agreed_hands(
    detector: HandDetector, image: np.ndarray, coverage: np.ndarray | None = None, side: Side | None = None
) -> list[AgreedHand]:
    """Look for hands in several views of an image.

    Args:
        detector: asked afresh for each view.
        image: (H, W, 3) uint8 RGB.
        coverage: (H, W) uint8 alpha of a cut-out hand; what it leaves out is seen as grey, and no landmark lies there.
        side: of the hand, where it is known; None: as the views say.
    """
    if coverage is not None:
        alpha = coverage[..., None] / 255.0
        image = np.rint(image * alpha + (1.0 - alpha) * _GREY).astype(np.uint8)
    off = None if coverage is None else _distance_off(coverage)
    size = np.array(image.shape[1::-1])
    enlarged = max(1.0, _VIEW_SIDE / size.max())
    view_size = np.rint(size * enlarged).astype(int)
    clusters: list[list[Detection]] = []
    for degrees, zoom, mirrored in _VIEWS:
        linear = _linear(degrees, zoom * enlarged, mirrored)
        to_view = np.column_stack([linear, (view_size - 1) / 2.0 - linear @ ((size - 1) / 2.0)])
        view = cv2.warpAffine(image, to_view, view_size.tolist(), flags=cv2.INTER_CUBIC, borderValue=_GREY)
        found = [_to_image(detection, to_view) for detection in detector.detect(view)]
        _gather([detection for detection in found if off is None or _lies_on(detection, off)], clusters)
    return [_agreed(cluster, side) for cluster in clusters]


def _distance_off(coverage: np.ndarray) -> np.ndarray:
    """(H, W) px to the nearest covered pixel."""
    return cv2.distanceTransform((coverage < 128).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)


def _lies_on(detection: Detection, off: np.ndarray) -> bool:
    nearest = np.rint(np.clip(detection.landmarks, 0, np.array(off.shape[::-1]) - 1)).astype(int)
    outside = np.linalg.norm(detection.landmarks - nearest, axis=1)
    strays = off[nearest[:, 1], nearest[:, 0]] + outside
    return float(strays.max()) < _AGREEMENT * hand_size(detection.landmarks)


def _linear(degrees: float, scale: float, mirrored: bool) -> np.ndarray:
    """(2, 2) of a turn and scale, mirrored left to right after that or not."""
    cosine, sine = scale * np.cos(np.radians(degrees)), scale * np.sin(np.radians(degrees))
    linear = np.array([[cosine, sine], [-sine, cosine]])
    return linear * [[-1.0], [1.0]] if mirrored else linear


def _to_image(detection: Detection, to_view: np.ndarray) -> Detection:
    linear = to_view[:, :2]
    landmarks = ((detection.landmarks - to_view[:, 2]) @ np.linalg.inv(linear).T).astype(np.float32)
    world = detection.world_landmarks.copy()
    # The inverse of a turn or mirroring is its transpose; points are rows, so that it is written once more transposed.
    world[:, :2] = world[:, :2] @ (linear / np.sqrt(abs(np.linalg.det(linear))))
    side = OTHER_SIDE[detection.side] if np.linalg.det(linear) < 0.0 else detection.side
    return Detection(side, detection.score, _box(landmarks), landmarks, world)


def _gather(found: Sequence[Detection], clusters: list[list[Detection]]) -> None:
    """Put each hand of a view to the hand of the earlier views that it is; no two to one."""
    free = list(clusters)
    for detection in found:
        size = hand_size(detection.landmarks)
        near = [c for c in free if mean_distance(c[0].landmarks, detection.landmarks) < _SAME_HAND * size]
        if near:
            nearest = min(near, key=lambda cluster: mean_distance(cluster[0].landmarks, detection.landmarks))
            nearest.append(detection)
            free = [cluster for cluster in free if cluster is not nearest]
        else:
            clusters.append([detection])


def _agreed(cluster: list[Detection], side: Side | None) -> AgreedHand:
    middle = np.median([detection.landmarks for detection in cluster], axis=0)
    limit = _AGREEMENT * hand_size(middle)
    agreeing = [detection for detection in cluster if mean_distance(detection.landmarks, middle) < limit]
    if side is None and len({detection.side for detection in cluster}) == 1:
        side = cluster[0].side
    if side is None or len(agreeing) < _ENOUGH_VIEWS:
        return AgreedHand(side, None, tuple(cluster))
    landmarks = np.mean([detection.landmarks for detection in agreeing], axis=0)
    world = np.mean([detection.world_landmarks for detection in agreeing], axis=0)
    score = sum(detection.score for detection in agreeing) / len(_VIEWS)
    return AgreedHand(side, Detection(side, score, _box(landmarks), landmarks, world), tuple(cluster))


def _box(landmarks: np.ndarray) -> np.ndarray:
    return np.concatenate([landmarks.min(axis=0), landmarks.max(axis=0)])
