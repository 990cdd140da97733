"""The renderer that picks one: the GPU's where there is one, else the CPU's, and the CPU's where the GPU's fails."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from models.errors import BothhandsError
from models.values import Intrinsics, Side
from render.protocol import MeshRenderer, OverlayStyle

logger = logging.getLogger(__name__)

_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "software", "swiftshader", "microsoft basic render")
"""In the name that OpenGL gives its device, where that is the CPU."""


def is_software(device: str) -> bool:
    """Whether a device of OpenGL, by the name it gives itself (GL_RENDERER), is no GPU."""
    return any(name in device.lower() for name in _SOFTWARE)


def may_have_gpu(devices: Path = Path("/dev")) -> bool:
    """Whether there can be a GPU, without asking OpenGL: on Linux it has a device file; elsewhere nothing is known."""
    if not sys.platform.startswith("linux"):
        return True
    return any(any(devices.glob(pattern)) for pattern in ("dri/renderD*", "dri/card*", "nvidia[0-9]*", "dxg"))


class AutoRenderer:
    """Draws with one renderer and goes over to another where that is better, between two frames or within one.

    OpenGL without a GPU draws on the CPU, at several times the cost of the CPU renderer. So where there is no GPU that
    takes over as soon as it can: at once where its code is compiled, and no OpenGL context is made; else as soon as its
    code is. Where a GPU's context is lost, it draws that very frame and all that follow. Made, used and closed in one
    thread.

    Args:
        make_gl: makes the renderer of OpenGL.
        make_cpu: makes the CPU's.
        cpu_is_ready: whether that takes no compiling.
        gpu_possible: whether OpenGL may find a GPU.

    Attributes:
        name: of the renderer that draws now.

    Raises:
        BothhandsError: neither can be made.
    """

    def __init__(
        self,
        make_gl: Callable[[], MeshRenderer],
        make_cpu: Callable[[], MeshRenderer],
        cpu_is_ready: Callable[[], bool],
        gpu_possible: bool,
    ) -> None:
        self._make_cpu = make_cpu
        self._cpu_is_ready = cpu_is_ready
        self._on_cpu, self._cpu_fails = False, False
        self._waits = not gpu_possible
        self._chosen: MeshRenderer | None = None
        self.name = ""
        if self._waits and cpu_is_ready() and self._go_over_to_cpu():
            return
        try:
            self._choose(make_gl())
        except BothhandsError:
            # Compiling takes long, but without it there would be no meshes at all.
            if not self._go_over_to_cpu():
                raise
            return
        self._waits = self._waits or is_software(getattr(self._chosen, "device", ""))
        self._take_turn()

    @property
    def faces(self) -> Mapping[Side, np.ndarray]:
        """Those that it was made with."""
        assert self._chosen is not None
        return self._chosen.faces

    def render(
        self, image: np.ndarray, vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics, style: OverlayStyle
    ) -> np.ndarray:
        """See `MeshRenderer.render`."""
        self._take_turn()
        assert self._chosen is not None
        try:
            return self._chosen.render(image, vertices, intrinsics, style)
        except Exception as error:  # OpenGL's wrappers raise anything
            if self._on_cpu or not self._go_over_to_cpu():
                raise
            logger.warning("OpenGL has failed (%s); the CPU draws from here on.", error)
        return self._chosen.render(image, vertices, intrinsics, style)

    def close(self) -> None:
        """Release what is there, in the thread that made it."""
        if self._chosen is not None:
            self._chosen.close()

    def _choose(self, renderer: MeshRenderer) -> None:
        self._chosen, self.name = renderer, renderer.name

    def _take_turn(self) -> None:
        if self._waits and not self._on_cpu and self._cpu_is_ready():
            self._go_over_to_cpu()

    def _go_over_to_cpu(self) -> bool:
        before = self._chosen
        if self._cpu_fails:
            return False
        try:
            self._choose(self._make_cpu())
        except BothhandsError as error:
            logger.info("%s", error)
            self._cpu_fails = True
            return False
        self._on_cpu = True
        if before is not None:
            try:
                before.close()
            except Exception:  # what has failed may fail again
                logger.info("A renderer that was given up could not be closed.", exc_info=True)
        logger.info("The meshes are drawn by the %s renderer.", self.name)
        return True
