"""How long fitting hands to what was read of them takes, in numpy and compiled.

Run as `python -m benchmarks.fit`. Both take turns frame by frame on the same moving hands, each with its own state,
warm; one core. "solve" is the solve alone, the rest is packing, the motion model and the meshes.
"""

from __future__ import annotations

import argparse
import time
from types import ModuleType

import numpy as np
from rich.console import Console
from rich.table import Table

from app.compiled import use_what_is_compiled
from benchmarks.overlay import MIRRORED, UPRIGHT
from models.fitting import hand_fitter
from models.fitting.hand_fitter import HandFitter
from models.fitting.observations import network_observation
from models.hand_model import HandModel, load_hand_models
from models.runtime import compiled
from models.values import SIDES, HandObservation, HandParameters, Intrinsics, Side

FRAME_NS = 33_333_333
HELD = 50
"""Frames after which the shape is held."""


def readings(models: dict[Side, HandModel], count: int, apart: float) -> list[dict[Side, list[HandObservation]]]:
    """Two readings a hand of moving hands, half a metre away, noisy as networks are."""
    rng, camera = np.random.default_rng(0), Intrinsics.from_fov(640, 480)
    frames: list[dict[Side, list[HandObservation]]] = []
    for index in range(count):
        phase = 2.0 * np.pi * index / 40.0
        frame: dict[Side, list[HandObservation]] = {}
        for side in SIDES:
            pose = np.random.default_rng(3).normal(0.0, 0.15, (16, 3)) * (1.0 + 0.5 * np.sin(phase))
            pose[0] = UPRIGHT
            if side == "left":
                pose *= MIRRORED
            place = np.array([apart if side == "left" else -apart, 0.08, 0.5])
            sway = 0.02 * np.array([np.sin(phase), np.cos(phase), 0.0])
            translation = place + sway - models[side].rest_wrist(np.zeros(10))
            parts = (part.astype(np.float32) for part in (pose, np.zeros(10), translation))
            joints = models[side].mesh(HandParameters(*parts))[1].astype(np.float64)
            frame[side] = [
                network_observation(
                    camera.project(joints) + rng.normal(0, 1.0, (21, 2)), joints + rng.normal(0, 3e-3, (21, 3)), 0.9
                )
                for _ in range(2)
            ]
        frames.append(frame)
    return frames


class _Contender:
    """A fitter whose solves are timed, with some modules compiled."""

    def __init__(self, models: dict[Side, HandModel], modules: dict[str, ModuleType]) -> None:
        self._fitter, self._modules = HandFitter(models), modules
        self.whole: list[float] = []
        self.solves: list[float] = []

    def fit(self, frame: dict[Side, list[HandObservation]], index: int) -> None:
        camera, real, seconds = Intrinsics.from_fov(640, 480), hand_fitter.solve, 0.0

        def timed(*arguments, **named):
            nonlocal seconds
            begun = time.perf_counter()
            solution = real(*arguments, **named)
            seconds += time.perf_counter() - begun
            return solution

        compiled._ready, kept = self._modules, compiled._ready
        hand_fitter.solve = timed
        try:
            begun = time.perf_counter()
            self._fitter.fit(frame, camera, index * FRAME_NS)
            self.whole.append(1e3 * (time.perf_counter() - begun))
            self.solves.append(1e3 * seconds)
        finally:
            compiled._ready, hand_fitter.solve = kept, real


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=150, help="how many are timed for each figure")
    frames: int = parser.parse_args().frames
    use_what_is_compiled()
    modules = dict(compiled._ready)
    if not modules:
        print("Nothing is compiled: run `python -m app.compiled` first.")
    models = load_hand_models()
    table = Table("hands", "", "numpy, ms", "compiled, ms", title="best (median)")
    for label, apart, sides in (("one", 0.13, SIDES[:1]), ("two, apart", 0.13, SIDES), ("two, touching", 0.03, SIDES)):
        contenders = [_Contender(models, {}), _Contender(models, modules)]
        for index, frame in enumerate(readings(models, HELD + frames, apart)):
            for contender in contenders:
                contender.fit({side: frame[side] for side in sides}, index)
        for part in ("whole", "solves"):
            times = [getattr(contender, part)[HELD:] for contender in contenders]
            name = "whole" if part == "whole" else "solve"
            table.add_row(label, name, *(f"{min(one):.2f} ({np.median(one):.2f})" for one in times))
    Console().print(table)


if __name__ == "__main__":
    main()
