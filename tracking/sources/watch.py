"""Notices a camera that delivers and shows nothing: one that hangs, and one whose lens is covered."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.sentences import say

FROZEN_NS = 4_000_000_000
"""Time over which an image must not change in a single value; the noise of any sensor changes some."""
DARK_NS = 3_000_000_000
"""Time over which an image must be black."""
DARK = 12
"""Greatest value, of 255, of all but the brightest thousandth of a black image."""

_COARSE = 16  # px between those that are looked at first


class ImageWatch:
    """Looks at the images of a live source as they come.

    Args:
        name: what a person calls the source.
        notice: gets one sentence when a fault begins, and one when it is over.
    """

    def __init__(self, name: str, notice: Callable[[str], None]) -> None:
        self._name = name
        self._notice = notice
        self._last: np.ndarray | None = None
        self._same_since_ns = 0
        self._dark_since_ns: int | None = None
        self._told = ""

    def see(self, image: np.ndarray, captured_ns: int) -> None:
        """Look at the next image, (H, W, 3) uint8."""
        last, self._last = self._last, image
        if last is None or not _same(last, image):
            self._same_since_ns = captured_ns
        if not _is_dark(image):
            self._dark_since_ns = None
        elif self._dark_since_ns is None:
            self._dark_since_ns = captured_ns
        if self._dark_since_ns is not None and captured_ns - self._dark_since_ns >= DARK_NS:
            self._tell(
                "black",
                say(
                    "{name} shows a black image: is its lens covered, its shutter closed or the room dark?",
                    name=self._name,
                ),
            )
        elif captured_ns - self._same_since_ns >= FROZEN_NS and self._dark_since_ns is None:
            self._tell(
                "frozen",
                say(
                    "{name} has sent the very same image for {seconds} seconds: it may hang; unplug it and plug it in "
                    "again, or choose another source.",
                    name=self._name,
                    seconds=FROZEN_NS // 10**9,
                ),
            )
        elif self._told and self._dark_since_ns is None and self._same_since_ns == captured_ns:
            self._notice(say("{name} shows a moving image again.", name=self._name))
            self._told = ""

    def start_over(self) -> None:
        """The source was connected again."""
        self._last, self._dark_since_ns, self._told = None, None, ""

    def _tell(self, fault: str, text: str) -> None:
        if self._told != fault:
            self._told = fault
            self._notice(text)


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    if one.shape != other.shape:
        return False
    coarse = slice(None, None, _COARSE)
    return np.array_equal(one[coarse, coarse], other[coarse, coarse]) and np.array_equal(one, other)


def _is_dark(image: np.ndarray) -> bool:
    some = image[::_COARSE, ::_COARSE]
    return bool(np.count_nonzero(some > DARK) <= some.size // 1000)
