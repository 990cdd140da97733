"""Read a session and plot it; needs pyarrow, numpy and matplotlib, and nothing of this program.

Usage: python examples/plot_session.py SESSION [PLOT.png]

The upper plot shows how far each wrist is from the camera, the lower one how far each hand is open: the mean distance
of the finger tips from the wrist. Lines break where a hand was gone for longer than 0.15 s.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pyarrow as pa

mpl.use("Agg")
from matplotlib import pyplot as plt

WRIST, TIPS = 0, [4, 8, 12, 16, 20]
COLOURS = {"left": "darkorange", "right": "deepskyblue"}


def read_hand(table: pa.Table, side: str) -> tuple[np.ndarray, np.ndarray]:
    """Times (N,) in seconds and joints (N, 21, 3) in metres, camera frame, of one side."""
    rows = np.flatnonzero(np.array(table["side"].to_pylist()) == side)
    times = table["captured_ns"].to_numpy()
    joints = np.array(table["joints"].to_pylist(), np.float32).reshape(-1, 21, 3)
    return (times[rows] - times.min()) * 1e-9, joints[rows]


def broken(times: np.ndarray, values: np.ndarray, gap: float = 0.15) -> tuple[np.ndarray, np.ndarray]:
    """The same with a point that is no number in each gap, so that no line is drawn across it."""
    ends = np.flatnonzero(np.diff(times) > gap) + 1
    return np.insert(times, ends, times[ends] if len(ends) else []), np.insert(values, ends, np.nan)


def plot(session: Path, target: Path) -> None:
    """Plot a session into an image file."""
    info = json.loads((session / "session.json").read_text())
    table = pa.ipc.open_stream((session / "hands.arrows").read_bytes()).read_all()
    figure, (depth, openness) = plt.subplots(2, 1, sharex=True, figsize=(9, 6))
    for side, colour in COLOURS.items():
        times, joints = read_hand(table, side)
        if not len(times):
            continue
        spread = np.linalg.norm(joints[:, TIPS] - joints[:, [WRIST]], axis=-1).mean(axis=1)
        depth.plot(*broken(times, joints[:, WRIST, 2]), color=colour, label=side)
        openness.plot(*broken(times, spread), color=colour)
    depth.set(title=f"{info['source']}, {info['model']}", ylabel="wrist to camera, m")
    openness.set(xlabel="s", ylabel="finger tips to wrist, m")
    depth.legend()
    figure.savefig(target, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    plot(folder, Path(sys.argv[2]) if len(sys.argv) > 2 else folder / "plot.png")
