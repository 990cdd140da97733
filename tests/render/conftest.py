from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from spheres import FACES

from models.errors import BothhandsError
from render import create_renderer
from render.protocol import MeshRenderer


@pytest.fixture
def make_renderer() -> Iterator[Callable[[str], MeshRenderer]]:
    """Makes renderers by name and closes them; skips where there is no OpenGL, or no numba."""
    made: list[MeshRenderer] = []

    def make(name: str) -> MeshRenderer:
        try:
            made.append(create_renderer(name, FACES))
        except BothhandsError as error:
            pytest.skip(f"not here: {error}")
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()


@pytest.fixture(params=["moderngl", "pyrender", "cpu"])
def renderer(request: pytest.FixtureRequest, make_renderer: Callable[[str], MeshRenderer]) -> MeshRenderer:
    return make_renderer(request.param)
