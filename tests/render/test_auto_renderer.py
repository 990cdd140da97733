"""Which renderer draws: the GPU's, the CPU's where there is none, and the CPU's from the frame that OpenGL fails at."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from spheres import FACES, INTRINSICS, picture

from models.errors import BothhandsError
from models.values import Intrinsics, Side
from render.auto_renderer import AutoRenderer, is_software, may_have_gpu
from render.factory import create_renderer
from render.protocol import OverlayStyle


class Fake:
    """Stands at the edge, for OpenGL or the CPU's loops."""

    def __init__(self, name: str, device: str = "", fails_at: int | None = None) -> None:
        self.name, self.device, self.fails_at = name, device, fails_at
        self.drawn, self.closed = 0, False

    def render(
        self, image: np.ndarray, vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics, style: OverlayStyle
    ) -> np.ndarray:
        assert not self.closed
        if self.drawn == self.fails_at:
            raise Exception("context lost")
        self.drawn += 1
        return image

    def close(self) -> None:
        self.closed = True


class Stage:
    """Renderers of which it is told which are made."""

    def __init__(self, gl: Fake | None, ready: bool = True, works: bool = True) -> None:
        self.gl, self.cpu = gl, Fake("cpu")
        self.ready, self.works = ready, works
        self.asked: list[str] = []

    def make_gl(self) -> Fake:
        self.asked.append("gl")
        if self.gl is None:
            raise BothhandsError("There is no OpenGL.")
        return self.gl

    def make_cpu(self) -> Fake:
        self.asked.append("cpu")
        if not self.works:
            raise BothhandsError("There is no numba.")
        return self.cpu

    def renderer(self, gpu_possible: bool = True) -> AutoRenderer:
        return AutoRenderer(self.make_gl, self.make_cpu, lambda: self.ready, gpu_possible)


def draw(renderer: AutoRenderer) -> np.ndarray:
    return renderer.render(picture(), {}, INTRINSICS, OverlayStyle())


def test_a_gpu_draws_where_there_is_one():
    stage = Stage(Fake("moderngl", "NVIDIA GeForce RTX 4070/PCIe/SSE2"))
    renderer = stage.renderer()
    draw(renderer)
    assert (renderer.name, stage.asked, stage.gl.drawn) == ("moderngl", ["gl"], 1)


def test_opengl_in_software_gives_way_to_the_cpu_before_the_first_frame():
    stage = Stage(Fake("moderngl", "llvmpipe (LLVM 15.0.6, 256 bits)"))
    renderer = stage.renderer()
    draw(renderer)
    assert (renderer.name, stage.gl.closed, stage.gl.drawn, stage.cpu.drawn) == ("cpu", True, 0, 1)


def test_no_context_is_made_where_there_can_be_no_gpu():
    stage = Stage(Fake("moderngl", "llvmpipe"))
    assert stage.renderer(gpu_possible=False).name == "cpu"
    assert stage.asked == ["cpu"]


def test_opengl_in_software_draws_until_the_loops_are_compiled():
    stage = Stage(Fake("moderngl", "llvmpipe"), ready=False)
    renderer = stage.renderer(gpu_possible=False)
    draw(renderer)
    assert renderer.name == "moderngl"
    stage.ready = True
    draw(renderer)
    draw(renderer)
    assert (renderer.name, stage.gl.drawn, stage.gl.closed, stage.cpu.drawn) == ("cpu", 1, True, 2)
    assert stage.asked == ["gl", "cpu"]


def test_a_context_that_is_lost_loses_no_frame():
    stage = Stage(Fake("moderngl", "Mesa Intel(R) UHD Graphics 620", fails_at=2), ready=False)
    renderer = stage.renderer()
    frames = [draw(renderer) for _ in range(5)]
    assert len(frames) == 5
    np.testing.assert_array_equal(frames[2], picture())
    assert (stage.gl.drawn, stage.gl.closed, stage.cpu.drawn, renderer.name) == (2, True, 3, "cpu")


def test_a_context_that_is_lost_and_cannot_be_closed_loses_no_frame_either(monkeypatch):
    stage = Stage(Fake("moderngl", "AMD Radeon", fails_at=0))
    monkeypatch.setattr(stage.gl, "close", lambda: 1 / 0)
    renderer = stage.renderer()
    draw(renderer)
    assert stage.cpu.drawn == 1


def test_without_opengl_the_cpu_draws_though_it_must_be_compiled_first():
    stage = Stage(None, ready=False)
    assert stage.renderer().name == "cpu"


def test_where_numba_is_missing_all_is_as_opengl_can():
    stage = Stage(Fake("moderngl", "llvmpipe", fails_at=1), works=False)
    renderer = stage.renderer(gpu_possible=False)
    draw(renderer)
    assert renderer.name == "moderngl"
    assert stage.asked == ["cpu", "gl"], "asked once, not with every frame"
    with pytest.raises(Exception, match="context lost"):
        draw(renderer)


def test_with_neither_it_is_said_what_opengl_lacks():
    with pytest.raises(BothhandsError, match="no OpenGL"):
        Stage(None, works=False).renderer()


def test_an_error_of_the_cpus_own_is_not_hidden(monkeypatch):
    stage = Stage(Fake("moderngl", "llvmpipe"))
    renderer = stage.renderer()
    stage.cpu.fails_at = 0
    with pytest.raises(Exception, match="context lost"):
        draw(renderer)
    assert stage.asked == ["gl", "cpu"]


def test_closing_closes_what_draws():
    stage = Stage(Fake("moderngl", "llvmpipe"))
    renderer = stage.renderer()
    renderer.close()
    assert stage.cpu.closed


@pytest.mark.parametrize(
    ("device", "software"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", True),
        ("softpipe", True),
        ("Software Rasterizer", True),
        ("Google SwiftShader", True),
        ("Microsoft Basic Render Driver", True),
        ("Mesa Intel(R) Xe Graphics (TGL GT2)", False),
        ("NVIDIA H100 PCIe/PCIe/SSE2", False),
        ("AMD Radeon RX 6600 (radeonsi, navi23, LLVM 15.0.6, DRM 3.49)", False),
        ("Apple M2", False),
        ("", False),
    ],
)
def test_software_is_told_by_its_name(device, software):
    assert is_software(device) == software


@pytest.mark.parametrize(
    ("file", "possible"), [("dri/renderD128", True), ("nvidia0", True), ("dxg", True), ("video0", False)]
)
def test_a_gpu_has_a_device_file_on_linux(tmp_path, monkeypatch, file, possible):
    monkeypatch.setattr("sys.platform", "linux")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).touch()
    assert may_have_gpu(tmp_path) == possible


def test_elsewhere_a_gpu_is_always_possible(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert may_have_gpu(tmp_path)


def test_auto_is_made_of_the_real_ones():
    renderer = create_renderer("auto", FACES)
    assert renderer.name in ("moderngl", "pyrender", "cpu")
    assert renderer.render(picture(), {}, INTRINSICS, OverlayStyle()).shape == picture().shape
    renderer.close()
