"""Choosing a renderer that works on this machine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from models.errors import BothhandsError
from models.extras import MissingExtra, extra_for
from models.values import Side
from render.protocol import MeshRenderer

logger = logging.getLogger(__name__)

CreateRenderer = Callable[[Mapping[Side, np.ndarray]], MeshRenderer]
"""Faces (F, 3) by side to a renderer."""


def _moderngl(faces: Mapping[Side, np.ndarray]) -> MeshRenderer:
    from render.moderngl_renderer import ModernGLRenderer

    return ModernGLRenderer(faces)


def _pyrender(faces: Mapping[Side, np.ndarray]) -> MeshRenderer:
    with extra_for("The renderer pyrender", "pyrender"):
        from render.pyrender_renderer import PyrenderRenderer

    return PyrenderRenderer(faces)


RENDERERS: Mapping[str, CreateRenderer] = MappingProxyType({"moderngl": _moderngl, "pyrender": _pyrender})
"""By name, the faster first (`python -m benchmarks.overlay` measures them)."""

AUTO = "auto"


def create_renderer(
    name: str, faces: Mapping[Side, np.ndarray], renderers: Mapping[str, CreateRenderer] = RENDERERS
) -> MeshRenderer:
    """Make a renderer, in the thread that will use and close it.

    Args:
        name: of a renderer, or "auto" for the fastest that works here.
        faces: (F, 3) by side, counter-clockwise seen from outside.
        renderers: what there is to choose from, the fastest first.

    Raises:
        BothhandsError: no such name, or no OpenGL; the text says which packages bring it.
    """
    if name != AUTO and name not in renderers:
        raise BothhandsError(f"There is no renderer named {name!r}; choose one of: {', '.join([AUTO, *renderers])}.")
    causes: list[str] = []
    for candidate in renderers if name == AUTO else [name]:
        try:
            return renderers[candidate](faces)
        except MissingExtra as error:
            if name != AUTO:
                raise
            causes.append(f"{candidate}: {error}")
        except Exception as error:  # moderngl and PyOpenGL raise anything, plain Exception included
            logger.info("renderer %s does not work here", candidate, exc_info=True)
            causes.append(f"{candidate}: {(str(error).strip() or repr(error)).splitlines()[0]}")
    raise BothhandsError(
        f"Meshes cannot be drawn, because OpenGL does not work on this machine ({'; '.join(causes)}); on Debian or "
        "Ubuntu run `sudo apt-get install libegl1 libgl1 libgl1-mesa-dri`, elsewhere update the graphics driver."
    )
