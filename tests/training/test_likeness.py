"""Distance of meshes from hands: none for hands, that of what no hand could be for others."""

import pytest
import torch

from models.hand_model import load_hand_models
from models.values import SIDES
from training.losses.batched_vertex_fit import BatchedVertexFit
from training.losses.likeness import Likeness, fit_parameters, fit_together
from training.losses.vertex_fit import VertexFit

MODELS = load_hand_models()
BATCH = 3


@pytest.fixture(scope="module")
def hands() -> torch.Tensor:
    """(B, 2, 778, 3) of posed hands somewhere in space."""
    generator = torch.Generator().manual_seed(0)
    pose, shape = (torch.randn(BATCH, *size, generator=generator) for size in ((16, 3), (10,)))
    place = torch.tensor([0.1, -0.2, 0.3]).expand(BATCH, 3)
    return torch.stack([MODELS[side](0.3 * pose, shape, place).vertices for side in SIDES], dim=1)


def test_hands_are_like_hands(hands):
    """The fit's own error is a third of a millimetre an axis; ten units a metre, three axes."""
    assert Likeness(MODELS).loss(hands, torch.ones(BATCH, 2), 10.0).item() < 0.01


def test_what_no_hand_could_be_is_measured_and_pulled_back(hands):
    noise = 0.005 * torch.randn(hands.shape, generator=torch.Generator().manual_seed(1))
    bumpy = (hands + noise).requires_grad_()
    likeness = Likeness(MODELS)
    loss = likeness.loss(bumpy, torch.ones(BATCH, 2), 1.0)
    assert loss.item() == pytest.approx(noise.abs().sum(dim=-1).mean().item(), rel=0.05)
    loss.backward()
    assert bumpy.grad is not None
    # Downhill is where the noise came from.
    assert ((bumpy.grad.sign() == noise.sign()).float().mean()) > 0.9
    moved = bumpy.detach() - 0.004 * bumpy.grad.sign()
    assert likeness.loss(moved, torch.ones(BATCH, 2), 1.0) < 0.7 * loss


def test_hands_that_are_not_there_do_not_count(hands):
    weights = torch.tensor([[1.0, 0.0], [0.0, 0.0], [0.3, 1.0]])
    spoilt = torch.where((weights > 0)[..., None, None], hands, torch.rand(hands.shape)).requires_grad_()
    loss = Likeness(MODELS).loss(spoilt, weights, 10.0)
    assert loss.item() < 0.01
    loss.backward()
    assert spoilt.grad is not None
    assert not spoilt.grad[weights == 0].any()


def test_images_that_are_fitted_together_are_fitted_as_one_by_one(hands):
    noise = 0.004 * torch.randn(hands.shape, generator=torch.Generator().manual_seed(2))
    wanted = torch.tensor([[True, True], [False, False], [False, True]])
    alone = fit_parameters(VertexFit(MODELS), hands + noise, wanted)
    together = fit_together(BatchedVertexFit(MODELS), hands + noise, wanted)
    for own, other in zip(together, alone, strict=True):
        torch.testing.assert_close(own, other, atol=2e-5, rtol=0.0)
    assert not together.pose[1].any(), "nobody asked for it"
    nothing = fit_together(BatchedVertexFit(MODELS), hands, torch.zeros(BATCH, 2, dtype=torch.bool))
    assert not any(part.any() for part in nothing)
