"""Renders hands with their arms, many images at once in one atlas."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import moderngl
import numpy as np

from models.hand_model import HandTwin
from models.values import SIDES, WRIST, HandParameters, Side
from render.context import create_offscreen_context
from render.geometry import Region, VertexNormals, clip_from_camera
from training.data.samples import SEGMENT_BIT
from training.synthetic.appearance import Look
from training.synthetic.arms import ArmMesh
from training.synthetic.hands import PlacedHand
from training.synthetic.placement import Scene

SHADERS = Path(__file__).parent / "shaders"
COLUMNS, ROWS = 4, 2
SLOTS = COLUMNS * ROWS
"""Images in one atlas, read back at once."""
_SAMPLES = 4
_SHADOW_SIDE = 256
_NEAR, _FAR = 0.03, 3.0
_CLOTH, _SKIN, _NAIL = 0, 128, 255
_SPOTTED = np.array([0.5, 1.0, 1.0])
"""Spots in skin are of blood, and show least in red."""
_VERTEX = np.dtype([("position", "f4", 3), ("normal", "f4", 3), ("colour", "u1", 4)])
_FORMAT = "3f 3f 4f1"


class Tile(NamedTuple):
    """A rendered scene.

    Attributes:
        layer: (S, S, 4) uint8, sRGB premultiplied with coverage.
        segmentation: (S, S) uint8, see `Sample.segmentation`.
    """

    layer: np.ndarray
    segmentation: np.ndarray


class _Figure:
    """One side's hand and arm as one mesh: the hand's vertices first."""

    def __init__(self, twin: HandTwin) -> None:
        self._twin = twin
        self.hand_count = len(twin.palm)
        self._arm = ArmMesh(twin.faces, self.hand_count)
        self.count = self.hand_count + len(self._arm.cloth)
        self.hand_faces = twin.faces
        self.faces = np.concatenate([twin.faces, self._arm.faces])
        self._normals = VertexNormals(self.faces, self.count)
        zero = np.zeros(10, np.float32), np.zeros(3, np.float32)
        self._rest = twin.mesh(HandParameters(np.zeros((16, 3), np.float32), *zero))
        self._material = np.full(self.count, _SKIN)
        self._material[: self.hand_count] += np.rint((_NAIL - _SKIN) * twin.nails).astype(int)
        self._material[self.hand_count :][self._arm.cloth] = _CLOTH

    def fill(self, out: np.ndarray, placed: PlacedHand, look: Look) -> None:
        """Write vertices (count,) of `_VERTEX`."""
        hand = self._twin.mesh(placed.parameters)
        out["position"][: self.hand_count] = hand
        out["position"][self.hand_count :] = self._arm.vertices(hand, placed.joints[WRIST], placed.forearm, look.sleeve)
        out["normal"] = self._normals(out["position"])
        spots = np.sin(self._rest @ look.mottling[:3] + look.mottling[3]).sum(axis=1, keepdims=True)
        skin = self._twin.colours(look.skin_tone) * (1.0 + look.mottling_strength * spots * _SPOTTED)
        skin = np.clip(skin, 0, 255)
        colour = out["colour"]
        colour[: self.hand_count, :3] = skin
        colour[self.hand_count :, :3] = np.where(
            self._arm.cloth[:, None], np.clip(look.cloth, 0, 255), skin[self._arm.loop].mean(axis=0)
        )
        colour[:, 3] = self._material


class Drawer:
    """Draws scenes with OpenGL. Made, used and closed in one thread.

    Args:
        twins: the detailed skin by side.
        size: side of an image, px.

    Raises:
        Exception: no OpenGL 3.3 on this machine (plain `Exception`, by moderngl's design).
    """

    def __init__(self, twins: Mapping[Side, HandTwin], size: int) -> None:
        # Several of these work side by side, one a process: Mesa's software renderer must not start threads for each.
        os.environ.setdefault("LP_NUM_THREADS", "0")
        self._size = size
        self._figures = {side: _Figure(twins[side]) for side in SIDES}
        self._starts = {"left": 0, "right": self._figures["left"].count}
        self._count = sum(figure.count for figure in self._figures.values())
        context = create_offscreen_context()
        self._context = context
        self._hand_program = context.program(vertex_shader=_shader("hand.vert"), fragment_shader=_shader("hand.frag"))
        self._shadow_program = context.program(
            vertex_shader=_shader("shadow.vert"), fragment_shader=_shader("shadow.frag")
        )
        self._silhouette_program = context.program(
            vertex_shader=_shader("shadow.vert"), fragment_shader=_shader("silhouette.frag")
        )
        self._indices = {
            side: context.buffer((self._figures[side].faces + self._starts[side]).astype(np.int32).tobytes())
            for side in SIDES
        }
        self._hand_indices = {
            side: context.buffer((self._figures[side].hand_faces + self._starts[side]).astype(np.int32).tobytes())
            for side in SIDES
        }
        self._slots = [self._make_slot() for _ in range(SLOTS)]

        atlas = (COLUMNS * size, ROWS * size)
        self._drawn = context.framebuffer(
            [context.renderbuffer(atlas, 4, samples=_SAMPLES)], context.depth_renderbuffer(atlas, samples=_SAMPLES)
        )
        self._resolved = context.framebuffer([context.renderbuffer(atlas, 4)])
        self._silhouettes = context.framebuffer([context.renderbuffer(atlas, 2)])
        self._shadow_atlas = context.depth_texture((COLUMNS * _SHADOW_SIDE, ROWS * _SHADOW_SIDE))
        self._shadow_atlas.compare_func = "<="
        self._shadows = context.framebuffer(depth_attachment=self._shadow_atlas)
        context.blend_func = moderngl.ONE, moderngl.ONE  # silhouettes only: each hand adds to its own channel
        context.front_face = "cw"  # the projection turns the image over, see `clip_from_camera`
        _uniform(self._hand_program, "shadow_atlas").value = 0
        _uniform(self._hand_program, "shadow_scale").value = (1.0 / COLUMNS, 1.0 / ROWS)

    def draw(self, scenes: Sequence[tuple[int, Scene, Look]]) -> list[Tile]:
        """Draw some scenes, each into its own slot of the atlas.

        A scene's pixels depend on its slot in the last bit, because places in a larger atlas are rounded otherwise:
        who wants the same image again must ask for the same slot.

        Args:
            scenes: slot (below `SLOTS`, each at most once), scene and look.
        """
        vertices = np.empty(self._count, _VERTEX)
        projections: list[np.ndarray] = []
        for slot, scene, look in scenes:
            for side, hand in scene.hands.items():
                start, figure = self._starts[side], self._figures[side]
                figure.fill(vertices[start : start + figure.count], hand, look)
            self._slots[slot].buffer.write(vertices.tobytes())
            whole = Region(0, 0, self._size, self._size)
            projections.append(clip_from_camera(scene.view.intrinsics, whole, _NEAR, _FAR))
        self._context.enable_only(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        shadow_matrices = self._cast_shadows(scenes)
        self._draw_hands(scenes, projections, shadow_matrices)
        self._context.enable_only(moderngl.BLEND)  # no culling: through the open wrist one sees the inside
        self._draw_silhouettes(scenes, projections)
        return self._read(scenes)

    def close(self) -> None:
        """Release the context."""
        self._context.release()

    def _make_slot(self) -> _Slot:
        buffer = self._context.buffer(reserve=self._count * _VERTEX.itemsize, dynamic=True)
        position = (buffer, "3f 16x", "position")
        return _Slot(
            buffer,
            {
                side: self._context.vertex_array(
                    self._hand_program,
                    [(buffer, _FORMAT, "position", "normal", "colour")],
                    self._indices[side],
                )
                for side in SIDES
            },
            {side: self._context.vertex_array(self._shadow_program, [position], self._indices[side]) for side in SIDES},
            {
                side: self._context.vertex_array(self._silhouette_program, [position], self._hand_indices[side])
                for side in SIDES
            },
        )

    def _cast_shadows(self, scenes: Sequence[tuple[int, Scene, Look]]) -> list[np.ndarray]:
        self._shadows.use()
        self._shadows.clear(depth=1.0)
        matrices: list[np.ndarray] = []
        for slot, scene, look in scenes:
            matrix = _shadow_from_camera(look.key_direction, scene)
            matrices.append(matrix)
            self._shadows.viewport = (*_corner(slot, _SHADOW_SIDE), _SHADOW_SIDE, _SHADOW_SIDE)
            _write(self._shadow_program, "clip_from_camera", matrix.T)
            for side in scene.hands:
                self._slots[slot].casters[side].render()
        return matrices

    def _draw_hands(
        self,
        scenes: Sequence[tuple[int, Scene, Look]],
        projections: Sequence[np.ndarray],
        shadow_matrices: Sequence[np.ndarray],
    ) -> None:
        self._drawn.use()
        self._drawn.clear()
        self._shadow_atlas.use(0)
        program = self._hand_program
        for (slot, scene, look), projection, shadow in zip(scenes, projections, shadow_matrices, strict=True):
            self._drawn.viewport = (*_corner(slot, self._size), self._size, self._size)
            _write(program, "clip_from_camera", projection.T)
            _write(program, "shadow_from_camera", shadow.T)
            row, column = divmod(slot, COLUMNS)
            _uniform(program, "shadow_tile").value = (column / COLUMNS, row / ROWS)
            _uniform(program, "softness").value = look.softness
            _uniform(program, "glint").value = look.glint

            _write(program, "key_direction", look.key_direction)
            _write(program, "key_light", look.key)
            _write(program, "sky_light", look.sky)
            _write(program, "ground_light", look.ground)
            for side in scene.hands:
                self._slots[slot].hands[side].render()
        self._context.copy_framebuffer(self._resolved, self._drawn)

    def _draw_silhouettes(self, scenes: Sequence[tuple[int, Scene, Look]], projections: Sequence[np.ndarray]) -> None:
        self._silhouettes.use()
        self._silhouettes.clear()
        for (slot, scene, _), projection in zip(scenes, projections, strict=True):
            self._silhouettes.viewport = (*_corner(slot, self._size), self._size, self._size)
            _write(self._silhouette_program, "clip_from_camera", projection.T)
            for side in scene.hands:
                _uniform(self._silhouette_program, "channel").value = (float(side == "left"), float(side == "right"))
                self._slots[slot].silhouettes[side].render()

    def _read(self, scenes: Sequence[tuple[int, Scene, Look]]) -> list[Tile]:
        width, height, size = COLUMNS * self._size, ROWS * self._size, self._size
        layers = np.frombuffer(self._resolved.read(components=4), np.uint8).reshape(height, width, 4)
        covered = np.frombuffer(self._silhouettes.read(components=2, alignment=1), np.uint8)
        covered = covered.reshape(height, width, 2) > 0
        tiles: list[Tile] = []
        for slot, _, _ in scenes:
            x, y = _corner(slot, size)
            part = slice(y, y + size), slice(x, x + size)
            left, right = np.moveaxis(covered[part], -1, 0)
            segmentation = SEGMENT_BIT["left"] * left.astype(np.uint8) + SEGMENT_BIT["right"] * right.astype(np.uint8)
            tiles.append(Tile(layers[part].copy(), segmentation))
        return tiles


class _Slot(NamedTuple):
    """One scene's vertices on the device, and how each pass draws them."""

    buffer: moderngl.Buffer
    hands: Mapping[Side, moderngl.VertexArray]
    casters: Mapping[Side, moderngl.VertexArray]
    silhouettes: Mapping[Side, moderngl.VertexArray]


def _shader(name: str) -> str:
    return (SHADERS / name).read_text(encoding="utf-8")


def _uniform(program: moderngl.Program, name: str) -> moderngl.Uniform:
    uniform = program[name]
    assert isinstance(uniform, moderngl.Uniform)
    return uniform


def _write(program: moderngl.Program, name: str, values: np.ndarray) -> None:
    _uniform(program, name).write(np.ascontiguousarray(values, np.float32).tobytes())


def _corner(slot: int, side: int) -> tuple[int, int]:
    row, column = divmod(slot, COLUMNS)
    return column * side, row * side


def _shadow_from_camera(direction: np.ndarray, scene: Scene) -> np.ndarray:
    """Orthographic clip coordinates (4, 4) of a light from `direction` (3,) around the scene's hands."""
    points = np.concatenate([hand.joints for hand in scene.hands.values()])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
    reach = 1.15 * float(np.linalg.norm(points - middle, axis=1).max()) + 0.02
    z = -direction
    x = np.cross(z, (0.31, 0.87, 0.38))
    x /= np.linalg.norm(x)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([x, np.cross(x, z), z]) / reach
    matrix[:3, 3] = -matrix[:3, :3] @ middle
    return matrix
