"""What the trainer asks of a network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from torch import Tensor, nn

from training.data.examples import Batch


class Prediction(NamedTuple):
    """What a network says of a batch, hands in the order left, right, in the units of `Batch`.

    Attributes:
        joints: (B, 2, 21, 3) metres, relative to any point of the hand, view axes.
        vertices: (B, 2, 778, 3) relative to the same point.
        joints_2d: (B, 2, 21, 2) where the mesh's joints lie in the image.
        heat_2d: (B, 2, 21, 2) where the heat-maps see the joints.
        presence: (B, 2) probability.
        true_joints: (B, 2, 21, 3) the batch's joints, of the kind that `joints` are: those read from a mesh lie some
            millimetres beside those that turn its bones.
    """

    joints: Tensor
    vertices: Tensor
    joints_2d: Tensor
    heat_2d: Tensor
    presence: Tensor
    true_joints: Tensor


class ParameterGroup(NamedTuple):
    """Parameters that share a learning rate.

    Attributes:
        parameters: of the network.
        rate: factor on the run's learning rate.
    """

    parameters: list[nn.Parameter]
    rate: float


class Task(Protocol):
    """A network in training."""

    network: nn.Module
    """Maps pixels (B, 3, S, S) in [0, 1] to what `losses` reads."""
    outer: Sequence[str]
    """Starts of the names of first and last layers, which meet pixels, or places and angles: Muon is not for them."""

    def parameter_groups(self) -> list[ParameterGroup]:
        """All trained parameters, each once."""
        ...

    def resize(self, network: nn.Module, size: int) -> None:
        """Make `network`, or a copy of it, ready for images of another size.

        Parameters that depend on the size are replaced by new ones.
        """
        ...

    def losses(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Terms of the loss by name, weighted: their sum is what is minimised.

        Args:
            network: `network`, or what distributed training wraps it in.
            batch: on the network's device.
        """
        ...

    def predict(self, network: nn.Module, batch: Batch) -> Prediction:
        """What the network says; called without gradients."""
        ...

    def export(self, network: nn.Module, path: Path, notes: dict[str, Any]) -> None:
        """Write weights that the app loads, and their notes beside them."""
        ...
