"""Weights of MediaPipe's hand-landmark lite network as a start for the encoder.

The network file lies in the installed mediapipe wheel (Apache-2.0); nothing of it is shipped with this program, but
weights trained from it keep its notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models.errors import BothhandsError
from models.lwa_hand.encoder import FeatureAttentionEncoder, InvertedBottleneck
from tracking.detector.networks import network_path


def wheel_file() -> Path:
    """The landmark lite network in the installed mediapipe wheel.

    Raises:
        BothhandsError: mediapipe is not installed, or carries no networks.
    """
    return network_path("hand_landmark/hand_landmark_lite.tflite")


def read_trunk(path: Path, encoder: FeatureAttentionEncoder) -> dict[str, Tensor]:
    """The part of an encoder's state dict that the landmark network fills: stem and inverted bottlenecks.

    Load it with `encoder.load_state_dict(..., strict=False)`. Token columns and bridges are not in it; the columns are
    zero in a new encoder, which then gives the landmark network's features exactly.

    Args:
        path: `hand_landmark_lite.tflite` of mediapipe 0.10.21.
        encoder: whose names and shapes to fill.

    Raises:
        BothhandsError: the file cannot be read or is another network.
    """
    # Only this function needs OpenVINO: an encoder can be built and trained without it.
    from models.runtime.openvino import ov, read_network

    network = read_network(path)
    operations = [
        operation
        for operation in network.get_ordered_ops()
        if operation.get_type_name() in ("Convolution", "GroupConvolution")
    ]
    convolutions = list(_convolutions(encoder))
    if len(convolutions) != len(operations):
        raise BothhandsError(f"{path} is not the hand-landmark lite network: take the one of mediapipe 0.10.21.")
    sources = []
    for operation in operations:
        (addition,) = operation.output(0).get_target_inputs()
        sources += [operation.input_value(1), addition.get_node().input_value(1)]
    # The constants are half floats behind conversions and transpositions: let OpenVINO evaluate those.
    values = ov.Core().compile_model(ov.Model(sources, [], "weights"), "CPU")([])  # pyright: ignore[reportGeneralTypeIssues]

    state: dict[str, Tensor] = {}
    for place, (name, convolution) in enumerate(convolutions):
        weight, bias = (torch.from_numpy(np.array(values[2 * place + part], np.float32)) for part in (0, 1))
        if weight.numel() != convolution.weight.numel():
            raise BothhandsError(f"{path} is not the hand-landmark lite network: take the one of mediapipe 0.10.21.")
        state[f"{name}.weight"] = weight.reshape(convolution.weight.shape)
        state[f"{name}.bias"] = bias.flatten()
    return state


def _convolutions(encoder: FeatureAttentionEncoder) -> Iterator[tuple[str, nn.Conv2d]]:
    """The encoder's convolutions in the order in which they run."""
    yield "stem", encoder.stem
    for name, module in encoder.named_modules():
        if isinstance(module, InvertedBottleneck):
            for part in ("expand", "depthwise", "project"):
                convolution = getattr(module, part)
                if convolution is not None:
                    yield f"{name}.{part}", convolution
