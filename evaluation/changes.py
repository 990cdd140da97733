"""Annotated frames made into others: their mirror images, and what is harder to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from evaluation.annotations import AnnotatedHand, mirrored, moved

Hands = Sequence[AnnotatedHand]
Change = Callable[[np.ndarray, Hands], tuple[np.ndarray, Hands]]
"""A frame's image, (H, W, 3) uint8, and the hands annotated in it: both afterwards."""


def mirror_image(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
    """In which hands change sides."""
    return np.ascontiguousarray(image[:, ::-1]), mirrored(hands, image.shape[1])


def turned(degrees: float) -> Change:
    """As a camera sees it that hangs askew."""

    def change(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
        height, width = image.shape[:2]
        affine = cv2.getRotationMatrix2D(((width - 1) / 2.0, (height - 1) / 2.0), degrees, 1.0)
        made = cv2.warpAffine(image, affine, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        return made, moved(hands, affine)

    return change


def farther(scale: float) -> Change:
    """In the middle of an image as large as before, whose edges go on blurred."""

    def change(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
        height, width = image.shape[:2]
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        left, top = (width - small.shape[1]) // 2, (height - small.shape[0]) // 2
        made = cv2.resize(cv2.resize(image, (16, 12), interpolation=cv2.INTER_AREA), (width, height))
        made[top : top + small.shape[0], left : left + small.shape[1]] = small
        # Pixels are counted from their centres.
        off = 0.5 * scale - 0.5
        return made, moved(hands, np.array([[scale, 0.0, left + off], [0.0, scale, top + off]]))

    return change


def coarse(scale: float, quality: int) -> Change:
    """At this share of the resolution, coded as JPEG of this quality, and enlarged again."""

    def change(image: np.ndarray, hands: Hands) -> tuple[np.ndarray, Hands]:
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        height, width = image.shape[:2]
        return cv2.resize(cv2.imdecode(coded, cv2.IMREAD_COLOR), (width, height)), hands

    return change
