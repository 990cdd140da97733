"""An evaluation for people and for programs: table, JSON and plot."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.table import Table

from evaluation.labelled_images import Evaluation
from evaluation.metrics.distances import pck
from evaluation.metrics.protocols import PROTOCOLS
from models.errors import BothhandsError
from models.values import FINGERS, WRIST

PCK_THRESHOLDS = (0.05, 0.1, 0.2)
"""Parts of the hand's box; 0.2 is the one most papers print (Simon et al., https://arxiv.org/abs/1704.07809)."""
_SPACE_LIMIT = 50.0
"""Millimetres: where published curves of 3D PCK end (Zimmermann and Brox, https://arxiv.org/abs/1705.01389)."""


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """All metrics as plain values; what could not be evaluated is None. Units are in the keys."""
    thresholds = np.array(PCK_THRESHOLDS)
    content = {
        "images": evaluation.images,
        "pairs": evaluation.pairs,
        "hands": evaluation.hands,
        "hands_found": evaluation.found,
        "found_rate": evaluation.found_rate,
        "protocols_mm": {
            name: {metric: dict(means) for metric, means in metrics.items()}
            for name, metrics in evaluation.protocols.items()
        },
        "pa_mpjpe_mm": evaluation.pa_mpjpe,
        "nme": evaluation.nme,
        "nme_all_hands": evaluation.nme_all,
        "pck": {
            f"{at:g}": float(part)
            for at, part in zip(thresholds, pck(evaluation.image_errors, thresholds), strict=True)
        },
        "presence_accuracy": evaluation.presence_accuracy,
        "side_accuracy": evaluation.side_accuracy,
        "both_sides_right": evaluation.both_right,
        "second_hand_shown": evaluation.second_hand_shown,
        "both_hands_kept": evaluation.both_kept,
        "view_consistency_mm": evaluation.view_consistency,
        "within_expected_error": evaluation.within_expected[0],
        "within_twice_expected_error": evaluation.within_expected[1],
    }
    return _without_nan(content)


def table(evaluation: Evaluation) -> Table:
    """Metrics for a terminal: one block per protocol, then what needs no protocol."""
    rows = Table(title=_title(evaluation))
    for heading in ("", "single", "two", "all"):
        rows.add_column(heading, justify="left" if not heading else "right")
    for name, metrics in evaluation.protocols.items():
        rows.add_section()
        rows.add_row(PROTOCOLS[name].title, style="bold")
        for metric, means in metrics.items():
            rows.add_row(f"  {metric.upper()}, mm", *(_number(means.get(kind)) for kind in ("single", "two", "all")))
    rows.add_section()
    rows.add_row("Without a protocol", style="bold")
    rows.add_row("  hands found", "", "", _number(evaluation.found_rate, 3))
    rows.add_row("  PA-MPJPE, mm", "", "", _number(evaluation.pa_mpjpe))
    rows.add_row("  2D error / hand box, hands found", "", "", _number(evaluation.nme, 3))
    rows.add_row("  2D error / hand box, all hands", "", "", _number(evaluation.nme_all, 3))
    parts = pck(evaluation.image_errors, np.array(PCK_THRESHOLDS))
    for threshold, part in zip(PCK_THRESHOLDS, parts, strict=True):
        rows.add_row(f"  PCK@{threshold:g} of the hand box", "", "", _number(float(part), 3))
    rows.add_row("  presence accuracy", "", "", _number(evaluation.presence_accuracy, 3))
    rows.add_row("  side accuracy, one hand", _number(evaluation.side_accuracy, 3), "", "")
    rows.add_row("  both sides right", "", "", _number(evaluation.both_right, 3))
    rows.add_row("  two hands shown", _number(evaluation.second_hand_shown, 3), _number(evaluation.both_kept, 3), "")
    rows.add_row("  consistency over views, mm", "", "", _number(evaluation.view_consistency))
    for times, part in zip(("", "twice "), evaluation.within_expected, strict=True):
        rows.add_row(f"  2D errors within {times}the expected", "", "", _number(part, 3))
    return rows


def plot(evaluation: Evaluation) -> Figure:
    """Curves of correct keypoints in the image and in space, and the error of each joint."""
    figure = Figure(figsize=(13, 4), layout="constrained")
    FigureCanvasAgg(figure)
    image, space, joints = figure.subplots(1, 3)
    parts = np.linspace(0.0, 0.3, 61)
    _curve(image, parts, evaluation.image_errors, "Correct keypoints in the image", "error / hand box")
    # The wrist itself is always right after alignment.
    beyond_wrist = evaluation.errors["interwild"].joints[..., WRIST + 1 :]
    millimetres = np.linspace(0.0, _SPACE_LIMIT, 101)
    _curve(space, millimetres, beyond_wrist, "Correct keypoints in space (wrist aligned)", "error, mm")
    _joint_errors(joints, evaluation)
    return figure


def write(evaluation: Evaluation, folder: Path) -> None:
    """Write evaluation.json and evaluation.png.

    Raises:
        BothhandsError: the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "evaluation.json").write_text(json.dumps(to_json(evaluation), indent=2) + "\n", encoding="utf-8")
        plot(evaluation).savefig(folder / "evaluation.png", dpi=100)
    except OSError as error:
        raise BothhandsError(
            f"The evaluation cannot be written to {folder} ({error.strerror or error}); name a folder that can."
        ) from error


def _title(evaluation: Evaluation) -> str:
    text = f"{evaluation.images} images, {evaluation.pairs} of two hands; {evaluation.found} of "
    text += f"{evaluation.hands} hands found"
    if evaluation.found < evaluation.hands:
        text += "\nmeans are over the hands found: not comparable with published ones"
    return text


def _curve(axes: Any, thresholds: np.ndarray, errors: np.ndarray, title: str, label: str) -> None:
    """A curve of PCK with the area under it, as a part of the whole."""
    parts = pck(errors, thresholds)
    if np.isfinite(parts).all():
        area = np.trapz(parts, thresholds) / thresholds[-1]
        axes.plot(thresholds, parts, label=f"area under curve {area:.3f}")
        axes.legend(loc="lower right")
    else:
        axes.text(0.5, 0.5, "no labels", ha="center", transform=axes.transAxes)
    axes.set(title=title, xlabel=label, ylabel="part of the joints", ylim=(0.0, 1.0), xlim=(0.0, thresholds[-1]))
    axes.grid(alpha=0.3)


def _joint_errors(axes: Any, evaluation: Evaluation) -> None:
    """Mean error of each joint, one line a finger from base to tip, one colour a family of protocols."""
    highest = 0.0
    for name, colour in (("interwild", "tab:blue"), ("eanet", "tab:orange")):
        means = _joint_means(evaluation.errors[name].joints)
        if not np.isfinite(means).any():
            continue
        highest = max(highest, float(np.nanmax(means)))
        axes.plot([WRIST], means[[WRIST]], "o", color=colour, label=PROTOCOLS[name].title)
        for bones in FINGERS.values():
            axes.plot(bones, means[list(bones)], "o-", color=colour)
    if highest > 0.0:
        axes.legend(fontsize="small", loc="upper left")
    middles = [float(np.mean(bones)) for bones in FINGERS.values()]
    axes.set_xticks([WRIST, *middles], ["wrist", *FINGERS], fontsize="small")
    axes.set(title="Mean error by joint, base to tip", ylabel="mm", ylim=(0.0, 1.3 * highest or 1.0))
    axes.grid(axis="y", alpha=0.3)


def _joint_means(errors: np.ndarray) -> np.ndarray:
    """(21,) means over images and hands of errors (S, 2, 21), not numbers where nothing is known."""
    known = np.isfinite(errors)
    count = known.sum(axis=(0, 1))
    return np.where(known, errors, 0.0).sum(axis=(0, 1)) / np.where(count, count, np.nan)


def _number(value: float | None, digits: int = 2) -> str:
    return "" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(entry) for key, entry in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value
