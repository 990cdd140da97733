"""Hand landmarks: 21 joints, presence and side of the hand in each of an image's regions.

Method: Zhang et al., MediaPipe Hands: On-device Real-time Hand Tracking, 2020, section 2.2
(https://arxiv.org/abs/2006.10214).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import cv2
import numpy as np

from models.runtime.fastest import compile_fastest
from models.runtime.openvino import compile_network, ov, read_network, scale_bytes, split, usable_threads
from models.runtime.runner import Precision
from models.runtime.static_network import StaticNetwork
from tracking.detector.networks import LANDMARK_NETWORK, network_path
from tracking.detector.reading import HandReading
from tracking.detector.regions import Region

_INPUT_SIZE = 224
_AT_ONCE = 2
_PRECISIONS: tuple[Precision, ...] = ("f16", "bf16")
"""float16 moves landmarks by .03 px of the input in the mean, bfloat16 between the two exact parts by .08 and all of it
by .33 (145 hands of four clips)."""


class LandmarkNetwork:
    """The landmark network. Used by one thread.

    A lone region has all threads to itself. Two are two requests with half the threads each: they take less of the
    processor than a batch of two in all threads, which wait for each other after every layer.

    Args:
        precision: what to calculate in where the processor can; None: in whichever is fastest.
    """

    def __init__(self, precision: Precision | None = None) -> None:
        compile_as = functools.partial(_compile, _read())
        if precision is None:
            precision, lone = compile_fastest(compile_as, _PRECISIONS, LANDMARK_NETWORK)
        else:
            lone = compile_as(precision)
        self._lone = StaticNetwork(*lone)
        pair = compile_as(precision, streams=min(_AT_ONCE, usable_threads()))
        self._pair = [StaticNetwork(*pair) for _ in range(_AT_ONCE)]

    def read(self, image: np.ndarray, regions: Sequence[Region]) -> list[HandReading]:
        """One reading per region of a (H, W, 3) uint8 image, in their order."""
        readings: list[HandReading] = []
        for start in range(0, len(regions), _AT_ONCE):
            readings += self._read_at_once(image, regions[start : start + _AT_ONCE])
        return readings

    def _read_at_once(self, image: np.ndarray, regions: Sequence[Region]) -> list[HandReading]:
        networks = self._pair if len(regions) > 1 else [self._lone]
        transforms = [region.to_frame(_INPUT_SIZE) for region in regions]
        for transform, network in zip(transforms, networks, strict=True):
            cv2.warpAffine(
                image,
                transform,
                (_INPUT_SIZE, _INPUT_SIZE),
                dst=network.input[0],
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )
            network.start()
        outputs = StaticNetwork.finish(networks)
        return [_reading(*each) for each in zip(outputs, transforms, regions, strict=True)]


def _read() -> ov.Model:
    """The network of one region, which takes bytes."""
    model = read_network(network_path(LANDMARK_NETWORK))
    model.reshape([1, _INPUT_SIZE, _INPUT_SIZE, 3])
    return scale_bytes(model)


def _compile(model: ov.Model, precision: Precision, streams: int = 1) -> list[ov.CompiledModel]:
    """The network, in parts of which the first and the last stay in float32 where the rest is in bfloat16."""
    if precision != "bf16":
        return [compile_network(model, precision=precision, streams=streams)]
    own: tuple[Precision, ...] = ("f32", "bf16", "f32")
    model = model.clone()  # what is split cannot be compiled once more
    parts = zip(split(model, _exact_ends(model)), own, strict=True)
    return [compile_network(part, precision=each, streams=streams) for part, each in parts]


def _exact_ends(model: ov.Model) -> tuple[ov.Output, ov.Output]:
    """Where bfloat16 may begin and must end: what rounding does before and behind, no later layer makes good.

    It begins at the first features of a quarter of the input's size, and ends before the last block, from which
    landmarks are read: both are outputs of linear bottlenecks, out of which one tensor leads.
    """
    bottlenecks = [
        node.output(0)
        for node in model.get_ordered_ops()
        if node.get_type_name() == "Add"
        and any(_expands(reader.get_node(), node) for reader in node.output(0).get_target_inputs())
    ]
    return bottlenecks[1], bottlenecks[-1]


def _expands(reader: ov.Node, bottleneck: ov.Node) -> bool:
    """Whether a layer is a convolution that gives more channels than the tensor has that it reads."""
    channels = [node.get_output_shape(0)[1] for node in (reader, bottleneck) if len(node.get_output_shape(0)) == 4]
    return reader.get_type_name() == "Convolution" and len(channels) == 2 and channels[0] > channels[1]


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
