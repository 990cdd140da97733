"""Meshes that are some hand's: what a network says, compared with the nearest mesh of the hand model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from models.hand_model import HandModel
from models.values import SIDES, Side
from training.losses.batched_vertex_fit import BatchedVertexFit
from training.losses.lwa_hand import point_loss
from training.losses.vertex_fit import VertexFit

_FRAME = np.eye(3)


class FittedParameters(NamedTuple):
    """Parameters of hands whose meshes lie near given ones, zero where none was asked for.

    Attributes:
        pose: (B, 2, 16, 3) rotation vectors.
        shape: (B, 2, 10).
        translation: (B, 2, 3) metres, added after posing.
    """

    pose: Tensor
    shape: Tensor
    translation: Tensor


@torch.no_grad()
def fit_parameters(fit: VertexFit, vertices: Tensor, wanted: Tensor) -> FittedParameters:
    """Fit the hand models to meshes.

    Args:
        fit: of the hand models.
        vertices: (B, 2, 778, 3) metres.
        wanted: (B, 2) bool; images in which no hand is wanted are left out.
    """
    batch = len(vertices)
    parameters = FittedParameters(*(vertices.new_zeros(batch, 2, *size) for size in ((16, 3), (10,), (3,))))
    for index in wanted.any(dim=1).nonzero().flatten().tolist():
        fitted = fit.fit(vertices[index].cpu().numpy())
        values = fitted.pose(_FRAME), fitted.shape, fitted.translation
        for own, value in zip(parameters, values, strict=True):
            own[index] = torch.from_numpy(value).to(own)
    return parameters


@torch.no_grad()
def fit_together(fit: BatchedVertexFit, vertices: Tensor, wanted: Tensor) -> FittedParameters:
    """What `fit_parameters` gives, of all images at once."""
    rows = wanted.any(dim=1).nonzero().squeeze(1)
    parameters = FittedParameters(*(vertices.new_zeros(len(vertices), 2, *size) for size in ((16, 3), (10,), (3,))))
    for own, values in zip(parameters, fit.fit(vertices[rows]), strict=True):
        own[rows] = values.to(own)
    return parameters


class Likeness:
    """How far meshes are from hands.

    A network's vertices are free to be no hand's: where it doubts between two places of a finger, the finger is too
    short for either. The nearest hand is found in closed form and held fast, so that the loss pulls each mesh there:
    a projection onto the set of hands, at each step a new one.

    Args:
        hand_models: by side, on the device of the batches.
    """

    def __init__(self, hand_models: Mapping[Side, HandModel]) -> None:
        self._hand_models = hand_models
        self._models = [hand_models[side] for side in SIDES]
        self._fit = VertexFit(hand_models)
        self._batched: BatchedVertexFit | None = None

    def loss(self, vertices: Tensor, weights: Tensor, unit: float) -> Tensor:
        """L1 distance from the nearest hands.

        Args:
            vertices: (B, 2, 778, 3) metres.
            weights: (B, 2); 0 where there is no hand.
            unit: of the loss' distances, units a metre.
        """
        parameters = self._nearest(vertices.detach(), weights > 0)
        with torch.no_grad():
            hands = [model(*(part[:, hand] for part in parameters)).vertices for hand, model in enumerate(self._models)]
        return point_loss(vertices * unit, torch.stack(hands, dim=1) * unit, weights)

    def _nearest(self, vertices: Tensor, wanted: Tensor) -> FittedParameters:
        if vertices.device.type == "cpu":
            return fit_parameters(self._fit, vertices, wanted)
        if self._batched is None:  # made late: the hand models move to the meshes' device first
            self._batched = BatchedVertexFit(self._hand_models)
        return fit_together(self._batched, vertices, wanted)
