"""A small network for tests of OpenVINO, and conversion in the test's own process."""

import io
import pickle
from pathlib import Path

import pytest
import torch

from models.runtime import converted, converter, fastest, openvino


def convert_here(patch: pytest.MonkeyPatch, cache: Path | None = None) -> None:
    """Convert in this process, as test_conversion.py is about the other one; `cache`: keep networks there alone."""
    for module in (openvino, converted):
        patch.setattr(module, "convert", lambda jobs: converter.main(io.BytesIO(pickle.dumps(jobs))))
    if cache is not None:
        for module in (openvino, fastest):
            patch.setattr(module, "network_cache", lambda: cache)


def small_network():
    """(N, 3, 6, 6) to (N, 5), the same weights every time."""
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(8 * 36, 5)
    ).eval()
