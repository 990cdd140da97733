"""Evaluates a network in training on held-out images, roughly; the command `evaluate` follows the protocols."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.lwa_hand.graph_decoder import ROOT
from training.data.examples import Batch
from training.tasks.protocol import Prediction

_SURE = 0.5


class ValidationResult(NamedTuple):
    """Metrics of one source, and its first batch with what was said of it.

    Attributes:
        metrics: `nme` mean 2D error of the mesh's joints normalised by the hand's box (its longer side), `heat_nme`
            that of the heat-maps; `mpjpe` and `mpvpe` millimetres, relative to the middle finger's base knuckle, where
            meshes are known; `presence` part of the sides rightly said to be there or not; `side` part of the one-hand
            images whose surer hand is the right one; `pairs` part of the two-hand images in which both are said to
            be there.
        batch: images.
        prediction: of them.
    """

    metrics: dict[str, float]
    batch: Batch
    prediction: Prediction


@torch.inference_mode()
def validate(
    predict: Callable[[nn.Module, Batch], Prediction],
    network: nn.Module,
    batches: Iterable[Batch],
    device: torch.device,
) -> ValidationResult:
    """Run a network over batches.

    Raises:
        ValueError: there are no batches.
    """
    collected: defaultdict[str, list[Tensor]] = defaultdict(list)
    first: tuple[Batch, Prediction] | None = None
    for batch in batches:
        batch = batch.to(device)
        outputs = predict(network, batch)
        first = first or (batch, outputs)
        for name, values in _errors(batch, outputs).items():
            collected[name].append(values.float().cpu())
    if first is None:
        raise ValueError("nothing to evaluate")
    metrics = {name: torch.cat(values) for name, values in collected.items()}
    return ValidationResult({name: float(values.mean()) for name, values in metrics.items() if len(values)}, *first)


def _errors(batch: Batch, outputs: Prediction) -> dict[str, Tensor]:
    there = batch.present > 0.5
    known = (batch.joints_trust > 0).all(dim=-1) & there
    meshes = (batch.mesh_trust > 0) & there
    extent = batch.joints_2d.amax(dim=2) - batch.joints_2d.amin(dim=2)
    side = extent.amax(dim=-1).clamp_min(1e-6)
    joint_error, heat = (
        torch.linalg.norm(points - batch.joints_2d, dim=-1).mean(dim=-1) / side
        for points in (outputs.joints_2d, outputs.heat_2d)
    )
    root, true_root = outputs.joints[:, :, ROOT, None], outputs.true_joints[:, :, ROOT, None]
    joints = torch.linalg.norm((outputs.joints - root) - (outputs.true_joints - true_root), dim=-1).mean(dim=-1)
    vertices = torch.linalg.norm((outputs.vertices - root) - (batch.vertices - true_root), dim=-1).mean(dim=-1)
    sure = outputs.presence > _SURE
    sides = batch.presence_trust > 0
    alone = there.sum(dim=1) == 1
    pair = there.all(dim=1)
    return {
        "nme": joint_error[known],
        "heat_nme": heat[known],
        "mpjpe": 1000.0 * joints[meshes],
        "mpvpe": 1000.0 * vertices[meshes],
        "presence": (sure == there)[sides],
        "side": (outputs.presence.argmax(dim=1) == there.float().argmax(dim=1))[alone],
        "pairs": sure.all(dim=1)[pair],
    }
