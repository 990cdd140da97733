"""Values of the tracking room: a frame as it was captured and what was tracked in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from models.values import HandParameters, Intrinsics, Reconstruction, Side
from tracking.gestures import Gesture

Readers = Literal["network", "landmarks", "both"]
"""Who saw a hand in a frame: the two-hand network, the landmark network, or both in the same place."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One image from a source.

    Attributes:
        index: place in the source, from 0; gaps are frames that a live source dropped.
        captured_ns: monotonic nanoseconds, taken right after the grab (files: presentation time).
        image: (H, W, 3) uint8 RGB, unmirrored, read-only.
    """

    index: int
    captured_ns: int
    image: np.ndarray


@dataclass(frozen=True, eq=False)
class TrackedFrame:
    """A frame and the hands in it.

    Attributes:
        frame: the image the hands belong to.
        hands: smoothed hands, mesh included.
        raw: parameters before smoothing, for the sides that were measured in this frame.
        predicted: sides that were not measured but carried on from the last frames.
        intrinsics: the camera that the hands are placed with.
        milliseconds: time spent, by stage (`tracking.stages.Stage`).
        model: name of the model that made it.
        readers: who saw each hand that was measured.
        gestures: what each hand that makes one makes; see `tracking.gestures`.
    """

    frame: Frame
    hands: Reconstruction
    raw: Mapping[Side, HandParameters]
    predicted: frozenset[Side]
    intrinsics: Intrinsics
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    model: str = ""
    readers: Mapping[Side, Readers] = field(default_factory=dict)
    gestures: Mapping[Side, Gesture] = field(default_factory=dict)
