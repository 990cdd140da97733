"""What goes wrong with files: bits that flip, parts that are missing, doubled or moved, numbers at their limits, and
documents whose values are of another kind than they should be.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

_LIMITS = tuple(
    struct.pack(form, value)
    for form, values in (
        ("B", (0, 1, 0x7F, 0x80, 0xFF)),
        ("<H", (0, 1, 0x7FFF, 0x8000, 0xFFFF)),
        ("<i", (0, 1, -1, 2**31 - 1, -(2**31))),
        (">i", (0, 1, -1, 2**31 - 1, -(2**31))),
        ("<q", (0, -1, 2**63 - 1, -(2**63), 2**40)),
        ("<d", (float("nan"), float("inf"), -0.0, 1e308)),
    )
    for value in values
)
_HOSTILE: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, -(2**63) - 1, 10**30, 10**400, 0.5, -1e-300, 1e308),
    *(float("nan"), float("inf"), float("-inf"), "", " ", "\0", "a\0b", "../../x", "/", "\ud800", "[/x]", "é" * 300),
    *(
        "left",
        "free",
        [],
        {},
        [[]],
        [None],
        {"": None},
        [0] * 1000,
        ["x"] * 21,
        {"left": {}},
        "1" * 5000,
        "\n",
        "~nouser",
    ),
)


@st.composite
def changed_bytes(draw: st.DrawFn, seed: bytes) -> bytes:
    """One to six changes to some bytes."""
    content = bytearray(seed)
    for _ in range(draw(st.integers(1, 6))):
        if not content:
            break
        place = draw_place(draw, len(content))
        kind = draw(st.sampled_from(("bit", "limit", "bytes", "insert", "delete", "double", "cut", "move")))
        length = draw(st.integers(1, draw(st.sampled_from((16, len(content))))))
        if kind == "bit":
            content[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "limit":
            value = draw(st.sampled_from(_LIMITS))
            content[place : place + len(value)] = value
        elif kind == "bytes":
            value = draw(st.binary(min_size=1, max_size=16))
            content[place : place + len(value)] = value
        elif kind == "insert":
            content[place:place] = draw(st.binary(min_size=1, max_size=64))
        elif kind == "delete":
            del content[place : place + length]
        elif kind == "double":
            content[place:place] = content[place : place + min(length, 1 << 16)]
        elif kind == "cut":
            del content[place:]
        else:
            part = content[place : place + length]
            del content[place : place + length]
            target = draw(st.integers(0, len(content)))
            content[target:target] = part
    return bytes(content)


def draw_place(draw: st.DrawFn, size: int) -> int:
    """Anywhere, or at the ends, where headers and tables lie: they are what most readers trip over."""
    last = size - 1
    # Chosen by name: of branches that are alike by chance, Hypothesis may take two for one, and then lose its way.
    part = draw(st.sampled_from(("any", "beginning", "end", "any")))
    first = max(last - 200, 0) if part == "end" else 0
    return draw(st.integers(first, min(last, 200) if part == "beginning" else last))


@st.composite
def changed_json(draw: st.DrawFn, seed: bytes) -> bytes:
    """One to three values of a document replaced, doubled, or taken out."""
    document = json.loads(seed)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(document))
        if not places:
            break
        *way, key = draw(st.sampled_from(places))
        holder = document
        for step in way:
            holder = holder[step]
        kind = draw(st.sampled_from(("replace", "replace", "replace", "take out", "rename", "swap")))
        if kind == "take out":
            del holder[key]
        elif kind == "rename" and isinstance(holder, dict):
            holder[draw(st.sampled_from(("", "x", "\0", "hands", "left")))] = holder.pop(key)
        elif kind == "swap" and isinstance(holder, dict):
            other = draw(st.sampled_from(sorted(holder)))
            holder[key], holder[other] = holder[other], holder[key]
        else:
            holder[key] = deepcopy(draw(st.sampled_from(_HOSTILE)))
    return json.dumps(document).encode()


def _places(value: Any) -> Iterator[tuple[Any, ...]]:
    """Ways to every value of a document."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (key,)
        for way in _places(inner):
            yield (key, *way)


def deep(opening: bytes, closing: bytes) -> bytes:
    """Brackets in brackets, beyond what a reader that calls itself can bear."""
    return opening * 100_000 + closing * 100_000


def contents(
    seeds: Sequence[bytes], *, document: bool = False, extra: Sequence[bytes] = ()
) -> st.SearchStrategy[bytes]:
    """Mutations of the seeds, the seeds, and rarely something quite else.

    Args:
        seeds: files as they should be.
        document: whether they are JSON.
        extra: files to try as they are.
    """
    whole = [*seeds, *extra, b""]
    changed = (changed_bytes, changed_json, changed_json, changed_json) if document else (changed_bytes,) * 4

    @st.composite
    def content(draw: st.DrawFn) -> bytes:
        kind = draw(st.sampled_from((*changed, "whole", "noise")))
        if kind == "noise":
            return draw(st.binary(max_size=200))
        if kind == "whole":
            return draw(st.sampled_from(whole))
        return draw(kind(draw(st.sampled_from(seeds))))

    return content()
