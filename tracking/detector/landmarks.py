"""Hand landmarks: 21 joints, presence and side of the hand in each of an image's regions.

Method: Zhang et al., MediaPipe Hands: On-device Real-time Hand Tracking, 2020, section 2.2
(https://arxiv.org/abs/2006.10214).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from models.runtime.openvino import (
    InferRequest,
    Precision,
    compile_network,
    ov,
    read_network,
    scale_bytes,
    usable_threads,
)
from tracking.detector.networks import LANDMARK_NETWORK, network_path
from tracking.detector.reading import HandReading
from tracking.detector.regions import Region

_INPUT_SIZE = 224
_AT_ONCE = 2


class LandmarkNetwork:
    """The landmark network. Used by one thread.

    A lone region has all threads to itself. Two are two requests with half the threads each: they take less of the
    processor than a batch of two in all threads, which wait for each other after every layer.

    Args:
        precision: what to calculate in where the processor can.
    """

    def __init__(self, precision: Precision) -> None:
        self._lone = InferRequest(_compile(precision, streams=1))
        pair = _compile(precision, streams=min(_AT_ONCE, usable_threads()))
        self._pair = [InferRequest(pair) for _ in range(_AT_ONCE)]

    def read(self, image: np.ndarray, regions: Sequence[Region]) -> list[HandReading]:
        """One reading per region of a (H, W, 3) uint8 image, in their order."""
        readings: list[HandReading] = []
        for start in range(0, len(regions), _AT_ONCE):
            readings += self._read_at_once(image, regions[start : start + _AT_ONCE])
        return readings

    def _read_at_once(self, image: np.ndarray, regions: Sequence[Region]) -> list[HandReading]:
        running: list[tuple[InferRequest, np.ndarray, Region]] = []
        for region, request in zip(regions, self._pair if len(regions) > 1 else [self._lone], strict=True):
            transform = region.to_frame(_INPUT_SIZE)
            cv2.warpAffine(
                image,
                transform,
                (_INPUT_SIZE, _INPUT_SIZE),
                dst=request.input[0],
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )
            request.start()
            running.append((request, transform, region))
        return [_reading(request.outputs(), transform, region) for request, transform, region in running]


def _compile(precision: Precision, streams: int) -> ov.CompiledModel:
    model = read_network(network_path(LANDMARK_NETWORK))
    model.reshape([1, _INPUT_SIZE, _INPUT_SIZE, 3])
    return compile_network(scale_bytes(model), precision=precision, streams=streams)


def _reading(outputs: Sequence[np.ndarray], transform: np.ndarray, region: Region) -> HandReading:
    points, presence, handedness, world = outputs
    return HandReading(
        presence=float(presence[0, 0]),
        left=1.0 - float(handedness[0, 0]),
        landmarks=_to_frame(points.reshape(21, 3)[:, :2], transform),
        world_landmarks=_rotate(world.reshape(21, 3), region.rotation),
    )


def _to_frame(points: np.ndarray, transform: np.ndarray) -> np.ndarray:
    return (points @ transform[:, :2].T + transform[:, 2]).astype(np.float32)


def _rotate(world: np.ndarray, rotation: float) -> np.ndarray:
    """Undo the region's rotation: the network sees every hand upright."""
    cos, sin = math.cos(rotation), math.sin(rotation)
    return (world @ np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])).astype(np.float32)
