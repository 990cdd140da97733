"""The binary part of a glTF file, and accessors into it."""

from __future__ import annotations

import numpy as np
from pygltflib import (
    FLOAT,
    GLTF2,
    MAT4,
    SCALAR,
    UNSIGNED_BYTE,
    UNSIGNED_SHORT,
    VEC3,
    VEC4,
    Accessor,
    Buffer,
    BufferView,
)

_TYPES = {(): SCALAR, (3,): VEC3, (4,): VEC4, (4, 4): MAT4}
_COMPONENTS = {np.dtype("<f4"): FLOAT, np.dtype("u1"): UNSIGNED_BYTE, np.dtype("<u2"): UNSIGNED_SHORT}


class GltfBuffer:
    """Collects arrays and describes each by an accessor of its own (glTF 2.0, section 3.6).

    Args:
        gltf: gets the accessors and buffer views.
    """

    def __init__(self, gltf: GLTF2) -> None:
        self._gltf = gltf
        self._parts: list[bytes] = []
        self._length = 0

    def add(self, array: np.ndarray, *, bounds: bool = False, target: int | None = None) -> int:
        """Append an array.

        Args:
            array: (N,), (N, 3), (N, 4) or (N, 4, 4) of float32, uint8 or uint16; matrices column by column.
            bounds: whether smallest and largest values are noted, as positions and times must have them.
            target: what the view is for, where glTF wants that told.

        Returns:
            Index of the accessor.
        """
        data = np.ascontiguousarray(array).tobytes()
        self._gltf.bufferViews.append(
            BufferView(buffer=0, byteOffset=self._length, byteLength=len(data), target=target)
        )
        self._parts.append(data.ljust(-(-len(data) // 4) * 4, b"\0"))
        self._length += len(self._parts[-1])
        flat = array.reshape(len(array), -1)
        self._gltf.accessors.append(
            Accessor(
                bufferView=len(self._gltf.bufferViews) - 1,
                componentType=_COMPONENTS[array.dtype],
                count=len(array),
                type=_TYPES[array.shape[1:]],
                min=flat.min(axis=0).tolist() if bounds else None,
                max=flat.max(axis=0).tolist() if bounds else None,
            )
        )
        return len(self._gltf.accessors) - 1

    def finish(self) -> None:
        """Hand everything over to the file."""
        self._gltf.buffers = [Buffer(byteLength=self._length)]
        self._gltf.set_binary_blob(b"".join(self._parts))
