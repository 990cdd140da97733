"""Absolute imports between the rooms, as they must read inside the package `bothhands`.

Only import statements are changed, at the places where Python's own parser finds them; everything else of a file stays
as it is, byte for byte. Modules that are named in strings (`importlib`, `python -c`) are written relative to
`__package__` in the sources, so that nothing about them has to be changed; a test holds that.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import NamedTuple


class _Edit(NamedTuple):
    """What is written in place of some bytes of a line: counted from 0, `start` to `end`."""

    line: int
    start: int
    end: int
    text: str


def moved(source: str, rooms: Collection[str], package: str) -> str:
    """A module's source with the imports of `rooms` made imports of `package.room`.

    Args:
        source: of a module.
        rooms: top-level packages that move into the package.
        package: its name.

    Raises:
        SyntaxError: the source is not Python.
        ValueError: an `import a.b` that shares a statement with others spans several lines.
    """
    edits = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and not node.level and _room(node.module) in rooms:
            edits.append(_from_edit(node, source, package))
        elif isinstance(node, ast.Import) and any(_room(alias.name) in rooms for alias in node.names):
            edits.append(_import_edit(node, rooms, package))
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    for edit in sorted(edits, reverse=True):
        line = lines[edit.line]
        lines[edit.line] = line[: edit.start] + edit.text.encode() + line[edit.end :]
    return b"".join(lines).decode()


def _room(module: str | None) -> str:
    return (module or "").partition(".")[0]


def _from_edit(node: ast.ImportFrom, source: str, package: str) -> _Edit:
    """`from models.x import y`: the package goes before the module's name, on the statement's first line."""
    line = source.splitlines()[node.lineno - 1].encode()
    keyword = line[node.col_offset :]
    at = node.col_offset + len(b"from")
    at += len(keyword[4:]) - len(keyword[4:].lstrip())
    if not line[at:].startswith(_room(node.module).encode()):
        raise ValueError(f"line {node.lineno}: the module's name does not stand beside `from`")
    return _Edit(node.lineno - 1, at, at, f"{package}.")


def _import_edit(node: ast.Import, rooms: Collection[str], package: str) -> _Edit:
    """`import models.x` binds `models`, and `import models.x as y` binds what it says: so do the statements made."""
    if node.end_lineno != node.lineno or node.end_col_offset is None:
        raise ValueError(f"line {node.lineno}: an import statement over several lines; make several of it")
    statements = []
    for alias in node.names:
        room = _room(alias.name)
        if room not in rooms:
            statements.append(f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else ""))
        elif alias.asname:
            statements.append(f"import {package}.{alias.name} as {alias.asname}")
        else:
            if "." in alias.name:  # loads the module, and the next one binds the room's name
                statements.append(f"import {package}.{alias.name}")
            statements.append(f"from {package} import {room}")
    return _Edit(node.lineno - 1, node.col_offset, node.end_col_offset, "; ".join(statements))
