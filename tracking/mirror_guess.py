"""Whether a clip seems to be mirrored, from the sides of its hands.

A mirrored person looks like another person, so images tell nothing for certain. But nine of ten people gesture with
their right hand: where one hand alone is seen, and it is the left one all the time, the clip may be a selfie that was
stored as the screen showed it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from models.sentences import say
from models.values import Side

_FEWEST_FRAMES = 60
"""Frames with hands, two seconds of a clip, before anything is said."""
_LEFT_ALONE = 0.95
"""Share of them in which the left hand is the only one."""


def mirror_notice(frames: int, by_side: Mapping[Side, int] | Mapping[str, int], remedy: str) -> str | None:
    """What a person should know; None where nothing speaks for a mirrored clip.

    Args:
        frames: in which hands were found.
        by_side: in how many of them each side was.
        remedy: what turns the clip back.
    """
    left, right = by_side.get("left", 0), by_side.get("right", 0)
    if frames < _FEWEST_FRAMES or left < _LEFT_ALONE * frames or right > (1.0 - _LEFT_ALONE) * frames:
        return None
    return say(
        "Only a left hand was found. If this is a mirrored selfie clip, it is a right one: {remedy}.", remedy=remedy
    )


class MirrorGuess:
    """`mirror_notice` while a clip is running; says it once. Used by one thread."""

    def __init__(self, remedy: str) -> None:
        self._remedy = remedy
        self._frames = 0
        self._by_side: Counter[Side] = Counter()
        self._said = False

    def see(self, sides: Collection[Side]) -> str | None:
        """Take the sides of one frame's hands."""
        self._frames += bool(sides)
        self._by_side.update(sides)
        notice = None if self._said else mirror_notice(self._frames, self._by_side, self._remedy)
        self._said = self._said or notice is not None
        return notice
