"""Palm detection: where hands are in an image that nothing is known about.

Method: Zhang et al., MediaPipe Hands: On-device Real-time Hand Tracking, 2020, section 2.1
(https://arxiv.org/abs/2006.10214); blended suppression after Bazarevsky et al., BlazeFace, 2019, section 3
(https://arxiv.org/abs/1907.05047).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.runtime.fastest import compile_fastest
from models.runtime.openvino import compile_network, ov, read_network, scale_bytes
from models.runtime.runner import Precision
from models.runtime.static_network import StaticNetwork
from tracking.detector.anchors import anchor_centres
from tracking.detector.networks import PALM_NETWORK, network_path
from tracking.detector.reading import hand_size, mean_distance

_INPUT_SIZE = 192
PALM_SCORE = 0.5
"""Score from which a palm counts where nothing else speaks for a hand."""
_OVERLAP_THRESHOLD = 0.3
_HIGHEST_LOGIT = 100.0

_SAME_PALM = 0.5
"""A palm closer than this to a hand's own (mean keypoint distance over palm size) is that hand's."""
KEYPOINT_LANDMARKS = (0, 5, 9, 13, 17, 1, 2)
"""Landmarks (of the 21) that a palm's seven keypoints are."""


@dataclass(frozen=True, eq=False)
class Palm:
    """A palm.

    Attributes:
        score: 0..1.
        box: x0, y0, x1, y1, frame px.
        keypoints: (7, 2) frame px, in the order of `KEYPOINT_LANDMARKS`.
    """

    score: float
    box: np.ndarray
    keypoints: np.ndarray


def is_palm_of(palm: Palm, landmarks: np.ndarray) -> bool:
    """Whether a palm is that of a hand with these landmarks (21, 2), frame px.

    Compared point by point, because the regions of two touching hands overlap as much as those of one hand.
    """
    distance = mean_distance(palm.keypoints, landmarks[list(KEYPOINT_LANDMARKS)])
    return distance < _SAME_PALM * hand_size(palm.keypoints)


class PalmDetector:
    """The palm network and what stands before and after it. Used by one thread.

    Args:
        precision: what to calculate in where the processor can; None: in float16 or float32, whichever is faster.
    """

    def __init__(self, precision: Precision | None = None) -> None:
        compiled = _compile(precision) if precision else compile_fastest(_compile, ["f16"], PALM_NETWORK)[1]
        self._network = StaticNetwork(*compiled)
        self._anchors = anchor_centres(_INPUT_SIZE)

    def detect(self, image: np.ndarray, least_score: float = PALM_SCORE) -> list[Palm]:
        """Palms of at least this score in a (H, W, 3) uint8 image, the surest first."""
        to_frame = letterbox(image.shape[1], image.shape[0], _INPUT_SIZE)
        cv2.warpAffine(
            image,
            to_frame,
            (_INPUT_SIZE, _INPUT_SIZE),
            dst=self._network.input[0],
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
        )
        raw, logits = self._network.infer()
        scores, points = decode(raw[0], logits[0, :, 0], self._anchors, least_score)
        scores, points = blend_overlapping(scores, points * to_frame[0, 0] + to_frame[:, 2])
        return [
            Palm(float(score), group[:2].reshape(4), group[2:]) for score, group in zip(scores, points, strict=True)
        ]


def _compile(precision: Precision) -> list[ov.CompiledModel]:
    return [compile_network(scale_bytes(read_network(network_path(PALM_NETWORK))), precision=precision)]


def letterbox(width: int, height: int, size: int) -> np.ndarray:
    """(2, 3) affine from px of a square of this size to frame px; the image lies in the middle of the square.

    Crop px 0 lies on the padded image's edge, as in `Region.to_frame`.
    """
    side = max(width, height)
    scale = side / size
    return np.array([[scale, 0.0, (width - side) / 2.0], [0.0, scale, (height - side) / 2.0]])


def decode(
    raw: np.ndarray, logits: np.ndarray, anchors: np.ndarray, least_score: float = PALM_SCORE
) -> tuple[np.ndarray, np.ndarray]:
    """Candidates above the score threshold.

    Args:
        raw: (N, 18) per anchor: box centre and size, then seven keypoints, all px relative to the anchor's centre.
        logits: (N,) log odds of a palm.
        anchors: (N, 2) centres, input px.
        least_score: of the candidates that are kept.

    Returns:
        Scores (M,), and points (M, 9, 2) in input px: the box's two corners, then the keypoints.
    """
    sure = np.flatnonzero(logits >= np.log(least_score / (1.0 - least_score)))
    scores = 1.0 / (1.0 + np.exp(-np.clip(logits[sure].astype(np.float64), -_HIGHEST_LOGIT, _HIGHEST_LOGIT)))
    values = raw[sure].astype(np.float64).reshape(-1, 9, 2)
    centre, half = values[:, 0] + anchors[sure], values[:, 1] / 2.0
    corners = np.stack([centre - half, centre + half], axis=1)
    return scores, np.concatenate([corners, values[:, 2:] + anchors[sure, None]], axis=1)


def blend_overlapping(scores: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Non-maximum suppression that averages instead of dropping: steadier boxes at no cost.

    The surest candidate takes all that overlap it, becomes their mean weighted by score and keeps its own score; then
    the surest of the rest, and so on.

    Args:
        scores: (N,).
        points: (N, K, 2), of which the first two are the corners of a box.

    Returns:
        Scores (M,) in falling order and points (M, K, 2).
    """
    rest = np.argsort(-scores, kind="stable")
    kept_scores: list[float] = []
    kept_points: list[np.ndarray] = []
    while rest.size:
        overlapping = _overlaps(points[rest[0], :2], points[rest, :2]) > _OVERLAP_THRESHOLD
        overlapping[0] = True  # a box without area overlaps not even itself
        group = rest[overlapping]
        kept_scores.append(float(scores[rest[0]]))
        kept_points.append(np.average(points[group], axis=0, weights=scores[group]))
        rest = rest[~overlapping]
    if not kept_points:
        return np.zeros(0), np.zeros((0, *points.shape[1:]))
    return np.array(kept_scores), np.stack(kept_points)


def _overlaps(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Intersection over union of a box (2, 2) with boxes (N, 2, 2), each given by its two corners."""
    overlap = np.minimum(box[1], boxes[:, 1]) - np.maximum(box[0], boxes[:, 0])
    intersection = np.prod(np.maximum(overlap, 0.0), axis=1)
    union = np.prod(box[1] - box[0]) + np.prod(boxes[:, 1] - boxes[:, 0], axis=1) - intersection
    return np.divide(intersection, union, out=np.zeros_like(intersection), where=union > 0.0)
