"""EANet by runtime beside eager torch in float32: milliseconds, ratio, and how far the meshes move.

Run as `python -m benchmarks.eanet [--network paper|published|light|mobile] [--weights FILE.safetensors] [IMAGE...]`.
The runtimes take turns image by image, so that a machine that slows down slows all. Images are crops, scaled to
256 x 256; without any, noise is taken, which is as slow. Mesh changes mean something for trained weights only.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from models.eanet import CONFIGURATIONS, load
from models.eanet.cards import untrained_network
from models.eanet.reconstructor import INPUT_SIZE
from models.eanet.rotations import matrix_from_6d
from models.eanet.runtime import RuntimeNetwork
from models.hand_model import load_hand_models
from models.rotations import log_so3
from models.runtime.openvino import compile_parts
from models.runtime.openvino_runner import OpenVinoRunner
from models.runtime.runner import Precision, Runner
from models.runtime.torch_module import CudaGraphRunner, EagerRunner, float_example
from models.values import SIDES, WRIST, HandParameters

WARM_UP = 3


def runners(network: RuntimeNetwork, example: np.ndarray, device: str) -> dict[str, Runner]:
    """Eager torch first, then what it is compared with."""
    if device.startswith("cuda"):
        return {
            "torch eager, f32": EagerRunner(network, device),
            "CUDA graph, bf16": CudaGraphRunner(network, example, device, torch.bfloat16),
            "CUDA graph, f16": CudaGraphRunner(network, example, device, torch.float16),
        }
    precisions: tuple[Precision, ...] = ("f32", "bf16")
    compiled = {each: compile_parts(network, [float_example(example)], each) for each in precisions}
    return {
        "torch eager, f32": EagerRunner(network),
        **{f"OpenVINO, {precision}": OpenVinoRunner(parts) for precision, parts in compiled.items()},
    }


def read_crops(paths: list[Path]) -> list[np.ndarray]:
    """Images (1, 256, 256, 3) RGB; noise where there are none."""
    if not paths:
        return [np.random.default_rng(0).integers(0, 256, (1, INPUT_SIZE, INPUT_SIZE, 3), dtype=np.uint8)]
    crops = []
    for path in paths:
        image = cv2.imread(str(path))
        if image is None:
            raise SystemExit(f"{path} is not an image.")
        crops.append(cv2.cvtColor(cv2.resize(image, (INPUT_SIZE, INPUT_SIZE)), cv2.COLOR_BGR2RGB)[None])
    return crops


class Meshes:
    """Vertices of both hands relative to the wrist, from the network's outputs."""

    def __init__(self) -> None:
        self._models = load_hand_models()

    def __call__(self, outputs: list[np.ndarray]) -> np.ndarray:
        """(2, 778, 3) metres."""
        vectors = log_so3(matrix_from_6d(torch.from_numpy(outputs[0][0].astype(np.float64))).numpy())
        hands = []
        for hand, side in enumerate(SIDES):
            pose = vectors[hand]
            pose[1:] += np.asarray(self._models[side].hands_mean).reshape(15, 3)
            shape = outputs[1][0, hand]
            vertices, joints = self._models[side].mesh(
                HandParameters(pose.astype(np.float32), shape.astype(np.float32), np.zeros(3, np.float32))
            )
            hands.append(vertices - joints[WRIST])
        return np.stack(hands)


def measure(compared: dict[str, Runner], crops: list[np.ndarray], repeats: int) -> Table:
    """Times and mesh changes of every runner against the first."""
    meshes, names = Meshes(), list(compared)
    durations: dict[str, list[float]] = {name: [] for name in names}
    changes: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(WARM_UP + repeats):
        crop, reference = crops[turn % len(crops)], None
        for name in names:
            start = time.perf_counter()
            outputs = compared[name](crop)
            duration = time.perf_counter() - start
            if turn < WARM_UP:
                continue
            durations[name].append(1e3 * duration)
            vertices = meshes(outputs)
            reference = vertices if reference is None else reference
            changes[name].append(1e3 * float(np.linalg.norm(vertices - reference, axis=-1).mean()))
    table = Table("runtime", "median, ms", "5 %, ms", "ratio to eager", "mean vertex change, mm")
    eager = float(np.median(durations[names[0]]))
    for name in names:
        median = float(np.median(durations[name]))
        table.add_row(
            name,
            f"{median:.1f}",
            f"{np.percentile(durations[name], 5):.1f}",
            f"{median / eager:.2f}",
            f"{np.mean(changes[name]):.3f}",
        )
    return table


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", nargs="*", type=Path)
    parser.add_argument("--network", choices=list(CONFIGURATIONS), default="published")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--device", default="cuda:0" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--repeats", type=int, default=30)
    arguments = parser.parse_args()
    network = load(arguments.weights) if arguments.weights else untrained_network(CONFIGURATIONS[arguments.network])
    crops = read_crops(arguments.images)
    compared = runners(RuntimeNetwork(network).eval(), crops[0], arguments.device)
    Console().print(measure(compared, crops, arguments.repeats))


if __name__ == "__main__":
    main()
