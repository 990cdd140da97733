"""What runs in the process that `models.runtime.conversion` starts."""

from __future__ import annotations

import pickle
import warnings
from typing import BinaryIO

import torch

from models.runtime.openvino import ov


def main(jobs: BinaryIO) -> None:
    """Do the jobs that the parent process pickled."""
    for module, example, path in pickle.load(jobs):
        ov.save_model(convert_module(module, example), path, compress_to_fp16=False)


def convert_module(module: torch.nn.Module, example: list[torch.Tensor]) -> ov.Model:
    """A module in eval mode as a network of fixed shapes."""
    # Exported, not traced: torch.jit.trace is on its way out of torch.
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch's exporter about itself
        model = ov.convert_model(torch.export.export(module, tuple(example), strict=False))
    model.reshape({port: list(tensor.shape) for port, tensor in zip(model.inputs, example, strict=True)})
    return model
