"""First stages that stay as they are, compiled; and training of the image part alone."""

import copy

import pytest
import torch
from test_tasks import CPU, make_batch

from models.hand_model import load_hand_models
from models.lwa_hand.network import LwaHand, hand_topologies
from tests.models.small_networks import convert_here
from training.config import TrainConfig
from training.start.compiled_start import CompiledStart, StillStart, compile_start
from training.tasks import create_task

STILL = ("encoder.tokens", "encoder.stem", "encoder.stages.0", "encoder.stages.1")
POSE = ("decoder", "bridges", "spread")


@pytest.fixture(autouse=True)
def _converts_here(monkeypatch):
    convert_here(monkeypatch)


def frozen_task(*starts: str):
    stage = {"name": "x", "steps": 1, "data": {"synthetic:one": 1}}
    config = TrainConfig.model_validate({"model": "lwa-hand", "frozen": starts, "stages": [stage]})
    task = create_task(config)
    for name, parameter in task.network.named_parameters():
        parameter.requires_grad_(not name.startswith(starts))
    return task


def test_compiled_stages_see_what_eager_ones_do_at_any_size_of_batch():
    torch.manual_seed(0)
    encoder = LwaHand(hand_topologies(load_hand_models())).encoder.eval()
    eager = copy.deepcopy(encoder)
    compile_start(encoder)
    for shape in ((2, 3, 64, 96), (1, 3, 64, 64), (2, 3, 64, 96)):
        image = torch.rand(shape).to(memory_format=torch.channels_last)
        with torch.no_grad():
            expected, found = eager(image), encoder(image)
        for own, other in zip(expected.pyramid, found.pyramid, strict=True):
            torch.testing.assert_close(own, other, rtol=1e-4, atol=1e-5)
    # What was returned before is not what the next call writes to.
    first = encoder.begin(image)
    kept = first.clone()
    encoder.begin(1.0 - image)
    torch.testing.assert_close(first, kept)


def test_only_stages_that_stay_as_they_are_are_compiled():
    for left_out in (None, *STILL):
        encoder = LwaHand(hand_topologies(load_hand_models())).encoder
        start = StillStart(encoder, "encoder.", [name for name in STILL if name != left_out])
        start.begin(torch.device("meta"))
        assert not isinstance(encoder.begin, CompiledStart)
        start.begin(CPU)
        assert isinstance(encoder.begin, CompiledStart) == (left_out is None)


def test_compiled_stages_leave_losses_and_gradients_as_they_are():
    batch = make_batch()
    gradients = []
    for compiled in (True, False):
        task = frozen_task(*STILL)
        if not compiled:
            task._start = StillStart(task.network.encoder, "encoder.", [])
        torch.manual_seed(0)
        torch.stack(list(task.losses(task.network, batch).values())).sum().backward()
        gradients.append({name: p.grad for name, p in task.network.named_parameters() if p.grad is not None})
    assert gradients[0].keys() == gradients[1].keys()
    assert "encoder.stages.2.blocks.0.expand.weight" in gradients[0]
    for name, gradient in gradients[0].items():
        torch.testing.assert_close(gradient, gradients[1][name], rtol=1e-3, atol=1e-4)


def test_an_image_part_learns_by_itself_and_its_terms_are_those_of_the_whole():
    batch = make_batch()
    whole, part = frozen_task(*STILL), frozen_task(*STILL, *POSE)
    part.network.load_state_dict(whole.network.state_dict())
    all_terms, terms = (task.losses(task.network, batch) for task in (whole, part))
    assert terms.keys() == {"heatmaps", "depths", "masks", "guess", "guess_2d"}
    for name, term in terms.items():
        torch.testing.assert_close(term, all_terms[name])
    torch.stack(list(terms.values())).sum().backward()
    trained = {name for name, parameter in part.network.named_parameters() if parameter.grad is not None}
    assert trained == {name for name, parameter in part.network.named_parameters() if parameter.requires_grad}
    with torch.inference_mode():
        said = [task.predict(task.network.eval(), batch.to(CPU)) for task in (whole, part)]
    torch.testing.assert_close(said[0].vertices, said[1].vertices)
