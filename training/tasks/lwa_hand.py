"""LWA-HAND in training (section 4.4 of https://arxiv.org/abs/2208.09815)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor, nn

from models.hand_model import load_hand_models
from models.lwa_hand.auxiliary import DenseMaps, JointEvidence, read_joints
from models.lwa_hand.camera import project
from models.lwa_hand.graph_decoder import COORDINATE_UNIT, ROOT
from models.lwa_hand.initial_joints import InitialJoints
from models.lwa_hand.network import LwaHand, Output, hand_topologies
from models.lwa_hand.weights import load_network
from models.weights_io import save_weights
from training.data.examples import Batch
from training.losses.likeness import Likeness
from training.losses.lwa_hand import LossWeights, MeshGeometry, Targets, auxiliary_losses, lwa_hand_losses
from training.losses.reduction import weighted_terms
from training.start.compiled_start import StillStart
from training.start.pretrained import start_from_wheel, wheel_file
from training.tasks.common import changed_weights, floats, grouped_by_rate, in_single_precision, write_card
from training.tasks.protocol import ParameterGroup, Prediction

if TYPE_CHECKING:
    from training.config import TrainConfig

_POSE_PART = ("decoder", "bridges", "spread")
_INITIAL = "guess"  # as weights call its layer
_STARTED = (
    "encoder.stages",
    "encoder.stem",
    "decoder.upsampling",
    "decoder.from_joints",
)
_ASKED = 0.25
"""Part of the images whose meshes are compared with hands in a step: the fit goes image by image."""
_NEW = (".fusion.", ".bridge.")
"""Parts of the encoder's stages that the trunk does not have."""
_INITIAL_RATE = 0.3
"""Of the start's rate: a tenth learnt pairs more slowly, one made the loss jump."""


class ImagePartOutput(NamedTuple):
    """See `models.lwa_hand.network.Output`."""

    maps: DenseMaps
    joints: JointEvidence
    initial: InitialJoints


class ImagePart(LwaHand):
    """The network where its pose part stays as it is: in training that is left away, which saves half of a step."""

    def forward(self, image: Tensor) -> ImagePartOutput:  # type: ignore[override]
        """Maps, what is read from them, and the initial joint estimate."""
        seen = self.look(image)
        return ImagePartOutput(seen.maps, read_joints(seen.maps), seen.initial)

    def whole(self, image: Tensor) -> Output:
        """What the whole network says."""
        return super().forward(image)


class LwaHandTask:
    """See `training.tasks.protocol.Task`."""

    network: nn.Module
    outer: Sequence[str] = (
        "encoder.stem",
        "auxiliary.draw",
        "guess",
        "decoder.start",
        "decoder.joint_start",
        "decoder.camera",
    )

    def __init__(self, config: TrainConfig) -> None:
        hand_models = load_hand_models(config.mano)
        self._hand_models = hand_models
        self._geometry, self._likeness = MeshGeometry.of(hand_models), Likeness(hand_models)
        self._weights = changed_weights(LossWeights(), config.loss_weights)
        self._start_rate = config.start_rate if config.start != "scratch" else 1.0
        torch.manual_seed(config.seed)
        kind = ImagePart if set(_POSE_PART) <= set(config.frozen) else LwaHand
        network = kind(hand_topologies(hand_models), **config.network)
        if config.start == "pretrained":
            start_from_wheel(network, wheel_file())
        elif config.start != "scratch":
            load_network(Path(config.start), network)
        self.network, self._start = network, StillStart(network.encoder, "encoder.", config.frozen)

    def parameter_groups(self) -> list[ParameterGroup]:
        """What starts trained or exact learns slower: the trunk has no batch norm to hold it.

        The initial estimate sums hundreds of features that are not centred: a step of each of its weights moves it far.
        """
        rates = {_INITIAL: _INITIAL_RATE * self._start_rate, **dict.fromkeys(_STARTED, self._start_rate)}

        def rate_of(name: str) -> float:
            new = any(part in name for part in _NEW)
            return next((rate for start, rate in rates.items() if name.startswith(start) and not new), 1.0)

        return grouped_by_rate(self.network, rate_of)

    def resize(self, network: nn.Module, size: int) -> None:
        """Nothing: no parameter depends on the size of images."""

    def losses(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Weighted terms of eq. 11-14, of the auxiliary decoders and of the initial joint estimate."""
        self._follow(batch.image.device)
        self._start.begin(batch.image.device)
        output: Output | ImagePartOutput = floats(network(batch.pixels()))
        with in_single_precision(batch.image.device):
            targets = lwa_hand_targets(batch)
            if isinstance(output, ImagePartOutput):
                return weighted_terms(auxiliary_losses(*output, targets), self._weights)
            terms = lwa_hand_losses(output, targets, self._geometry)
            if self._weights.likeness:
                asked = (torch.rand(len(batch.image), 1) < _ASKED).to(targets.mesh_2d_weight)
                weights = targets.mesh_2d_weight * asked
                terms["likeness"] = self._likeness.loss(output.prediction.vertices, weights, 1.0 / COORDINATE_UNIT)
        return weighted_terms(terms, self._weights)

    def predict(self, network: nn.Module, batch: Batch) -> Prediction:
        """Vertices, their joints, and presence."""
        self._follow(batch.image.device)
        whole = network.whole if isinstance(network, ImagePart) else network
        output: Output = floats(whole(batch.pixels()))
        vertices, cameras = output.prediction.vertices, output.prediction.cameras
        joints = self._geometry.joint_regressor @ vertices
        evidence = output.joints
        heat = evidence.coordinates[..., :2] / evidence.seen.clamp_min(1e-3)
        known = (batch.mesh_trust > 0)[..., None, None]
        true_joints = torch.where(known, self._geometry.joint_regressor @ batch.vertices, batch.joints)
        return Prediction(joints, vertices, project(joints, cameras), heat, evidence.presence, true_joints)

    def _follow(self, device: torch.device) -> None:
        if self._geometry.faces.device != device:
            self._geometry = self._geometry.to(device)
            for model in self._hand_models.values():
                model.to(device)

    def export(self, network: nn.Module, path: Path, notes: dict[str, Any]) -> None:
        """Write half-precision weights and the notes of the model's card."""
        write_card(path, save_weights(path, network), {"hand_model": self._hand_models["right"].name, **notes})


def lwa_hand_targets(batch: Batch) -> Targets:
    """What LWA-HAND should have said of a batch: points relative to the middle finger's base knuckle."""
    root = batch.joints[:, :, ROOT, None]
    inside = (batch.joints_2d.abs() < 1.0).all(dim=-1).float().mean(dim=-1) > 0.5
    # Of a hand that is mostly outside, nobody can tell the pose.
    visible = batch.present * inside
    seen = batch.present[..., None] * batch.joints_trust
    absent = (1.0 - batch.present) * batch.presence_trust
    return Targets(
        vertices=batch.vertices - root,
        vertices_2d=batch.vertices_2d,
        joints=batch.joints - root,
        joints_2d=batch.joints_2d,
        masks=batch.masks,
        present=batch.present,
        mesh_weight=batch.mesh_trust * visible,
        mesh_2d_weight=(batch.mesh_trust > 0).float() * visible,
        joints_weight=seen * visible[..., None],
        heat_weight=seen + absent[..., None],
        mask_weight=batch.mask_trust,
    )
