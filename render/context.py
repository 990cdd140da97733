"""Offscreen OpenGL contexts, without a window."""

from __future__ import annotations

import sys

import moderngl


def create_offscreen_context() -> moderngl.Context:
    """An OpenGL 3.3 context of its own: by EGL on Linux, which needs no display, by the system's way elsewhere.

    Raises:
        Exception: whatever moderngl raises where there is no OpenGL (plain `Exception`, by its design).
    """
    if sys.platform.startswith("linux"):
        # moderngl passes further names on to the backend; its stub takes them for dicts.
        return moderngl.create_context(standalone=True, require=330, backend="egl")  # pyright: ignore[reportArgumentType]
    return moderngl.create_context(standalone=True, require=330)


def uniform(program: moderngl.Program, name: str) -> moderngl.Uniform:
    """A uniform of a program, by name.

    Raises:
        KeyError: the program has none of this name, or does not use it.
        TypeError: the name is that of an attribute or a block.
    """
    member = program[name]
    if not isinstance(member, moderngl.Uniform):
        raise TypeError(f"{name!r} is not a uniform but {type(member).__name__}")
    return member
