"""Distillation: what a trained LWA-HAND sees stands in where a picture's labels know no mesh."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from models.hand_model import load_hand_models
from models.lwa_hand.camera import project
from models.lwa_hand.graph_decoder import ROOT
from models.lwa_hand.network import LwaHand, hand_topologies
from models.lwa_hand.vertex_fit import VertexFit
from models.weights_io import load_weights
from training.examples import Batch
from training.losses import MeshGeometry

_SURE = 0.5


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
        load_weights(weights, network)
        self._network = network.eval().requires_grad_(False).to(device)
        self._regressor = MeshGeometry.of(models).joint_regressor.to(device)
        self._fit = VertexFit(models)
        self._trust = trust

    @torch.no_grad()
    def complete(self, batch: Batch) -> Batch:
        """The batch with meshes, joints and parameters for hands that are there and that it is sure of.

        Exact labels stay. What it adds is relative to the middle finger's base knuckle, where the label's hand has
        its own place or the camera's centre.
        """
        output = self._network(batch.pixels())
        missing = (batch.present > 0.5) & (batch.mesh_trust < 1.0) & (output.joints.presence > _SURE)
        if not bool(missing.any()):
            return batch
        vertices = output.prediction.vertices.float()
        joints = self._regressor @ vertices
        root = batch.joints[:, :, ROOT, None]
        pose, shape = self._parameters(vertices, missing)
        trust = torch.full_like(batch.mesh_trust, self._trust)
        flat = project(vertices, output.prediction.cameras.float())
        return batch._replace(
            vertices=_where(missing, vertices + root, batch.vertices),
            vertices_2d=_where(missing, flat, batch.vertices_2d),
            joints=_where(missing, joints + root, batch.joints),
            pose=_where(missing, pose, batch.pose),
            shape=_where(missing, shape, batch.shape),
            mesh_trust=_where(missing, trust, batch.mesh_trust),
            parameters_trust=_where(missing, trust, batch.parameters_trust),
        )

    def _parameters(self, vertices: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
        pose, shape = vertices.new_zeros(len(vertices), 2, 16, 3), vertices.new_zeros(len(vertices), 2, 10)
        upright = torch.eye(3, dtype=torch.float64).numpy()
        for index in wanted.any(dim=1).nonzero().flatten().tolist():
            fitted = self._fit.fit(vertices[index].cpu().numpy())
            pose[index] = torch.from_numpy(fitted.pose(upright)).to(pose)
            shape[index] = torch.from_numpy(fitted.shape).to(shape)
        return pose, shape


def _where(chosen: Tensor, new: Tensor, old: Tensor) -> Tensor:
    return torch.where(chosen.view(*chosen.shape, *[1] * (old.ndim - 2)), new, old)
