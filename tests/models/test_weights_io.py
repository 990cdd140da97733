"""Weights load whole or not at all, and the reason is one sentence."""

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from models.errors import BothhandsError
from models.weights_io import file_sha256, load_weights, save_weights


@pytest.fixture
def module() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))


@pytest.fixture
def path(tmp_path, module):
    file = tmp_path / "net.safetensors"
    assert save_weights(file, module) == file_sha256(file)
    assert list(tmp_path.iterdir()) == [file]
    return file


def refused(path, module, match, **kwargs):
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    with pytest.raises(BothhandsError, match=match) as caught:
        load_weights(path, module, **kwargs)
    assert "\n" not in str(caught.value)
    for name, tensor in module.state_dict().items():
        assert torch.equal(tensor, before[name]), "half-loaded"


def test_loads_half_precision_into_full(path, module):
    other = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    load_weights(path, other, sha256=file_sha256(path))
    for (_, ours), (_, theirs) in zip(other.state_dict().items(), module.state_dict().items(), strict=True):
        assert ours.dtype == torch.float32
        torch.testing.assert_close(ours, theirs, atol=1e-3, rtol=1e-3)


def test_missing_file(tmp_path, module):
    refused(tmp_path / "no.safetensors", module, "There are no weights at")


@pytest.mark.parametrize("keep", [0, 4, 60, -3])
def test_truncated_file(path, module, keep):
    path.write_bytes(path.read_bytes()[:keep])
    refused(path, module, "cannot be read")


def test_changed_file(path, module):
    digest = file_sha256(path)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    refused(path, module, "sha256 differs", sha256=digest)


def test_weights_of_another_shape(path):
    refused(path, nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 5)), r"1\.bias is \(2,\), not \(5,\)")


def test_a_tensor_too_few_or_too_many(path, module):
    refused(path, nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2), nn.Linear(2, 2)), r"lack 2\.bias")
    refused(path, nn.Sequential(nn.Linear(4, 3)), r"unknown tensor 1\.bias")


def test_numbers_that_are_not_finite(path, module):
    state = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    state["1.weight"][0, 0] = torch.nan
    save_file(state, path)
    refused(path, module, r"1\.weight holds numbers that are not finite")
