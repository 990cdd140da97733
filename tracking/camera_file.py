"""JSON, YAML and XML as calibration programs write them, read without believing any of it.

OpenCV's own reader of these (`cv2.FileStorage`) ends the process on brackets in brackets, as libyaml's does; here they
are one sentence. YAML is read event by event: tags, anchors and types, in which its dangers lie, are never resolved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml

from models.errors import BothhandsError
from models.sentences import said, say

_LARGEST_FILE = 1 << 20
"""Bytes; calibrations that list every point they were made of have a hundredth of a megabyte for each image."""
_DEEPEST, _MOST_VALUES = 8, 40_000


def read_document(path: Path) -> dict[str, Any]:
    """The table that a file holds: texts and numbers, lists and tables of such.

    Raises:
        BothhandsError: the file cannot be read, or is none of the three.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)  # devices do not end
        if len(content) > _LARGEST_FILE:
            raise BothhandsError(
                say("The camera file {path} is too large to be a calibration; name another file.", path=path)
            )
        text = content.decode("utf-8-sig").lstrip()
    except OSError as error:
        raise BothhandsError(
            say("The camera file {path} cannot be read: {reason}.", path=path, reason=error.strerror or str(error))
        ) from error
    except UnicodeDecodeError as error:
        raise BothhandsError(
            say("The camera file {path} is no text: a calibration is JSON, YAML or XML.", path=path)
        ) from error
    except ValueError as error:  # a name that no file can have
        raise BothhandsError(
            say("The camera file {path!r} cannot be read: {reason}.", path=str(path), reason=said(error))
        ) from error
    read = _xml if text.startswith("<") else _json if text.startswith("{") else _yaml
    try:
        document = read(text)
    except (ValueError, RecursionError, yaml.YAMLError, ElementTree.ParseError) as error:
        raise BothhandsError(
            say("The camera file {path} is not JSON, YAML or XML that can be read.", path=path)
        ) from error
    if not isinstance(document, dict):
        raise BothhandsError(
            say("The camera file {path} is not JSON, YAML or XML that holds a table of names and values.", path=path)
        )
    return document


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return _yaml(text)  # whose braces need no quotes


def _xml(text: str) -> dict[str, Any]:
    if "<!DOCTYPE" in text:
        raise ValueError("document types, and the entities in them, are no part of a calibration")
    root = ElementTree.fromstring(text)
    return {entry.tag: {part.tag: part.text for part in entry} if len(entry) else entry.text for entry in root}


def _yaml(text: str) -> Any:
    """The first document, every scalar as its text.

    Raises:
        ValueError, yaml.YAMLError: it is no YAML, too deep, too long, or refers to its own parts.
    """
    if text.startswith("%YAML:"):  # OpenCV's own, which YAML does not have
        text = text.partition("\n")[2]
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.SafeLoader)  # pyright: ignore[reportAssignmentType]
    open_ones: list[_Open] = []
    for count, event in enumerate(events):
        if count > _MOST_VALUES or len(open_ones) > _DEEPEST:
            raise ValueError("more, or deeper, than a calibration")
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("a part that refers to another one")
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            open_ones.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else []))
            continue
        if isinstance(event, yaml.ScalarEvent):
            value: Any = event.value
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            value = open_ones.pop().content
        elif isinstance(event, yaml.DocumentEndEvent):
            break
        else:
            continue
        if not open_ones:
            return value
        open_ones[-1].add(value)
    return {}


class _Open:
    """A list or table that has begun and not ended."""

    def __init__(self, content: list[Any] | dict[str, Any]) -> None:
        self.content = content
        self._key: str | None = None

    def add(self, value: Any) -> None:
        if isinstance(self.content, list):
            self.content.append(value)
        elif self._key is not None:
            self.content[self._key] = value
            self._key = None
        elif isinstance(value, str):
            self._key = value
        else:
            raise ValueError("a list or table in the place of a name")
