"""How many frames and hands, and how large a file: said in one place, in both numbers and in a unit that fits."""

from __future__ import annotations

from models.sentences import Sentence, say


def frames_text(count: int) -> Sentence:
    """So many frames."""
    return say("1 frame") if count == 1 else say("{count} frames", count=count)


def hands_text(count: int) -> Sentence:
    """So many hands."""
    return say("1 hand") if count == 1 else say("{count} hands", count=count)


def size_text(size: float) -> Sentence:
    """Bytes as people read them, 1 kB being 1000."""
    if size >= 1e12:
        return say("{size:.1f} TB", size=size / 1e12)
    if size >= 1e9:
        return say("{size:.1f} GB", size=size / 1e9)
    if size >= 1e6:
        return say("{size:.1f} MB", size=size / 1e6)
    return say("{size:.1f} kB", size=size / 1e3)
