"""The fast overlay renderer: moderngl, only the part of the image that the hands cover."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path

import moderngl
import numpy as np

from models.values import Intrinsics, Side
from render.compositing import blend_over, linear_from_srgb
from render.context import create_offscreen_context, uniform
from render.geometry import (
    Region,
    VertexNormals,
    clip_from_camera,
    depth_range,
    separate_regions,
    visible_hands,
)
from render.protocol import OverlayStyle
from render.threads import OwningThread

SHADERS = Path(__file__).parent / "shaders"
SAMPLES = 4
TILE = 1024
"""Longest side of what is drawn at once, px: bounds the memory of the multisampled target on large images."""
POOLED_PIXELS = 4 * TILE**2
"""Drawing targets are kept up to this many pixels in all, about 36 bytes each."""


class ModernGLRenderer:
    """Draws hand meshes with moderngl. Made, used and closed in one thread.

    Only the rectangle around each hand is drawn, resolved and read back (around both where they meet, so that the
    nearer hand hides the farther one): on software OpenGL the time goes by the pixel.

    Args:
        faces: (F, 3) by side, counter-clockwise seen from outside.

    Attributes:
        device: what OpenGL calls the GPU, or the program that stands in for one.

    Raises:
        Exception: no OpenGL 3.3 on this machine.
    """

    name = "moderngl"

    def __init__(self, faces: Mapping[Side, np.ndarray]) -> None:
        self.faces: Mapping[Side, np.ndarray] = dict(faces)
        self._thread = OwningThread()
        self._closed = False
        self._context = create_offscreen_context()
        self.device = str(self._context.info["GL_RENDERER"])
        with self._context:
            self._program = self._context.program(
                vertex_shader=(SHADERS / "hand.vert").read_text(encoding="utf-8"),
                fragment_shader=(SHADERS / "hand.frag").read_text(encoding="utf-8"),
            )
            self._meshes = {side: _Mesh(self._context, self._program, faces[side]) for side in faces}
            self._targets = _Targets(self._context)
            self._context.enable_only(moderngl.DEPTH_TEST)
            self._context.front_face = "cw"  # the projection turns the image over, see `clip_from_camera`

    def render(
        self, image: np.ndarray, vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics, style: OverlayStyle
    ) -> np.ndarray:
        """See `MeshRenderer.render`; a mesh with numbers that are not finite is left out.

        Raises:
            RuntimeError: called from another thread than the maker's.
        """
        self._thread.check()
        picture = image.copy()
        height, width = image.shape[:2]
        hands, regions = visible_hands(vertices, intrinsics, width, height)
        if not regions or style.opacity <= 0.0:
            return picture
        with self._context:
            near, far = depth_range(hands)
            for side in regions:
                self._meshes[side].update(hands[side], style.colours[side])
            uniform(self._program, "opacity").value = min(style.opacity, 1.0)
            for region, sides in separate_regions(regions):
                for tile in region.tiles(TILE):
                    matrix = clip_from_camera(intrinsics, tile, near, far)
                    uniform(self._program, "clip_from_camera").write(matrix.T.astype(np.float32).tobytes())
                    blend_over(picture[tile.slices], self._draw(tile, sides))
        return picture

    def _draw(self, tile: Region, sides: Sequence[Side]) -> np.ndarray:
        target = self._targets.get(tile.width, tile.height)
        target.begin(tile.width, tile.height)
        for side in sides:
            self._meshes[side].draw(uniform(self._program, "base_colour"))
        return target.read(tile.width, tile.height)

    def close(self) -> None:
        """Release the context, in the thread that made it; more than once does no harm."""
        self._thread.check()
        if not self._closed:
            self._closed = True
            self._context.release()


class _Mesh:
    """One hand's buffers on the device."""

    def __init__(self, context: moderngl.Context, program: moderngl.Program, faces: np.ndarray) -> None:
        vertex_count = int(faces.max()) + 1
        self._normals = VertexNormals(faces, vertex_count)
        self._interleaved = np.empty((vertex_count, 6), np.float32)
        self._colour = (0.0, 0.0, 0.0)
        self._buffer = context.buffer(reserve=self._interleaved.nbytes, dynamic=True)
        indices = context.buffer(np.ascontiguousarray(faces, np.int32).tobytes())
        self._array = context.vertex_array(program, [(self._buffer, "3f 3f", "position", "normal")], indices)

    def update(self, vertices: np.ndarray, colour: Sequence[int]) -> None:
        self._interleaved[:, :3] = vertices
        self._interleaved[:, 3:] = self._normals(self._interleaved[:, :3])
        self._buffer.write(self._interleaved)
        self._colour = linear_from_srgb(colour)

    def draw(self, base_colour: moderngl.Uniform) -> None:
        base_colour.value = self._colour
        self._array.render(moderngl.TRIANGLES)


class _Target:
    """A multisampled framebuffer and the plain one it is resolved into."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        samples = min(SAMPLES, context.max_samples)
        size = (width, height)
        self.pixel_count = width * height
        self._context = context
        self._buffers = [
            context.renderbuffer(size, 4, samples=samples),
            context.depth_renderbuffer(size, samples=samples),
            context.renderbuffer(size, 4),
        ]
        self._drawn = context.framebuffer([self._buffers[0]], self._buffers[1])
        self._resolved = context.framebuffer([self._buffers[2]])

    def begin(self, width: int, height: int) -> None:
        """Clear it and draw into its first `width` columns and `height` rows from here on."""
        self._drawn.scissor = (0, 0, *self._drawn.size)
        self._drawn.use()
        self._drawn.clear()
        self._drawn.viewport = (0, 0, width, height)
        # In force when the target is resolved, too: what was not drawn into is not worth it.
        self._drawn.scissor = (0, 0, width, height)
        self._drawn.use()

    def read(self, width: int, height: int) -> np.ndarray:
        """What was drawn, (height, width, 4) uint8, colour premultiplied with coverage."""
        pixels = np.empty((height, width, 4), np.uint8)
        self._context.copy_framebuffer(self._resolved, self._drawn)
        self._resolved.read_into(pixels, viewport=(0, 0, width, height), components=4)
        return pixels

    def release(self) -> None:
        for resource in (self._drawn, self._resolved, *self._buffers):
            resource.release()


class _Targets:
    """Targets by size. Making one costs more than drawing into it, and the hands' sizes change with every frame."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._targets: OrderedDict[tuple[int, int], _Target] = OrderedDict()

    def get(self, width: int, height: int) -> _Target:
        """A target at least as large."""
        size = (_round_up(width), _round_up(height))
        if size not in self._targets:
            self._targets[size] = _Target(self._context, *size)
            self._drop_oldest()
        self._targets.move_to_end(size)
        return self._targets[size]

    def _drop_oldest(self) -> None:
        while len(self._targets) > 1 and sum(t.pixel_count for t in self._targets.values()) > POOLED_PIXELS:
            self._targets.popitem(last=False)[1].release()


def _round_up(length: int) -> int:
    """To one of a few sizes, at most a third larger from 256 px up."""
    step = 64 if length <= 256 else 128 if length <= 512 else 256
    return -(-length // step) * step
