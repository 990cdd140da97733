from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from spheres import FACES

from models.errors import BothhandsError
from models.values import Intrinsics, Side
from render.factory import RENDERERS, CreateRenderer, create_renderer
from render.protocol import MeshRenderer, OverlayStyle


class FakeRenderer:
    def __init__(self, name: str) -> None:
        self.name = name
        self.faces: Mapping[Side, np.ndarray] = {}

    def render(
        self, image: np.ndarray, vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics, style: OverlayStyle
    ) -> np.ndarray:
        return image

    def close(self) -> None:
        pass


def works(name: str) -> CreateRenderer:
    def create(faces: Mapping[Side, np.ndarray]) -> MeshRenderer:
        return FakeRenderer(name)

    return create


def fails(cause: Exception) -> CreateRenderer:
    def create(faces: Mapping[Side, np.ndarray]) -> MeshRenderer:
        raise cause

    return create


def test_auto_takes_the_first_that_works() -> None:
    both = {"fast": works("fast"), "slow": works("slow")}
    assert create_renderer("auto", FACES, both).name == "fast"
    second = {"fast": fails(Exception("(detect) eglInitialize: failed")), "slow": works("slow")}
    assert create_renderer("auto", FACES, second).name == "slow"


def test_no_opengl_says_every_cause_and_the_packages() -> None:
    broken = {"fast": fails(Exception("no EGL\nmore")), "slow": fails(ImportError("no libGL"))}
    with pytest.raises(BothhandsError, match=r"fast: no EGL; slow: no libGL.*apt-get install libegl1") as caught:
        create_renderer("auto", FACES, broken)
    assert "\n" not in str(caught.value)


def test_a_named_renderer_does_not_fall_back() -> None:
    with pytest.raises(BothhandsError, match="libegl1"):
        create_renderer("fast", FACES, {"fast": fails(OSError("libEGL.so.1")), "slow": works("slow")})


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BothhandsError, match=r"'vulkan'.*auto, moderngl, pyrender, cpu"):
        create_renderer("vulkan", FACES)


def test_the_faster_comes_first() -> None:
    assert list(RENDERERS) == ["moderngl", "pyrender", "cpu"]
