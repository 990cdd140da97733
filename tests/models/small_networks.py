"""A small network for tests of OpenVINO, and conversion in the test's own process."""

import io
import pickle

import torch

from models.runtime import converter


def convert_here(jobs):
    """As `models.runtime.conversion.convert`, without the process that test_conversion.py is about."""
    converter.main(io.BytesIO(pickle.dumps(jobs)))


def small_network():
    """(N, 3, 6, 6) to (N, 5), the same weights every time."""
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(8 * 36, 5)
    ).eval()
