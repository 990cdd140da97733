"""Whether this machine draws with OpenGL where no window is."""

import pytest

from render.context import create_offscreen_context


def _why_no_opengl() -> str:
    try:
        create_offscreen_context().release()
    except Exception as error:  # noqa: BLE001 - what moderngl raises has no type of its own
        return str(error)
    return ""


NO_OPENGL = _why_no_opengl()
needs_opengl = pytest.mark.skipif(bool(NO_OPENGL), reason=f"no offscreen OpenGL here: {NO_OPENGL}")
