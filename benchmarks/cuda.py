"""Everything that runs on a GPU, checked and timed in under three minutes: `python -m benchmarks.cuda`.

Each network runs as a captured graph in the half precision that the app takes, and in eager torch in float32, in turns;
what they give is compared with eager float32 on the processor. Then the demo clip is tracked
with the network on the GPU and on the processor. The exit code is 1 where anything differs by more than it may, and 2
where there is no GPU.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from models.eanet.cards import untrained_network, weights_file
from models.eanet.config import PAPER
from models.eanet.reconstructor import as_run
from models.hand_model import load_hand_models
from models.places import asset
from models.registry import create_model, list_models, model_card
from models.runtime.crop_network import CropNetwork
from models.runtime.runner import Runner
from models.runtime.torch_module import CudaGraphRunner, EagerRunner
from tracking.smoothing import SmoothingSettings
from tracking.sources import open_source
from tracking.tracker import Tracker

DEVICE = "cuda:0"
ROUNDS, CALLS = 8, 25
MOST_CHANGE = 0.05
"""Of an output's largest value: half precision against single, on the worst of some images."""
MOST_PX = 4.0
"""Mean distance of tracked joints with the network on either device; it has a part in few frames."""
FRAMES = 60
GOALS_MS = {"lwa-hand": 0.6, "eanet, paper's size": 1.5}


@dataclass(frozen=True)
class _Network:
    name: str
    module: torch.nn.Module
    dtype: torch.dtype


def networks() -> list[_Network]:
    """Those that have weights, and EANet at the paper's size, with random ones where it has none."""
    found: list[_Network] = []
    for name in list_models():
        reconstructor = None if model_card(name).untrained else create_model(name, load_hand_models())
        if isinstance(reconstructor, CropNetwork):
            found.append(_Network(name, reconstructor.module, reconstructor.graph_dtype))
    if weights_file("eanet") is None:
        found.append(_Network("eanet, paper's size", as_run(untrained_network(PAPER)), torch.bfloat16))
    return found


def check_network(network: _Network, pictures: list[np.ndarray]) -> bool:
    """Print a network's times; whether it gives what it gives on the processor."""
    on_processor = EagerRunner(network.module)
    expected = [[output.copy() for output in on_processor(picture)] for picture in pictures]
    graph = CudaGraphRunner(network.module, pictures[0], DEVICE, network.dtype)
    runners: dict[str, Runner] = {"captured graph": graph, "eager, float32": EagerRunner(network.module, DEVICE)}
    changes = {name: max(map(_change, map(runner, pictures), expected)) for name, runner in runners.items()}
    medians = _in_turns({name: (lambda runner=runner: runner(pictures[0])) for name, runner in runners.items()})
    with torch.inference_mode(), torch.cuda.device(DEVICE):
        kernels = _graph_alone(graph)
    network.module.to("cpu")
    goal = GOALS_MS.get(network.name)
    said = f" (goal {goal})" if goal is not None else ""
    for name, milliseconds in medians.items():
        ratio = milliseconds / medians["eager, float32"]
        print(f"{network.name}: {name:15} {milliseconds:6.3f} ms  {ratio:.2f} of eager  change {changes[name]:.4f}")
    print(f"{network.name}: the graph without copies {kernels:6.3f} ms{said}")
    return all(change <= MOST_CHANGE for change in changes.values())


def check_tracking() -> bool:
    """Track the demo clip on both devices; whether the hands are the same."""
    seen: dict[str, list[dict[str, np.ndarray]]] = {}
    for device in ("cpu", DEVICE):
        tracker, source = Tracker.create("lwa-hand", device=device, smoothing=SmoothingSettings()), _demo()
        start, joints = time.perf_counter(), []
        while len(joints) < FRAMES and (frame := source.read()) is not None:
            joints.append({side: hand.joints_px for side, hand in tracker.track(frame).hands.hands.items()})
        milliseconds = 1e3 * (time.perf_counter() - start) / len(joints)
        print(f"tracking the demo clip with lwa-hand on {device}: {milliseconds:.1f} ms a frame, decoding included")
        seen[device] = joints
        tracker.close()
        source.close()
    same = [one.keys() == other.keys() for one, other in zip(*seen.values(), strict=True)]
    apart = [
        np.linalg.norm(one[side] - other[side], axis=1).mean()
        for one, other in zip(*seen.values(), strict=True)
        for side in one.keys() & other.keys()
    ]
    print(f"the same hands in {np.mean(same):.1%} of the frames, {np.mean(apart):.2f} px apart")
    return float(np.mean(same)) > 0.95 and float(np.mean(apart)) < MOST_PX


def main() -> int:
    """Run all of it; returns the exit code."""
    if not torch.cuda.is_available():
        print("There is no CUDA device here: run it on a machine with one.", file=sys.stderr)
        return 2
    start = time.perf_counter()
    print(f"{torch.cuda.get_device_name(DEVICE)}, torch {torch.__version__}")
    source = _demo()
    first = source.read()
    source.close()
    assert first is not None
    random = np.random.default_rng(0)
    picture = np.ascontiguousarray(first.image[:256, :256])[None]
    pictures = [picture, random.integers(0, 256, picture.shape, dtype=np.uint8)]
    good = [check_network(network, pictures) for network in networks()]
    good.append(check_tracking())
    print(f"{sum(good)} of {len(good)} checks passed in {time.perf_counter() - start:.0f} s")
    return 0 if all(good) else 1


def _demo():
    return open_source(str(asset("demo.mp4")))


def _change(found: list[np.ndarray], expected: list[np.ndarray]) -> float:
    """Largest difference of an output, in parts of its largest value."""
    return max(
        float(np.abs(own - other).max() / max(np.abs(other).max(), 1e-6))
        for own, other in zip(found, expected, strict=True)
    )


def _in_turns(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Medians, ms; in turns, so that what slows one slows all."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            call()
            for _ in range(CALLS):
                start = time.perf_counter()
                call()
                times[name].append(time.perf_counter() - start)
    return {name: 1e3 * float(np.median(values)) for name, values in times.items()}


def _graph_alone(runner: CudaGraphRunner) -> float:
    """Median ms of a replay by the device's own clock."""
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    times = []
    for _ in range(ROUNDS * CALLS):
        begin.record()
        runner.replay()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end))
    return float(np.median(times))


if __name__ == "__main__":
    sys.exit(main())
