"""Runs of other models over a session, stored beside what was recorded.

::

    YYYYMMDD-HHMMSS/runs/NAME.arrows   a journal like hands.arrows; NAME is the model, with a number where it ran before

`frame` counts the images of video.mkv from 0, px are those of its images, and the cameras of session.json are to be
scaled to them; `captured_ns` is as in hands.arrows. The metadata entry
`bothhands.run` says how the run was made: `RunInfo` as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from app.sessions.journal import hand_model_of
from app.sessions.reading import read_journal_file
from app.sessions.schema import todays_name
from models.errors import BothhandsError
from models.sentences import say

RUNS_FOLDER = "runs"
RUN_KEY = b"bothhands.run"
_SUFFIX = ".arrows"


@dataclass(frozen=True, kw_only=True)
class RunInfo:
    """How a run was made.

    Attributes:
        model: name of the reconstruction model.
        weights_sha256: of its weights file, None where it has none.
        app_version: of this program.
        smoothing: gains, None where hands were not smoothed.
        made: local time with offset, ISO 8601.
    """

    model: str
    weights_sha256: str | None
    app_version: str
    smoothing: dict[str, Any] | None
    made: str


_INFO = TypeAdapter(RunInfo)


def run_notes(info: RunInfo) -> dict[bytes, bytes]:
    """Metadata of a run's journal."""
    return {RUN_KEY: _INFO.dump_json(info)}


def stored_runs(session: Path) -> list[str]:
    """Names of the runs beside a session."""
    return sorted(path.stem for path in (session / RUNS_FOLDER).glob(f"*{_SUFFIX}"))


def run_path(session: Path, name: str) -> Path:
    """Where a run lies."""
    return session / RUNS_FOLDER / f"{name}{_SUFFIX}"


def new_run_name(session: Path, model: str) -> str:
    """A name for another run of a model; no older run is overwritten."""
    name, number = model, 1
    while run_path(session, name).exists():
        number += 1
        name = f"{model}-{number}"
    return name


def read_run(session: Path, name: str, hand_model: str) -> tuple[RunInfo, pa.Table]:
    """A run's making and its journal.

    Raises:
        BothhandsError: missing, damaged, not a run, or of another hand model than the session's.
    """
    path = run_path(session, name)
    journal = read_journal_file(path)
    try:
        info = _INFO.validate_json((journal.schema.metadata or {}).get(RUN_KEY, b""))
    except ValidationError as error:
        raise BothhandsError(
            say("The run {path} does not say how it was made; run the model again.", path=path)
        ) from error
    info = replace(info, model=todays_name(info.model, journal.version))
    table = journal.table(info.model)
    if journal.damaged or journal.cut_off:
        raise BothhandsError(say("The run {path} is damaged; remove it and run the model again.", path=path))
    if hand_model_of(table) != hand_model:
        raise BothhandsError(
            say(
                "The run {path} belongs to the hand model {other!r} and the session to {hand_model!r}; run "
                "the model again.",
                path=path,
                other=hand_model_of(table),
                hand_model=hand_model,
            )
        )
    return info, table
