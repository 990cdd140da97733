"""What lies where a video's session is to go."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.processing import ENDED_EARLY, ProcessOptions, file_mark
from app.sessions import marker
from app.sessions.files import INFO_FILE, JOURNAL_FILE
from app.sessions.info import SessionInfo, read_info
from app.sessions.recorded_config import recorded_settings
from models.errors import BothhandsError
from models.registry import model_card

_LONGEST_NAME = 200
"""Bytes; most file systems bear 255, and a partial session's name is longer than its own."""
_NOT_COMPARED = ("independent", "detector", "device", "mano_dir")
"""Settings that do not tell two sessions apart: the first follows from the source, detector and device from the
machine, and all of them find the same hands; what the folder of hand models leads to is compared itself."""
PARTIAL_MARK = ".partial-"
"""Stands in the name of a folder that is being written; it gets its own name when it is whole."""


@dataclass(frozen=True)
class Wanted:
    """What a finished session must have been made with, to be taken as it is.

    Attributes:
        model, weights_sha256, hand_model: as in `SessionInfo`.
        settings: the choices that shape the hands.
    """

    model: str
    weights_sha256: str | None
    hand_model: str
    settings: dict[str, Any]

    @classmethod
    def by(cls, options: ProcessOptions) -> Wanted:
        """What these options give."""
        config = options.tracker
        hand_model = "free" if config.mano_dir is None else "mano"
        settings = _comparable(recorded_settings(config, mirrored=options.mirrored))
        return cls(config.model, model_card(config.model).sha256, hand_model, settings)

    def difference(self, info: SessionInfo) -> str:
        """What a session was made with instead, "" where it is as wanted."""
        if info.model != self.model:
            return f"the model {info.model}"
        if info.weights_sha256 != self.weights_sha256:
            return f"other weights of {info.model}"
        if info.hand_model != self.hand_model:
            return f"the hand model {info.hand_model}"
        there = _comparable(info.settings)
        changed = [name for name, value in self.settings.items() if there.get(name) != value]
        return f"another setting of {', '.join(changed)}" if changed else ""


@dataclass(frozen=True)
class Found:
    """What lies in a folder.

    Attributes:
        state: "absent": nothing; "done": the session that is wanted; "incomplete": the same, of a video that was not
            whole and is still as it was; "half-done": a session whose writer did not come to its end, or of a video
            that was not whole and has changed; "taken": something else, which is left alone.
        frames: of a session that is done.
        reason: why the folder is taken or the session incomplete, as a sentence.
    """

    state: Literal["absent", "done", "incomplete", "half-done", "taken"]
    frames: int = 0
    reason: str = ""


def look(folder: Path, wanted: Wanted, source: Path | None = None) -> Found:
    """See what lies where a session is to go.

    Args:
        folder: where.
        wanted: what the session is to be made with.
        source: the video; None does not look whether it has changed.
    """
    try:
        if not any(folder.iterdir()):
            return Found("absent")
    except FileNotFoundError:
        return Found("absent")
    except OSError as error:
        return Found("taken", reason=f"{folder} cannot be read: {error.strerror or error}.")
    if marker.is_marked(folder):
        writer = marker.writer_of(folder)
        return (
            Found("taken", reason=f"{folder} is being written by process {writer}.") if writer else Found("half-done")
        )
    if not (folder / INFO_FILE).exists():
        return Found("taken", reason=f"{folder} holds other files; choose another --out.")
    try:
        info = read_info(folder)
    except BothhandsError as error:
        return Found("taken", reason=str(error))
    ended = any(event.kind == "ended" for event in info.events)
    if info.frames is None or info.recovered is not None or ended or not (folder / JOURNAL_FILE).exists():
        return Found("half-done")
    if difference := wanted.difference(info):
        return Found("taken", reason=f"{folder} holds a session made with {difference}; choose another --out.")
    cut = info.settings.get(ENDED_EARLY)
    if cut is None:
        return Found("done", frames=info.frames)
    if source is not None and cut != file_mark(source):
        return Found("half-done")
    return Found("incomplete", info.frames, f"{info.source} ended early and has not changed since.")


def settle(partial: Path, folder: Path, wanted: Wanted) -> None:
    """Give a finished session its name, in one step.

    Where the same session is there already (a worker that was taken for lost has finished after all), that one stays.

    Raises:
        BothhandsError: something else is there.
        OSError: the folder cannot be written.
    """
    found = look(folder, wanted)
    if found.state == "taken":
        raise BothhandsError(found.reason)
    if found.state == "done":
        shutil.rmtree(partial)
        return
    if found.state in ("half-done", "incomplete"):
        shutil.rmtree(folder)
    with contextlib.suppress(FileNotFoundError):
        folder.rmdir()  # an empty one, which not every system renames over
    partial.rename(folder)


def partial_of(folder: Path, tag: str) -> Path:
    """Where a session is written before it is finished; hidden, and on the same disk."""
    # The session's own name may be as long as names can be.
    name = folder.name if len(os.fsencode(folder.name)) <= _LONGEST_NAME else uuid.uuid4().hex
    return folder.with_name(f".{name}{PARTIAL_MARK}{tag}")


def remove_partials(folders: set[Path]) -> None:
    """Delete what workers that were killed left behind in these folders."""
    for folder in folders:
        with contextlib.suppress(OSError):
            for entry in list(folder.iterdir()):
                if entry.name.startswith(".") and PARTIAL_MARK in entry.name:
                    shutil.rmtree(entry, ignore_errors=True)


def _comparable(settings: Any) -> dict[str, Any]:
    values = json.loads(json.dumps(dict(settings)))
    for name in _NOT_COMPARED:
        values.pop(name, None)
    values.setdefault("mirrored", False)  # sessions of older versions do not have it
    return values
