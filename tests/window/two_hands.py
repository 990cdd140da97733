"""A network of no weights in LWA-HAND's place, which is converted in seconds: it sees two hands in every crop."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from models.hand_model import load_hand_models
from models.values import MIDDLE_KNUCKLE, SIDES, HandParameters

_SCALE = 3.0
"""Half crops a metre."""


class TwoHands(nn.Module):
    """Takes and gives what `models.lwa_hand.runtime.RuntimeNetwork` does: open hands, side by side."""

    joints: Tensor
    flat: Tensor

    def __init__(self) -> None:
        super().__init__()
        models = load_hand_models()
        flat_hand = HandParameters(*(np.zeros(shape, np.float32) for shape in ((16, 3), 10, 3)))
        joints = np.stack([models[side].mesh(flat_hand)[1] for side in SIDES])
        joints -= joints[:, MIDDLE_KNUCKLE, None]
        aside = np.array([[[0.4, 0.0]], [[-0.4, 0.0]]], np.float32)
        self.register_buffer("joints", torch.tensor(joints)[None])
        self.register_buffer("flat", torch.tensor(_SCALE * joints[..., :2] + aside)[None])

    def forward(self, crops: Tensor) -> tuple[Tensor, ...]:
        nothing = 0.0 * crops.mean()  # of which what is given depends on the crop
        return (
            nothing + torch.zeros(1, 2, 778, 3),
            nothing + self.joints,
            nothing + self.flat,
            nothing + torch.full((1, 2), 0.9),
            nothing + torch.full((1, 2, 21), 0.02),
            nothing + torch.full((1, 2, 21), 0.01),
        )
