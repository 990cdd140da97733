"""Shape checks that name what was expected and what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class _Shaped(Protocol):
    @property
    def shape(self) -> Sequence[int]: ...


def check_shape(array: _Shaped, expected: Sequence[int | str], name: str) -> dict[str, int]:
    """Check a tensor's or an array's shape; letters bind to one size wherever they occur.

    Args:
        array: anything with a shape.
        expected: a size per axis, or a letter for "any size, the same wherever this letter stands".
        name: what the array is called in the message.

    Returns:
        The sizes that the letters were bound to.

    Raises:
        ValueError: the shape does not fit; the text gives the expected and the actual one.
    """
    shape = tuple(array.shape)
    bound: dict[str, int] = {}
    fits = len(shape) == len(expected) and all(
        size == (bound.setdefault(wanted, size) if isinstance(wanted, str) else wanted)
        for size, wanted in zip(shape, expected, strict=False)
    )
    if not fits:
        wanted = ", ".join(str(part) for part in expected)
        raise ValueError(f"{name} must have shape ({wanted}), not ({', '.join(map(str, shape))})")
    return bound
