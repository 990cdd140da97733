"""Reads a session of unknown origin through before it is opened beside a recording."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from app.isolation import call_isolated
from app.replay.clip import Clip, open_clip
from app.replay.runs import read_run, stored_runs
from app.replay.video_images import ImageReader
from app.sessions.recovery import Recovery, recover
from models.errors import BothhandsError
from models.sentences import say

DECODING_SECONDS = 5.0
"""How long images are decoded: the first of each second, in order, as far as that goes."""

_RECOVERY_SECONDS = 3600.0


def open_clip_safely(path: Path, mano_dir: Path | None = None) -> Clip:
    """Open a session, as `open_clip` does, after another process has read it without crashing.

    Raises:
        BothhandsError: as `open_clip`, or the session crashes what reads it.
    """
    call_isolated(probe, path, mano_dir, what=say("The session {path}", path=path))
    return open_clip(path, mano_dir)


def recover_safely(path: Path) -> Recovery:
    """Recover a session, as `recover` does, in another process.

    Raises:
        BothhandsError: as `recover`, or the session crashes what reads it.
    """
    return call_isolated(recover, path, what=say("The session {path}", path=path), patience=_RECOVERY_SECONDS)


def probe(path: Path, mano_dir: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
    """Read all hands of a session, its runs and as many of its images as a few seconds allow.

    Raises:
        BothhandsError: as `open_clip`.
    """
    clip = open_clip(path, mano_dir)
    for name in stored_runs(path):
        try:
            read_run(path, name, clip.session.info.hand_model)
        except BothhandsError:  # it is told when the session is shown
            continue
    if clip.index is None:
        return
    begun = clock()
    reader = ImageReader(clip.video, clip.index)
    try:
        for key in clip.index.keys:
            if clock() - begun > DECODING_SECONDS:
                break
            try:
                reader.read(int(clip.index.places.searchsorted(key)))
            except BothhandsError:  # the same
                continue
    finally:
        reader.close()
