"""Annotated frames made into others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from evaluation.annotations import AnnotatedHand, mirrored

Hands = Sequence[AnnotatedHand]
Change = Callable[[np.ndarray, Hands], tuple[np.ndarray, Hands]]
"""A frame's image, (H, W, 3) uint8, and the hands annotated in it: both afterwards."""


def mirror_image(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
    """In which hands change sides."""
    return np.ascontiguousarray(image[:, ::-1]), mirrored(hands, image.shape[1])
