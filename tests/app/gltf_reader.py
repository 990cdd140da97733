"""A glTF 2.0 binary file read and animated as the specification says, without the library that wrote it."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

_WIDTHS = {"SCALAR": (), "VEC3": (3,), "VEC4": (4,), "MAT4": (4, 4)}
_COMPONENTS = {5121: "u1", 5123: "<u2", 5126: "<f4"}


class Gltf:
    """One file."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        magic, version, length = struct.unpack_from("<4sII", data)
        assert (magic, version, length) == (b"glTF", 2, len(data))
        size, kind = struct.unpack_from("<I4s", data, 12)
        assert kind == b"JSON"
        self.json: dict[str, Any] = json.loads(data[20 : 20 + size])
        blob_size, kind = struct.unpack_from("<I4s", data, 20 + size)
        assert kind == b"BIN\0"
        self.blob = data[28 + size : 28 + size + blob_size]
        self.nodes: list[dict[str, Any]] = self.json["nodes"]

    def node(self, name: str) -> int:
        return next(index for index, node in enumerate(self.nodes) if node["name"] == name)

    def accessor(self, index: int) -> np.ndarray:
        """(count, ...) float64 or integers; matrices as they are, not transposed."""
        accessor = self.json["accessors"][index]
        view = self.json["bufferViews"][accessor["bufferView"]]
        start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
        shape = (accessor["count"], *_WIDTHS[accessor["type"]])
        kind = np.dtype(_COMPONENTS[accessor["componentType"]])
        array = np.frombuffer(self.blob, kind, int(np.prod(shape)), start).reshape(shape)
        if accessor["type"] == "MAT4":
            array = array.transpose(0, 2, 1)  # stored column by column
        return array.astype(np.float64) if kind.kind == "f" else array

    def times(self, node: str, path: str) -> np.ndarray:
        return self.accessor(self._sampler(self.node(node), path)["input"])

    def sampled(self, node: int, path: str, seconds: float) -> np.ndarray:
        """A node's value at a time: animated, or its own."""
        sampler = self._sampler(node, path)
        if sampler is None:
            rest = {"translation": [0, 0, 0], "rotation": [0, 0, 0, 1], "scale": [1, 1, 1]}
            return np.array(self.nodes[node].get(path, rest.get(path, [])), float)
        times = self.accessor(sampler["input"])
        values = self.accessor(sampler["output"])
        values = values.reshape(len(times), -1)
        at = float(np.clip(seconds, times[0], times[-1]))
        if sampler.get("interpolation", "LINEAR") == "STEP":
            return values[np.searchsorted(times, at + 1e-6, side="right") - 1]
        if path == "rotation":
            return Slerp(times, Rotation.from_quat(values))(at).as_quat() if len(times) > 1 else values[0]
        return np.array([np.interp(at, times, column) for column in values.T])

    def worlds(self, seconds: float) -> dict[int, np.ndarray]:
        """(4, 4) of every node in the scene."""
        found: dict[int, np.ndarray] = {}

        def visit(node: int, above: np.ndarray) -> None:
            local = np.eye(4)
            rotation = Rotation.from_quat(self.sampled(node, "rotation", seconds)).as_matrix()
            local[:3, :3] = rotation * self.sampled(node, "scale", seconds)
            local[:3, 3] = self.sampled(node, "translation", seconds)
            found[node] = above @ local
            for child in self.nodes[node].get("children", ()):
                visit(child, found[node])

        for root in self.json["scenes"][self.json["scene"]]["nodes"]:
            visit(root, np.eye(4))
        return found

    def vertices(self, name: str, seconds: float) -> np.ndarray:
        """(V, 3) of a skinned mesh at a time: morph targets, then the skin (section 3.7.3)."""
        node = self.node(name)
        primitive = self.json["meshes"][self.nodes[node]["mesh"]]["primitives"][0]
        attributes = primitive["attributes"]
        points = self.accessor(attributes["POSITION"])
        for weight, target in zip(self.sampled(node, "weights", seconds), primitive.get("targets", ()), strict=True):
            points = points + weight * self.accessor(target["POSITION"])
        skin = self.json["skins"][self.nodes[node]["skin"]]
        worlds = self.worlds(seconds)
        inverse_binds = self.accessor(skin["inverseBindMatrices"])
        matrices = np.stack([worlds[joint] for joint in skin["joints"]]) @ inverse_binds
        placed = np.concatenate([points, np.ones((len(points), 1))], axis=1)
        result = np.zeros_like(placed)
        for number in range(4):
            if f"JOINTS_{number}" in attributes:
                joints = self.accessor(attributes[f"JOINTS_{number}"])
                weights = self.accessor(attributes[f"WEIGHTS_{number}"])
                result += np.einsum("vk,vkab,vb->va", weights, matrices[joints], placed)
        return result[:, :3]

    def _sampler(self, node: int, path: str) -> Any:
        animation = self.json["animations"][0]
        for channel in animation["channels"]:
            if channel["target"] == {"node": node, "path": path}:
                return animation["samplers"][channel["sampler"]]
        return None
