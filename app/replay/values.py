"""What a replay hands to whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from app.live.drawing import Drawn
from app.live.playback import ClipPosition
from models.values import Intrinsics, Reconstruction
from render.layers import Layer

RECORDED = "recorded"
"""Name of the run that was made while recording."""


@dataclass(frozen=True, eq=False)
class ReplayFrame:
    """One finished image.

    Attributes:
        image: (H, W, 3) uint8 RGB, unmirrored, with the hands of the run that is shown unless they are in `layers`.
        number: place in the clip, from 0.
        captured_ns: when it was taken.
        hands: by run, of those that are shown.
        models: by run, what made these hands; "" where there are none.
        intrinsics: the camera that the hands are placed with; None where nobody asks.
        layers: the hands by themselves, with the screen's pixels; None where they are in the image.
        beside: the same image with the hands of the run that it is compared with; None where there is none.
    """

    image: np.ndarray
    number: int
    captured_ns: int
    hands: Mapping[str, Reconstruction]
    models: Mapping[str, str] = field(default_factory=dict)
    intrinsics: Intrinsics | None = None
    layers: tuple[Layer, ...] | None = None
    beside: Drawn | None = None


@dataclass(frozen=True)
class RunStatus:
    """A model that is being run over the session.

    Attributes:
        model: its name.
        done, total: images; total 0 while the model is being loaded.
    """

    model: str
    done: int
    total: int


@dataclass(frozen=True)
class ReplayStatus(ClipPosition):
    """What is going on.

    Attributes:
        runs: names of the runs there are, the recorded one first, each with its model or models.
        shown: the run that is drawn.
        compared: the run that is drawn beside it, None where none is.
        running: the model that is being run, None where none is.
    """

    runs: Mapping[str, str]
    shown: str
    compared: str | None
    running: RunStatus | None
