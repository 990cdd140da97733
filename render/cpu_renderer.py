"""The overlay renderer that needs no OpenGL: half the work of OpenGL in software, on one core."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.errors import BothhandsError
from models.runtime.compiled import load, problem, ready
from models.sentences import say
from models.values import Intrinsics, Side
from render.compositing import linear_from_srgb
from render.geometry import NEAREST_DEPTH, separate_regions, visible_hands
from render.protocol import OverlayStyle
from render.threads import OwningThread

MODULE = f"{__package__}.compiled_raster"
"""Has the loops; `models.runtime.compiled` makes it ready."""
TILE = 512
"""Longest side of what is drawn at once, px: a tile's buffers take 32 bytes a pixel."""

_KEY, _FILL = np.array([-0.50, -0.62, -0.60]), np.array([0.80, -0.05, -0.45])
_LIGHTS = np.array(
    [
        _KEY / np.linalg.norm(_KEY),
        (1.08, 1.04, 0.99),
        _FILL / np.linalg.norm(_FILL),
        (0.16, 0.18, 0.21),
        (0.34, 0.36, 0.40),
        (0.13, 0.12, 0.12),
    ]
)
"""Key and fill, each its direction and its light, sky and ground: those of `shaders/hand.frag`."""


def _encoded(steps: int = 1 << 12) -> np.ndarray:
    """SRGB, 0..255, of linear light 0 to 1 in equal steps (IEC 61966-2-1)."""
    linear = np.linspace(0.0, 1.0, steps)
    encoded = np.where(linear < 0.0031308, 12.92 * linear, 1.055 * linear ** (1.0 / 2.4) - 0.055)
    return (255.0 * encoded).astype(np.float32)


class CpuRenderer:
    """Draws hand meshes with `compiled_raster`. Made, used and closed in one thread, as all renderers are.

    Args:
        faces: (F, 3) by side, counter-clockwise seen from outside.

    Raises:
        BothhandsError: numba does not work on this machine.
    """

    name = "cpu"

    def __init__(self, faces: Mapping[Side, np.ndarray]) -> None:
        load([MODULE], compiling=True)
        module = ready(MODULE)
        if module is None:
            raise BothhandsError(
                say(
                    "The cpu renderer does not work here, because {reason}; choose another one with "
                    "--renderer, or see `python main.py doctor`.",
                    reason=problem() or "the program ends",
                )
            )
        self._thread = OwningThread()
        self._draw = module.draw
        self.faces: Mapping[Side, np.ndarray] = {side: np.ascontiguousarray(faces[side], np.int32) for side in faces}
        self._encoded = _encoded()
        # Kept: fresh memory costs as much as clearing it several times.
        self._depths = np.empty(module.SAMPLES * TILE**2, np.float32)
        self._seen = np.empty(module.SAMPLES * TILE**2, np.int32)

    def render(
        self, image: np.ndarray, vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics, style: OverlayStyle
    ) -> np.ndarray:
        """See `MeshRenderer.render`; a mesh with numbers that are not finite is left out.

        Raises:
            RuntimeError: called from another thread than the maker's.
        """
        self._thread.check()
        picture = np.array(image, order="C")
        height, width = picture.shape[:2]
        hands, regions = visible_hands(vertices, intrinsics, width, height)
        if not regions or style.opacity <= 0.0:
            return picture
        camera = np.array([intrinsics.fx, intrinsics.fy, intrinsics.cx, intrinsics.cy], np.float64)
        for region, sides in separate_regions(regions):
            tiles = [(tile.left, tile.top, tile.right, tile.bottom) for tile in region.tiles(TILE)]
            meshes = [np.asarray(hands[side], np.float32) for side in sides]
            behind = [len(mesh) for mesh in meshes]
            offsets = np.cumsum([0, *behind[:-1]])
            faces = [self.faces[side] + np.int32(offset) for side, offset in zip(sides, offsets, strict=True)]
            mesh = np.concatenate(meshes)
            self._draw(
                picture,
                np.array(tiles, np.int64),
                mesh,
                np.concatenate(faces),
                np.repeat(np.arange(len(sides), dtype=np.int32), [len(one) for one in faces]),
                camera,
                np.array([linear_from_srgb(style.colours[side]) for side in sides]),
                min(float(style.opacity), 1.0),
                _LIGHTS,
                self._encoded,
                bool(mesh[:, 2].min() < NEAREST_DEPTH),
                self._depths,
                self._seen,
            )
        return picture

    def close(self) -> None:
        """There is nothing to release; in the thread that made it all the same."""
        self._thread.check()
