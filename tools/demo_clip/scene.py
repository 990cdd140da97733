"""Hands and sleeves in soft light: an offscreen renderer for film rather than for live images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import moderngl
import numpy as np

from models.values import Intrinsics
from render.context import create_offscreen_context, uniform
from render.geometry import Region, VertexNormals, clip_from_camera

HERE = Path(__file__).parent
SUPERSAMPLING = 2
SAMPLES = 4
SHADOW_SIDE = 512
TILES_ACROSS, TILES_DOWN = 6, 4
REACH = 0.34
"""Radius of what casts shadows, metres around the hands' middle."""


@dataclass(frozen=True, eq=False)
class Surface:
    """What does not change from frame to frame.

    Attributes:
        faces: (F, 3), counter-clockwise from outside.
        colours: (V, 3), linear light 0..1.
        texture_positions: (V, 3) where a vertex lies in the pattern of skin or cloth, metres.
        skin: (V,), 1 for skin and 0 for cloth.
        gloss: (V,), 0 for skin to 1 for nails.
    """

    faces: np.ndarray
    colours: np.ndarray
    texture_positions: np.ndarray
    skin: np.ndarray
    gloss: np.ndarray


def room_lights() -> tuple[np.ndarray, np.ndarray]:
    """Directions towards the lights (N, 3), camera frame, and their colours (N, 3), linear.

    A window before the hands at the image's left, a screen's weak light from the front, the room around.
    """
    golden = np.pi * (3.0 - np.sqrt(5.0))

    def cone(axis: tuple[float, float, float], spread: float, count: int) -> np.ndarray:
        directions = []
        z = np.asarray(axis) / np.linalg.norm(axis)
        x = np.cross(z, (0.0, 1.0, 0.1))
        x /= np.linalg.norm(x)
        y = np.cross(z, x)
        for index in range(count):
            height = 1.0 - (1.0 - np.cos(spread)) * (index + 0.5) / count
            radius = np.sqrt(1.0 - height**2)
            directions.append(height * z + radius * (np.cos(golden * index) * x + np.sin(golden * index) * y))
        return np.array(directions)

    window = cone((-0.62, -0.55, -0.60), np.radians(20.0), 9)
    screen = cone((0.25, 0.05, -1.0), np.radians(14.0), 3)
    room = cone((0.0, -0.55, -0.45), np.radians(115.0), 12)
    colours = np.concatenate(
        [
            np.tile(np.array([1.00, 0.95, 0.88]) * 1.55 / len(window), (len(window), 1)),
            np.tile(np.array([0.80, 0.90, 1.00]) * 0.22 / len(screen), (len(screen), 1)),
            np.tile(np.array([1.00, 0.95, 0.90]) * 1.10 / len(room), (len(room), 1)),
        ]
    )
    return np.concatenate([window, screen, room]), colours


class SceneRenderer:
    """Draws one changing set of meshes. Made, used and closed in one thread."""

    def __init__(self, surface: Surface, intrinsics: Intrinsics) -> None:
        self._size = (intrinsics.width * SUPERSAMPLING, intrinsics.height * SUPERSAMPLING)
        self._faces = surface.faces
        self._normals = VertexNormals(surface.faces, len(surface.colours))
        self._directions, light_colours = room_lights()
        context = create_offscreen_context()
        self._context = context
        constants = {
            "@LIGHT_COUNT@": len(self._directions),
            "@TILES_ACROSS@": TILES_ACROSS,
            "@TILES_DOWN@": TILES_DOWN,
        }
        fragment_shader = (HERE / "scene.frag").read_text(encoding="utf-8")
        for name, value in constants.items():
            fragment_shader = fragment_shader.replace(name, str(value))
        self._program = context.program(
            vertex_shader=(HERE / "scene.vert").read_text(encoding="utf-8"), fragment_shader=fragment_shader
        )
        self._shadow_program = context.program(
            vertex_shader=(HERE / "shadow.vert").read_text(encoding="utf-8"),
            fragment_shader=(HERE / "shadow.frag").read_text(encoding="utf-8"),
        )
        still = np.concatenate(
            [surface.colours, surface.texture_positions, surface.skin[:, None], surface.gloss[:, None]], axis=1
        )
        still_buffer = context.buffer(still.astype(np.float32).tobytes())
        self._moving_buffer = context.buffer(reserve=len(surface.colours) * 24)
        indices = context.buffer(surface.faces.astype(np.int32).tobytes())
        self._meshes = context.vertex_array(
            self._program,
            [
                (self._moving_buffer, "3f 3f", "position", "normal"),
                (still_buffer, "3f 3f 2f", "colour", "texture_position", "material"),
            ],
            indices,
        )
        self._casters = context.vertex_array(
            self._shadow_program, [(self._moving_buffer, "3f 12x", "position")], indices
        )
        self._atlas = context.depth_texture((SHADOW_SIDE * TILES_ACROSS, SHADOW_SIDE * TILES_DOWN))
        self._atlas.compare_func = "<="
        self._shadows = context.framebuffer(depth_attachment=self._atlas)
        self._drawn = context.framebuffer(
            [context.renderbuffer(self._size, 4, samples=SAMPLES)],
            context.depth_renderbuffer(self._size, samples=SAMPLES),
        )
        self._resolved = context.framebuffer([context.renderbuffer(self._size, 4)])
        context.enable_only(moderngl.DEPTH_TEST)
        context.front_face = "cw"
        self._projection = clip_from_camera(intrinsics, Region(0, 0, intrinsics.width, intrinsics.height), 0.1, 3.0)
        uniform(self._program, "light_directions").write(self._directions.astype(np.float32).tobytes())
        uniform(self._program, "light_colours").write(light_colours.astype(np.float32).tobytes())
        uniform(self._program, "clip_from_camera").write(self._projection.T.astype(np.float32).tobytes())
        uniform(self._program, "shadow_atlas").value = 0

    def render(self, vertices: np.ndarray, centre: np.ndarray) -> np.ndarray:
        """Draw a frame.

        Args:
            vertices: (V, 3), metres, camera frame.
            centre: (3,) the middle of what casts shadows.

        Returns:
            (SUPERSAMPLING * height, SUPERSAMPLING * width, 4) uint8, colour premultiplied with coverage.
        """
        moving = np.concatenate([vertices, self._normals(vertices)], axis=1).astype(np.float32)
        self._moving_buffer.write(moving.tobytes())
        self._cast_shadows(centre)
        self._drawn.use()
        self._drawn.clear()
        self._atlas.use(0)
        self._meshes.render(moderngl.TRIANGLES)
        self._context.copy_framebuffer(self._resolved, self._drawn)
        width, height = self._size
        pixels = np.frombuffer(self._resolved.read(components=4), np.uint8)
        return pixels.reshape(height, width, 4)

    def _cast_shadows(self, centre: np.ndarray) -> None:
        self._shadows.use()
        self._shadows.clear(depth=1.0)
        matrices = [light_from_camera(direction, centre) for direction in self._directions]
        for index, matrix in enumerate(matrices):
            row, column = divmod(index, TILES_ACROSS)
            self._shadows.viewport = (column * SHADOW_SIDE, row * SHADOW_SIDE, SHADOW_SIDE, SHADOW_SIDE)
            uniform(self._shadow_program, "light_from_camera").write(matrix.T.astype(np.float32).tobytes())
            self._casters.render(moderngl.TRIANGLES)
        uniform(self._program, "light_from_camera").write(
            np.stack([m.T for m in matrices]).astype(np.float32).tobytes()
        )

    def close(self) -> None:
        """Release the context."""
        self._context.release()


def light_from_camera(direction: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Orthographic clip coordinates (4, 4) of a light that shines from `direction` on what lies around `centre`."""
    z = -direction
    x = np.cross(z, (0.31, 0.87, 0.38))
    x /= np.linalg.norm(x)
    rotation = np.stack([x, np.cross(z, x), z]) / REACH
    matrix = np.eye(4)
    matrix[:3, :3] = rotation
    matrix[:3, 3] = -rotation @ centre
    return matrix
