"""Distillation: what a trained LWA-HAND sees stands in where an image's labels know no mesh."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from models.hand_model import load_hand_models
from models.lwa_hand.camera import project
from models.lwa_hand.network import LwaHand, hand_topologies
from models.lwa_hand.weights import load_network
from training.data.examples import Batch
from training.losses.likeness import fit_parameters
from training.losses.lwa_hand import MeshGeometry
from training.losses.vertex_fit import VertexFit

_SURE = 0.5
_NEAR = 0.2
"""Mean distance of the teacher's joints from the labelled ones, parts of the hand's box, beyond which it is not
believed; its mean on photographs is a tenth."""
_SIZE = 256
"""Side of the images that it looks at, px, as in the app. Its trunk is used to large hands: on two sets of held-out
photographs of 128 px its mean 2D error is .34 and .54 of the hand's box, and .10 and .08 on the same ones enlarged."""


class Teacher:
    """A trained network beside the one in training.

    Args:
        weights: safetensors file of an `lwa-hand`.
        trust: in its meshes, against 1 in exact ones.
        device: where batches are.

    Raises:
        BothhandsError: the file is missing or of another network.
    """

    def __init__(self, weights: Path, trust: float, device: torch.device) -> None:
        models = load_hand_models()
        network = LwaHand(hand_topologies(models))
        load_network(weights, network)
        self._network = network.eval().requires_grad_(False).to(device)
        self._regressor = MeshGeometry.of(models).joint_regressor.to(device)
        self._fit = VertexFit(models)
        self._trust = trust

    @torch.no_grad()
    def complete(self, batch: Batch) -> Batch:
        """The batch with meshes, joints and parameters for hands whose labels know no mesh.

        Meshes that labels do know stay, those of pseudo-labels too: the teacher has learnt from them. It is believed
        where it is sure of the hand and sees it where the label does. What it adds is relative to the middle finger's
        base knuckle.
        """
        unknown = (batch.present > 0.5) & (batch.mesh_trust <= 0.0)
        asked = unknown.any(dim=1).nonzero().flatten()
        if not len(asked):
            return batch
        part = Batch(*(tensor[asked] for tensor in batch))
        output = self._network(_enlarged(part.pixels()))
        vertices, cameras = output.prediction.vertices.float(), output.prediction.cameras.float()
        joints = self._regressor @ vertices
        known = unknown[asked] & (output.joints.presence > _SURE) & _agree(project(joints, cameras), part)
        pose, shape, _ = fit_parameters(self._fit, vertices, known)
        trust = torch.full_like(part.mesh_trust, self._trust)
        said = {
            "vertices": vertices,
            "vertices_2d": project(vertices, cameras),
            "joints": joints,
            "pose": pose,
            "shape": shape,
            "mesh_trust": trust,
            "parameters_trust": trust,
        }
        completed = {}
        for name, value in said.items():
            completed[name] = getattr(batch, name).clone()
            completed[name][asked] = _where(known, value, getattr(part, name))
        return batch._replace(**completed)


def _enlarged(pixels: Tensor) -> Tensor:
    if pixels.shape[-1] >= _SIZE:
        return pixels
    return F.interpolate(pixels, size=(_SIZE, _SIZE), mode="bilinear", align_corners=False)


def _agree(joints_2d: Tensor, batch: Batch) -> Tensor:
    """(B, 2) whether these joints (B, 2, 21, 2) lie near the labelled ones; false where none is labelled."""
    labelled = batch.joints_trust > 0
    count = labelled.sum(dim=-1)
    distance = torch.linalg.norm(joints_2d - batch.joints_2d, dim=-1).where(labelled, 0.0).sum(dim=-1)
    low = batch.joints_2d.where(labelled[..., None], torch.inf).amin(dim=2)
    high = batch.joints_2d.where(labelled[..., None], -torch.inf).amax(dim=2)
    return (count > 0) & (distance < _NEAR * count * (high - low).amax(dim=-1))


def _where(chosen: Tensor, new: Tensor, old: Tensor) -> Tensor:
    return torch.where(chosen.view(*chosen.shape, *[1] * (old.ndim - 2)), new, old)
