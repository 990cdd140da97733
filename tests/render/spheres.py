from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import trimesh

from models.values import Intrinsics, Side

_SPHERE = trimesh.creation.icosphere(subdivisions=4)
SPHERE_FACES = np.asarray(_SPHERE.faces)
FACES: Mapping[Side, np.ndarray] = {"left": SPHERE_FACES, "right": SPHERE_FACES}

# Off-centre and not square on purpose.
INTRINSICS = Intrinsics(fx=300.0, fy=280.0, cx=150.0, cy=95.0, width=320, height=240)


def sphere(centre: tuple[float, float, float], radius: float) -> np.ndarray:
    """Vertices of an icosphere, the stand-in for a hand."""
    return (np.asarray(_SPHERE.vertices) * radius + centre).astype(np.float32)


def picture(width: int = INTRINSICS.width, height: int = INTRINSICS.height) -> np.ndarray:
    """Noise, so that a pixel that is not copied exactly cannot go unseen."""
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
