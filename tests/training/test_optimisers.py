"""Muon against closed forms, and which of a network's parameters are its own."""

import torch
from torch import nn
from torch.optim import AdamW

from training.config import TrainConfig
from training.run.optimisers import Muon, create_optimisers, orthogonalised
from training.tasks import create_task

STAGE = {"name": "x", "steps": 1, "data": {"synthetic:one": 1}}


def test_orthogonalised_matrices_keep_their_directions_and_lose_their_scales():
    """The singular vectors of a matrix stay, its singular values come near one, whatever they were."""
    torch.manual_seed(0)
    left, right = torch.linalg.qr(torch.randn(3, 24, 16))[0], torch.linalg.qr(torch.randn(3, 16, 16))[0]
    values = torch.logspace(-1.0, 1.0, 16)
    for matrices in (left * values @ right, (left * values @ right).mT):
        found = orthogonalised(matrices)
        turned = left.mT @ (found if found.shape[-2] == 24 else found.mT) @ right.mT
        assert found.shape == matrices.shape
        off = turned - torch.diag_embed(torch.diagonal(turned, dim1=-2, dim2=-1))
        assert off.abs().max() < 1e-3
        assert torch.linalg.svdvals(found).max() < 1.3
        assert torch.linalg.svdvals(found).min() > 0.5


def test_a_step_is_as_long_as_adamws_whatever_the_gradient():
    """Root mean square of a step in units of the rate: .2 for a square matrix, times the spread of the iteration."""
    torch.manual_seed(0)
    for shape in ((64, 64), (2, 48, 32), (32, 16, 3, 3)):
        for scale in (1e-6, 1e3):
            weight = nn.Parameter(torch.zeros(shape))
            weight.grad = scale * torch.randn(shape)
            Muon([{"params": [weight]}], lr=0.1).step()
            assert 0.1 * 0.2 * 0.6 < weight.detach().square().mean().sqrt() < 0.1 * 0.2 * 1.2


def test_matrices_of_one_shape_that_move_together_move_as_alone():
    torch.manual_seed(0)
    for shape in ((32, 48), (32, 16, 3, 3), (2, 24, 32)):
        values, gradients = torch.randn(3, *shape), torch.randn(2, 3, *shape)
        together, alone = ([nn.Parameter(value.clone()) for value in values] for _ in range(2))
        optimisers = [Muon([{"params": together}], lr=0.1), *(Muon([{"params": [own]}], lr=0.1) for own in alone)]
        for gradient in gradients:
            for parameters in (together, alone):
                for parameter, own in zip(parameters, gradient, strict=True):
                    parameter.grad = own.clone()
            for optimiser in optimisers:
                optimiser.step()
        for own, other in zip(together, alone, strict=True):
            torch.testing.assert_close(own, other)


def test_momentum_is_nesterovs():
    """Two steps with the first gradient and none: the second goes on along the first, as its direction is the same."""
    torch.manual_seed(0)
    weight, gradient = nn.Parameter(torch.zeros(32, 32)), torch.randn(32, 32)
    optimiser = Muon([{"params": [weight]}], lr=1.0)
    weight.grad = gradient
    optimiser.step()
    first = weight.detach().clone()
    weight.grad = torch.zeros_like(gradient)
    optimiser.step()
    torch.testing.assert_close(weight.detach() - first, first, atol=0.02, rtol=0.02)


def test_every_trained_parameter_has_one_optimiser_and_outer_layers_have_adamw():
    config = TrainConfig.model_validate(
        {"model": "lwa-hand", "optimiser": "muon", "frozen": ["encoder.stem"], "stages": [STAGE]}
    )
    task = create_task(config)
    for name, parameter in task.network.named_parameters():
        parameter.requires_grad_(not name.startswith("encoder.stem"))
    optimisers = create_optimisers(config, task)
    assert [type(optimiser) for optimiser in optimisers] == [AdamW, Muon]
    names = {id(parameter): name for name, parameter in task.network.named_parameters()}
    of_adam, of_muon = (
        [names[id(parameter)] for group in optimiser.param_groups for parameter in group["params"]]
        for optimiser in optimisers
    )
    trained = [name for name, parameter in task.network.named_parameters() if parameter.requires_grad]
    assert sorted(of_adam + of_muon) == sorted(trained)
    assert {"guess.linear.weight", "auxiliary.draw.weight", "encoder.stages.3.blocks.1.depthwise.weight"} <= {*of_adam}
    assert {"encoder.stages.3.blocks.1.expand.weight", "decoder.levels.0.blocks.0.layer_in.weight"} <= {*of_muon}
