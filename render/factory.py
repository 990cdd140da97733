"""Choosing a renderer that works on this machine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from models.errors import BothhandsError
from models.extras import MissingExtra, extra_for, require
from models.runtime.compiled import ready
from models.sentences import say
from models.values import Side
from render.auto_renderer import AutoRenderer, may_have_gpu
from render.cpu_renderer import MODULE, CpuRenderer
from render.protocol import MeshRenderer

logger = logging.getLogger(__name__)

CreateRenderer = Callable[[Mapping[Side, np.ndarray]], MeshRenderer]
"""Faces (F, 3) by side to a renderer."""


def _moderngl(faces: Mapping[Side, np.ndarray]) -> MeshRenderer:
    from render.moderngl_renderer import ModernGLRenderer

    return ModernGLRenderer(faces)


def _pyrender(faces: Mapping[Side, np.ndarray]) -> MeshRenderer:
    with extra_for(say("The renderer pyrender"), _EXTRAS["pyrender"]):
        from render.pyrender_renderer import PyrenderRenderer

    return PyrenderRenderer(faces)


CPU = "cpu"
RENDERERS: Mapping[str, CreateRenderer] = MappingProxyType(
    {"moderngl": _moderngl, "pyrender": _pyrender, CPU: CpuRenderer}
)
"""By name; of those that draw with OpenGL the faster first (`python -m benchmarks.overlay` measures all)."""

AUTO = "auto"
_EXTRAS = {"pyrender": "pyrender"}
"""Renderers that an extra brings."""


def require_renderer(name: str) -> None:
    """Say before any work is begun that a renderer's extra is missing.

    Args:
        name: as for `create_renderer`.

    Raises:
        MissingExtra: it is not installed.
    """
    if name in _EXTRAS:
        require(say("The renderer {name}", name=name), _EXTRAS[name])


def create_renderer(
    name: str, faces: Mapping[Side, np.ndarray], renderers: Mapping[str, CreateRenderer] = RENDERERS
) -> MeshRenderer:
    """Make a renderer, in the thread that will use and close it.

    Args:
        name: of a renderer, or "auto" for the fastest that works here, see `AutoRenderer`.
        faces: (F, 3) by side, counter-clockwise seen from outside.
        renderers: what there is to choose from, of those of OpenGL the faster first.

    Raises:
        BothhandsError: no such name, or it does not work here; the text says what helps.
    """
    if name == CPU and CPU in renderers:
        return renderers[CPU](faces)
    if name == AUTO and CPU in renderers:
        return AutoRenderer(
            lambda: _first_with_opengl([other for other in renderers if other != CPU], faces, renderers),
            lambda: renderers[CPU](faces),
            lambda: ready(MODULE) is not None,
            may_have_gpu(),
        )
    if name != AUTO and name not in renderers:
        raise BothhandsError(
            say(
                "There is no renderer named {name!r}; choose one of: {names}.",
                name=name,
                names=", ".join([AUTO, *renderers]),
            )
        )
    return _first_with_opengl(list(renderers) if name == AUTO else [name], faces, renderers)


def _first_with_opengl(
    names: list[str], faces: Mapping[Side, np.ndarray], renderers: Mapping[str, CreateRenderer]
) -> MeshRenderer:
    causes: list[str] = []
    for candidate in names:
        try:
            return renderers[candidate](faces)
        except MissingExtra as error:
            if len(names) == 1:  # the one that was named
                raise
            causes.append(f"{candidate}: {error}")
        except Exception as error:  # moderngl and PyOpenGL raise anything, plain Exception included
            logger.info("renderer %s does not work here", candidate, exc_info=True)
            causes.append(f"{candidate}: {(str(error).strip() or repr(error)).splitlines()[0]}")
    raise BothhandsError(
        say(
            "Meshes cannot be drawn, because OpenGL does not work on this machine ({names}); on "
            "Debian or Ubuntu run `sudo apt-get install libegl1 libgl1 libgl1-mesa-dri`, elsewhere "
            "update the graphics driver.",
            names="; ".join(causes),
        )
    )
