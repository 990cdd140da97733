"""Latency of LWA-HAND: `python -m benchmarks.lwa_hand`.

Medians of single-stream calls, interleaved, so that whatever else the machine does burdens all alike; the best of
several rounds is printed beside the ratio of the medians to eager torch. The fits of the hand model are timed apart:
the app's, to joints, and the closed form to vertices, which training uses.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch

from models.hand_model import asset, load_hand_models
from models.joint_fit import JointFit
from models.lwa_hand.network import INPUT_SIZE
from models.lwa_hand.reconstructor import PRECISIONS, WEIGHTS, create_network
from models.lwa_hand.runtime import RuntimeNetwork
from models.lwa_hand.weights import load_network
from models.runtime.openvino import compile_parts, supports
from models.runtime.openvino_runner import OpenVinoRunner
from models.runtime.runner import Runner
from models.runtime.torch_module import CudaGraphRunner, EagerRunner, float_example
from models.values import Intrinsics
from training.losses.vertex_fit import VertexFit
from training.synthetic.synthesiser import Synthesiser

ROUNDS, CALLS = 12, 25


def main() -> None:
    """Print one line a runner."""
    hand_models = load_hand_models()
    trained = create_network(hand_models)
    load_network(asset("weights") / WEIGHTS, trained)
    network = RuntimeNetwork(trained, hand_models).eval()
    synthesiser = Synthesiser(0, "contact", INPUT_SIZE)
    image = synthesiser.sample(0).image[None]
    synthesiser.close()
    runners: dict[str, Runner] = {"torch, eager, fp32": EagerRunner(network)}
    for precision in ("f32", *filter(supports, PRECISIONS)):
        runners[f"OpenVINO, {precision}"] = OpenVinoRunner(compile_parts(network, [float_example(image)], precision))
    if torch.cuda.is_available():
        runners["CUDA graph, fp16"] = CudaGraphRunner(network, image, "cuda:0")
    reference = [output.copy() for output in runners["torch, eager, fp32"](image)]
    fit, camera = JointFit(hand_models), Intrinsics.from_fov(INPUT_SIZE, INPUT_SIZE)
    joints, places = reference[1][0], (reference[2][0] + 1.0) * (INPUT_SIZE / 2.0)
    calls: dict[str, Callable[[], object]] = {
        name: (lambda runner=runner: runner(image)) for name, runner in runners.items()
    }
    calls["fit to joints, both hands"] = lambda: fit.fit((0, 1), places, joints, camera)
    vertex_fit, vertices = VertexFit(hand_models), reference[0][0]
    calls["fit to vertices, both hands"] = lambda: vertex_fit.fit(vertices)

    medians: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            medians[name].append(_median_ms(call))
    eager = float(np.median(medians["torch, eager, fp32"]))
    for name, values in medians.items():
        line = f"{name:27} best {min(values):6.2f} ms  median {np.median(values):6.2f} ms"
        if name in runners:
            moved = 1e3 * np.linalg.norm(runners[name](image)[0] - reference[0], axis=-1)
            line += f"  ratio {np.median(values) / eager:.2f}  vertices moved {moved.mean():.4f} mm"
        print(line)


def _median_ms(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e3 * float(np.median(times))


if __name__ == "__main__":
    main()
