"""Weights of MediaPipe's hand-landmark lite network as a start for the encoder.

The network file lies in the installed mediapipe wheel (Apache-2.0); nothing of it is shipped with this program, but
weights trained from it keep its notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from models.errors import BothhandsError
from models.feature_attention.encoder import FeatureAttentionEncoder, InvertedBottleneck
from models.lwa_hand.graph_decoder import ROOT
from models.lwa_hand.network import LwaHand

_WHEEL_SIZE = 224
"""Side of the images that the landmark network reads, px."""
_DOUBT = 0.3
"""Factor on its logit of a right hand: in an image of two, sure as it is, it is wrong about one."""


def wheel_file() -> Path:
    """The landmark lite network in the installed mediapipe wheel.

    Raises:
        BothhandsError: mediapipe is not installed, or carries no networks.
    """
    from tracking.detector.networks import network_path

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


class WheelHeads(NamedTuple):
    """Linear layers on the mean feature (672,): weights (N, 672) and biases (N,).

    Attributes:
        landmarks: 63 numbers: x, y, z of the joints in px of an image of 224 px.
        world: 63: x, y, z in metres about the hand's middle, z away from the camera.
        right: logit of a right hand.
    """

    landmarks: tuple[Tensor, Tensor]
    world: tuple[Tensor, Tensor]
    right: tuple[Tensor, Tensor]


def read_heads(path: Path) -> WheelHeads:
    """What the landmark network reads off its mean feature.

    Args:
        path: see `read_trunk`.
    """
    from models.runtime.openvino import ov, read_network

    network = read_network(path)
    layers = {}
    for result in network.get_results():
        addition = result.input_value(0).get_node()
        if addition.get_type_name() == "Sigmoid":
            addition = addition.input_value(0).get_node()
        product = addition.input_value(0).get_node()
        constants = ov.Model([product.input_value(1), addition.input_value(1)], [], "head")  # pyright: ignore
        weight, bias = ov.Core().compile_model(constants, "CPU")([]).values()
        (name,) = result.input_value(0).get_names()
        layers[name] = torch.from_numpy(np.array(weight, np.float32)), torch.from_numpy(np.array(bias, np.float32))
    return WheelHeads(layers["Identity"], layers["Identity_3"], layers["Identity_2"])


@torch.no_grad()
def start_from_wheel(network: LwaHand, path: Path) -> None:
    """Give a new network the landmark network's trunk, and its readings as initial joint estimate for both hands.

    Args:
        network: to fill.
        path: see `read_trunk`.

    Raises:
        BothhandsError: see `read_trunk`.
    """
    network.encoder.load_state_dict(read_trunk(path, network.encoder), strict=False)
    heads = read_heads(path)
    flat, flat_bias = (part.view(21, 3, -1)[:, :2] for part in heads.landmarks)
    space, space_bias = (part.view(21, 3, -1) for part in heads.world)
    half = _WHEEL_SIZE / 2.0
    right = [_DOUBT * torch.cat([part, -part]) for part in heads.right]
    linear, width = network.guess.linear, flat.shape[-1]
    linear.weight[:, :width] = torch.cat(
        [_twice(flat / half), _twice(space - space[ROOT]), right[0]]  # a hand is absent as far as it is the other one
    )
    bias = torch.cat([_twice((flat_bias + 0.5) / half - 1.0), _twice(space_bias - space_bias[ROOT]), right[1][:, None]])
    linear.bias.copy_(bias.flatten())


def _twice(part: Tensor) -> Tensor:
    """(21, D, N) for one hand to (2 * 21 * D, N) for both."""
    return part.flatten(0, 1).repeat(2, 1)


def _convolutions(encoder: FeatureAttentionEncoder) -> Iterator[tuple[str, nn.Conv2d]]:
    """The encoder's convolutions in the order in which they run."""
    yield "stem", encoder.stem
    for name, module in encoder.named_modules():
        if isinstance(module, InvertedBottleneck):
            for part in ("expand", "depthwise", "project"):
                convolution = getattr(module, part)
                if convolution is not None:
                    yield f"{name}.{part}", convolution
