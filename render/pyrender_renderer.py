"""The reference overlay renderer: pyrender, a well-known renderer that shares no drawing code with the fast one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

# PyOpenGL looks at the variable when it is first imported. EGL needs no display and shares nothing with the window;
# what a user has set stays.
if sys.platform.startswith("linux"):
    os.environ.setdefault("PYOPENGL_PLATFORM", "egl")

import pyrender

from models.values import Intrinsics, Side
from render.compositing import blend_over, linear_from_srgb
from render.geometry import VertexNormals, depth_range, drawable
from render.protocol import OverlayStyle
from render.threads import OwningThread

# Turns OpenGL's axes (y up, looking along -z) into the camera frame's (y down, looking along z).
CAMERA_FRAME_FROM_OPENGL = np.diag([1.0, -1.0, -1.0, 1.0])
LIGHTS = (((-0.45, -0.70, -0.65), 3.2), ((0.80, -0.05, -0.45), 0.5))
"""Direction towards the light, camera frame, and intensity."""
AMBIENT = 0.2


class PyrenderRenderer:
    """Draws hand meshes with pyrender. Made, used and closed in one thread.

    Args:
        faces: (F, 3) by side, counter-clockwise seen from outside.

    Raises:
        Exception: no OpenGL on this machine.
    """

    name = "pyrender"

    def __init__(self, faces: Mapping[Side, np.ndarray]) -> None:
        self._thread = OwningThread()
        self.faces: Mapping[Side, np.ndarray] = dict(faces)
        self._normals = {side: VertexNormals(faces[side], int(faces[side].max()) + 1) for side in faces}
        self._materials: dict[tuple[int, ...], Any] = {}
        self._scene = pyrender.Scene(bg_color=(0.0, 0.0, 0.0, 0.0), ambient_light=(AMBIENT,) * 3)
        for direction, intensity in LIGHTS:
            light = pyrender.DirectionalLight(intensity=intensity)
            self._scene.add(light, pose=_shining_from(np.asarray(direction)))
        self._renderer: Any = _OffscreenRenderer(1, 1)

    def render(
        self, image: np.ndarray, vertices: Mapping[Side, np.ndarray], intrinsics: Intrinsics, style: OverlayStyle
    ) -> np.ndarray:
        """See `MeshRenderer.render`; a mesh with numbers that are not finite is left out.

        Raises:
            RuntimeError: called from another thread than the maker's.
        """
        self._thread.check()
        picture = image.copy()
        hands = drawable(vertices)
        if not hands or style.opacity <= 0.0:
            return picture
        self._renderer.viewport_height, self._renderer.viewport_width = image.shape[:2]
        nodes = [self._scene.add(self._camera(intrinsics, *depth_range(hands)), pose=CAMERA_FRAME_FROM_OPENGL)]
        nodes += [self._scene.add(self._mesh(side, hands[side], style.colours[side])) for side in hands]
        layer, _ = self._renderer.render(self._scene, flags=pyrender.RenderFlags.RGBA)
        for node in nodes:
            self._scene.remove_node(node)
        blend_over(picture, cv2.convertScaleAbs(layer, alpha=min(style.opacity, 1.0)))
        return picture

    def _camera(self, intrinsics: Intrinsics, near: float, far: float) -> Any:
        # pyrender counts from the image's corner, frame px from the centre of its first pixel.
        return pyrender.IntrinsicsCamera(
            intrinsics.fx, intrinsics.fy, intrinsics.cx + 0.5, intrinsics.cy + 0.5, znear=near, zfar=far
        )

    def _mesh(self, side: Side, vertices: np.ndarray, colour: tuple[int, int, int]) -> Any:
        normals = self._normals[side](vertices)
        lengths = np.linalg.norm(normals, axis=1, keepdims=True)
        primitive = pyrender.Primitive(
            positions=vertices,
            normals=normals / np.maximum(lengths, np.finfo(np.float32).tiny),
            indices=self.faces[side],
            material=self._material(colour),
        )
        return pyrender.Mesh([primitive])

    def _material(self, colour: tuple[int, int, int]) -> Any:
        if colour not in self._materials:
            self._materials[colour] = pyrender.MetallicRoughnessMaterial(
                baseColorFactor=(*linear_from_srgb(colour), 1.0),
                metallicFactor=0.0,
                roughnessFactor=0.55,
                doubleSided=True,
            )
        return self._materials[colour]

    def close(self) -> None:
        """Release the context, in the thread that made it; more than once does no harm."""
        self._thread.check()
        if self._renderer is not None:
            self._renderer.delete()
            self._renderer = None


class _OffscreenRenderer(pyrender.OffscreenRenderer):
    """Deletes its own context only.

    pyrender's terminates the EGL display as well, which is one for the whole process: every other context on it,
    also another thread's, would be gone.
    """

    def delete(self) -> None:
        platform: Any = self._platform
        renderer: Any = self._renderer
        if getattr(platform, "_egl_display", None) is None:
            super().delete()
            return
        from OpenGL.EGL import EGL_NO_CONTEXT, EGL_NO_SURFACE, eglDestroyContext, eglMakeCurrent

        display, context = platform._egl_display, platform._egl_context
        platform.make_current()
        renderer.delete()
        eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT)
        eglDestroyContext(display, context)
        platform._egl_display = None


def _shining_from(direction: np.ndarray) -> np.ndarray:
    """Pose (4, 4) of a light that shines along its own -z, placed towards `direction`."""
    z = direction / np.linalg.norm(direction)
    x = np.cross((0.0, 1.0, 0.0), z)
    x /= np.linalg.norm(x)
    pose = np.eye(4)
    pose[:3, :3] = np.column_stack([x, np.cross(z, x), z])
    return pose
