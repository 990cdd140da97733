"""Hand landmarks: 21 joints, presence and side of the hand in each of an image's regions.

Method: Zhang et al., MediaPipe Hands: On-device Real-time Hand Tracking, 2020, section 2.2
(https://arxiv.org/abs/2006.10214).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from models.runtime.openvino import Precision, StaticNetwork, compile_network, read_network, scale_bytes
from tracking.detector.networks import LANDMARK_NETWORK, network_path
from tracking.detector.reading import HandReading
from tracking.detector.regions import Region

_INPUT_SIZE = 224
_LARGEST_BATCH = 2


class LandmarkNetwork:
    """The landmark network, compiled for one and for two hands at once. Used by one thread."""

    def __init__(self, precision: Precision) -> None:
        self._networks: dict[int, StaticNetwork] = {}
        for batch in range(1, _LARGEST_BATCH + 1):
            model = read_network(network_path(LANDMARK_NETWORK))
            model.reshape([batch, _INPUT_SIZE, _INPUT_SIZE, 3])
            self._networks[batch] = StaticNetwork(compile_network(scale_bytes(model), precision=precision))

    def read(self, image: np.ndarray, regions: Sequence[Region]) -> list[HandReading]:
        """One reading per region of a (H, W, 3) uint8 image, in their order."""
        readings: list[HandReading] = []
        for start in range(0, len(regions), _LARGEST_BATCH):
            readings += self._read_batch(image, regions[start : start + _LARGEST_BATCH])
        return readings

    def _read_batch(self, image: np.ndarray, regions: Sequence[Region]) -> list[HandReading]:
        network = self._networks[len(regions)]
        transforms = [region.to_frame(_INPUT_SIZE) for region in regions]
        for crop, transform in zip(network.input, transforms, strict=True):
            cv2.warpAffine(
                image,
                transform,
                (_INPUT_SIZE, _INPUT_SIZE),
                dst=crop,
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )
        points, presence, handedness, world = network.infer()
        return [
            HandReading(
                presence=float(presence[i, 0]),
                left=1.0 - float(handedness[i, 0]),
                landmarks=_to_frame(points[i].reshape(21, 3)[:, :2], transforms[i]),
                world_landmarks=_rotate(world[i].reshape(21, 3), region.rotation),
            )
            for i, region in enumerate(regions)
        ]


def _to_frame(points: np.ndarray, transform: np.ndarray) -> np.ndarray:
    return (points @ transform[:, :2].T + transform[:, 2]).astype(np.float32)


def _rotate(world: np.ndarray, rotation: float) -> np.ndarray:
    """Undo the region's rotation: the network sees every hand upright."""
    cos, sin = math.cos(rotation), math.sin(rotation)
    return (world @ np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])).astype(np.float32)
