"""The JSON beside a file of weights: what it says of them, checked before anything is made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import BothhandsError
from models.places import notes_file
from models.sentences import say
from models.validation import fault_text
from models.weights_version import VERSION_NOTE, refuse_version

_LARGEST_FILE = 4 << 20


class _Notes(BaseModel):
    """What is read of it; further entries are for people."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)

    weights_version: int = Field(default=1, ge=1)
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    licence: str = ""
    state: str = ""
    trained_on: list[str] = []
    measured: dict[str, int | float] = {}
    hand_model: str = ""
    precision: Literal["f16", "bf16", "f32"] = "bf16"
    judges_presence: bool = False
    fits_joints: bool = False
    widen_lone_hand: float = Field(default=1.0, ge=0.25, le=4.0)
    crop_each_hand: bool = False


def read_notes(weights: Path) -> dict[str, Any]:
    """What lies beside weights, by name; empty where nothing does.

    Args:
        weights: the safetensors file.

    Raises:
        BothhandsError: the file is of a newer version or damaged, or an entry is of another kind than it should be;
            the text names it.
    """
    path = notes_file(weights)
    try:
        if not path.is_file():
            return {}
        if path.stat().st_size > _LARGEST_FILE:
            raise BothhandsError(
                say("The notes {path} of the weights are too large to be notes; take the file away.", path=path)
            )
        content = path.read_bytes()
        # Looked at before anything else: a newer version may have other entries.
        refuse_version(weights, _version_in(content))
        return _Notes.model_validate_json(content).model_dump(exclude_unset=True)
    except OSError as error:
        raise BothhandsError(
            say("The notes {path} of the weights cannot be read: {reason}.", path=path, reason=error.strerror or error)
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or say("the whole")
        raise BothhandsError(
            say(
                "The notes {path} of the weights are damaged: {where}: {fault}; get them anew.",
                path=path,
                where=where,
                fault=fault_text(first),
            )
        ) from error


def _version_in(content: bytes) -> Any:
    """What notes say of their version, None where they cannot be read."""
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return values.get(VERSION_NOTE) if isinstance(values, dict) else None


def notes_or_none(weights: Path) -> dict[str, Any]:
    """The same for a model's card, which must not fail: damaged notes are told to whoever wants to use the weights."""
    try:
        return read_notes(weights)
    except BothhandsError:
        return {}


def state_of(notes: Mapping[str, Any]) -> str:
    """What notes say of their weights as a whole, in brackets behind a model's title; "" where they say nothing."""
    state = notes.get("state", "")
    if state == "early weights":  # those that come with the program
        return say("(early weights)")
    return f"({state})" if state else ""
