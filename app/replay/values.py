"""What a replay hands to whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from app.live.playback import ClipPosition
from models.values import Intrinsics, Reconstruction

RECORDED = "recorded"
"""Name of the run that was made while recording."""


@dataclass(frozen=True, eq=False)
class ReplayFrame:
    """One finished image.

    Attributes:
        image: (H, W, 3) uint8 RGB, hands drawn in, mirrored if wished; where two runs are compared (H, 2 W, 3), the
            first run on the left.
        number: place in the clip, from 0.
        captured_ns: when it was taken.
        hands: by run, of those that are shown.
        models: by run, what made these hands; "" where there are none.
        intrinsics: the camera that the hands are placed with; None where nobody asks.
    """

    image: np.ndarray
    number: int
    captured_ns: int
    hands: Mapping[str, Reconstruction]
    models: Mapping[str, str] = field(default_factory=dict)
    intrinsics: Intrinsics | None = None


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
