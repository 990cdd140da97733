"""The hand model: shape and pose to a mesh, by linear blend skinning with MANO's interface.

Romero, Tzionas and Black, "Embodied hands: modeling and capturing hands and bodies together", SIGGRAPH Asia 2017
(https://mano.is.tue.mpg.de): template + shape directions + pose correctives, skinned to 16 joints. The layer runs over
the free model in assets/hand_model (see its README) or over official MANO files that the user names.

Rest frame of a right hand: fingers along -x, thumb towards +z, palm facing -y; the left hand is its mirror image
across x = 0. Fingers of a right hand bend to the palm about +z roughly, of a left hand about -z; the exact axes of the
free model are `flexion_axes` in its file. A joint's rotation is relative to its parent, in axes parallel to the rest
frame's (no bone has axes of its own).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from models.errors import BothhandsError
from models.mano_files import PARENTS, load_mano_pickle
from models.places import asset
from models.rotations import exp_so3, exp_so3_torch
from models.values import SIDES, HandParameters, Side

TIP_VERTICES = (744, 320, 443, 554, 671)
"""Vertices at the ends of thumb, index, middle, ring and little finger, as in smplx's vertex_ids.py."""
MANO_TO_JOINTS = (0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20)
"""The project's 21 joints as indices into MANO's 16 followed by the five tips of `TIP_VERTICES`."""

_CHAINS = np.arange(1, 16).reshape(5, 3)
"""MANO's joints by finger and level: all joints of one level are posed at once."""


class HandMesh(NamedTuple):
    """A batch of posed hands.

    Attributes:
        vertices: (B, 778, 3) metres.
        joints: (B, 21, 3) metres, the project's joint order.
    """

    vertices: torch.Tensor
    joints: torch.Tensor


class HandModel(torch.nn.Module):
    """Differentiable, batched hand model of one side. Holds buffers only, nothing to train.

    Args:
        name: "free" or "mano"; shown to the user and written to sessions.
        side: which hand.
        arrays: MANO's arrays under MANO's keys, as `load_mano_pickle` gives them.

    Attributes:
        name, side: as above.
        parents: (16,) parent of each joint, -1 for the wrist.
        faces: (1538, 3) int32, counter-clockwise seen from outside.
        template: (778, 3) metres, rest frame.
        shape_dirs: (778, 3, 10) metres per standard deviation.
        pose_dirs: (135, 2334) metres per entry of R - I of the 15 finger joints.
        joint_regressor: (16, 778), rows sum to one.
        skinning_weights: (778, 16), rows sum to one.
        tip_vertices: (5,) thumb to little finger.
        hands_mean: (45,) mean finger pose of the pose prior, radians; never added by this layer.
        hands_components: (45, 45) principal directions of finger poses, one a row.
    """

    template: torch.Tensor
    shape_dirs: torch.Tensor
    pose_dirs: torch.Tensor
    joint_regressor: torch.Tensor
    skinning_weights: torch.Tensor
    tip_vertices: torch.Tensor
    hands_mean: torch.Tensor
    hands_components: torch.Tensor

    def __init__(self, name: str, side: Side, arrays: Mapping[str, np.ndarray]) -> None:
        super().__init__()
        self.name = name
        self.side: Side = side
        self.parents = PARENTS
        self.faces = np.ascontiguousarray(arrays["f"], dtype=np.int32)
        buffers = {
            "template": arrays["v_template"],
            "shape_dirs": arrays["shapedirs"],
            "pose_dirs": arrays["posedirs"].reshape(-1, 135).T,
            "joint_regressor": arrays["J_regressor"],
            "skinning_weights": arrays["weights"],
            "hands_mean": arrays["hands_mean"],
            "hands_components": arrays["hands_components"],
        }
        for key, array in buffers.items():
            self.register_buffer(key, torch.tensor(array, dtype=torch.float32))
        self.register_buffer("tip_vertices", torch.tensor(TIP_VERTICES))
        # Models without correctives skip a third of the work.
        self._has_correctives = bool(np.any(arrays["posedirs"]))
        self._skeleton = _Skeleton(arrays)
        self._skin = _Skin(arrays, arrays["posedirs"] if self._has_correctives else None)

    def forward(self, pose: torch.Tensor, shape: torch.Tensor, translation: torch.Tensor) -> HandMesh:
        """Pose hands.

        Args:
            pose: (B, 16, 3) axis-angle, radians, wrist first, MANO's joint order; absolute: no mean is added.
            shape: (B, 10) standard deviations.
            translation: (B, 3) metres, added after posing.
        """
        return self.forward_rotations(exp_so3_torch(pose), shape, translation)

    def forward_rotations(self, rotations: torch.Tensor, shape: torch.Tensor, translation: torch.Tensor) -> HandMesh:
        """Pose hands by rotation matrices (B, 16, 3, 3), each relative to its parent; the rest as in `forward`."""
        batch = len(rotations)
        rest = self._rest_vertices(shape)
        joints = self.joint_regressor @ rest
        if self._has_correctives:
            features = rotations[:, 1:] - torch.eye(3, dtype=rotations.dtype, device=rotations.device)
            rest = rest + (features.reshape(batch, 135) @ self.pose_dirs).view(batch, -1, 3)

        turned, placed = [rotations[:, :1]], [joints[:, :1]]
        for level in range(3):
            chain = _CHAINS[:, level].tolist()
            before = _CHAINS[:, level - 1].tolist() if level else [0] * 5
            turned.append(turned[-1] @ rotations[:, chain])
            step = (joints[:, chain] - joints[:, before]).unsqueeze(-1)
            placed.append(placed[-1] + (turned[-2] @ step).squeeze(-1))
        # (B, level, finger) back to MANO's joints, finger by finger.
        world = torch.cat([turned[0], torch.stack(turned[1:], dim=2).flatten(1, 2)], dim=1)
        positions = torch.cat([placed[0], torch.stack(placed[1:], dim=2).flatten(1, 2)], dim=1)

        offsets = positions - (world @ joints.unsqueeze(-1)).squeeze(-1)
        blended = (self.skinning_weights @ world.flatten(2)).unflatten(-1, (3, 3))
        vertices = (blended @ rest.unsqueeze(-1)).squeeze(-1) + self.skinning_weights @ offsets
        points = torch.cat([positions, vertices[:, self.tip_vertices]], dim=1)[:, list(MANO_TO_JOINTS)]
        return HandMesh(vertices + translation[:, None], points + translation[:, None])

    def rest_joints(self, shape: torch.Tensor) -> torch.Tensor:
        """(B, 16, 3) joints in the rest pose, metres, MANO's order, for shapes (B, 10)."""
        return self.joint_regressor @ self._rest_vertices(shape)

    def rest_wrist(self, shape: np.ndarray) -> np.ndarray:
        """(3,) the wrist joint in the rest pose, metres, for one shape (10,)."""
        return self._skeleton.rest_joints(shape)[0]

    @property
    def keypoint_regressor(self) -> torch.Tensor:
        """(21, 778): the 21 joints of a posed mesh, in the order of `MANO_TO_JOINTS`; rows sum to one.

        What turns the bones lies some millimetres beside that: the regressor is made for the rest pose.
        """
        tips = F.one_hot(self.tip_vertices, len(self.template)).to(self.joint_regressor)
        return torch.cat([self.joint_regressor, tips])[list(MANO_TO_JOINTS)]

    def mesh(self, parameters: HandParameters) -> tuple[np.ndarray, np.ndarray]:
        """Pose one hand in numpy: the same as `forward`, without its overhead.

        Returns:
            vertices (778, 3) and joints (21, 3), float32, metres, in the frame of the parameters.
        """
        bones = self._skeleton.pose(parameters)
        vertices = self._skin.vertices(bones, parameters.shape)
        joints = np.concatenate([bones.positions, vertices[list(TIP_VERTICES)]])[list(MANO_TO_JOINTS)]
        return vertices, joints.astype(np.float32)

    def _rest_vertices(self, shape: torch.Tensor) -> torch.Tensor:
        """(B, V, 3) before pose correctives."""
        return self.template + (shape @ self.shape_dirs.flatten(0, 1).T).unflatten(-1, (-1, 3))


class _Bones(NamedTuple):
    """The posed skeleton of one hand.

    Attributes:
        local: (16, 3, 3) rotations relative to the parent.
        transforms: (16, 3, 4) from the rest frame to where the bone is, metres.
        positions: (16, 3) of the joints.
    """

    local: np.ndarray
    transforms: np.ndarray
    positions: np.ndarray


class _Skeleton:
    """Joints of one hand in numpy, in double precision: sixteen of them cost nothing."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        regressor = arrays["J_regressor"].astype(np.float64)
        self._template = regressor @ arrays["v_template"]
        self._shape_dirs = np.tensordot(regressor, arrays["shapedirs"], axes=1)

    def rest_joints(self, shape: np.ndarray) -> np.ndarray:
        return self._template + self._shape_dirs @ shape

    def pose(self, parameters: HandParameters) -> _Bones:
        local = exp_so3(parameters.pose.astype(np.float64))
        rest = self.rest_joints(parameters.shape)
        world, positions = np.empty((16, 3, 3)), np.empty((16, 3))
        world[0], positions[0] = local[0], rest[0] + parameters.translation
        before = np.zeros(5, dtype=int)
        for chain in _CHAINS.T:
            world[chain] = world[before] @ local[chain]
            step = (world[before] @ (rest[chain] - rest[before])[..., None])[..., 0]
            positions[chain] = positions[before] + step
            before = chain
        transforms = np.empty((16, 3, 4))
        transforms[..., :3] = world
        transforms[..., 3] = positions - (world @ rest[..., None])[..., 0]
        return _Bones(local, transforms, positions)


class _Skin:
    """Vertices that follow a `_Skeleton`, in numpy and single precision."""

    def __init__(self, arrays: Mapping[str, np.ndarray], pose_dirs: np.ndarray | None) -> None:
        self._template = arrays["v_template"].astype(np.float32).ravel()
        self._shape_dirs = arrays["shapedirs"].astype(np.float32).reshape(-1, 10)
        self._pose_dirs = None if pose_dirs is None else pose_dirs.astype(np.float32).reshape(-1, 135)
        self._weights = np.ascontiguousarray(arrays["weights"], dtype=np.float32)

    def vertices(self, bones: _Bones, shape: np.ndarray) -> np.ndarray:
        rest = self._template + self._shape_dirs @ shape.astype(np.float32)
        if self._pose_dirs is not None:
            rest += self._pose_dirs @ (bones.local[1:] - np.eye(3)).astype(np.float32).ravel()
        rest = rest.reshape(-1, 3)
        blended = (self._weights @ bones.transforms.astype(np.float32).reshape(16, 12)).reshape(-1, 3, 4)
        return np.einsum("vij,vj->vi", blended[..., :3], rest) + blended[..., 3]


@dataclass(frozen=True, eq=False)
class HandTwin:
    """A finer skin over the free model's skeleton, with nails and colours, for pictures.

    The vertices of the free model are a subset of the twin's.

    Attributes:
        faces: (3276, 3) int32, counter-clockwise seen from outside.
        nails: (1649,) float32, 0..1, how much of a vertex is finger nail.
        palm: (1649,) float32, 0 on the back of the hand, 1 on the palm.
        redness: (1649,) float32, 0..1, high at knuckles and finger tips.
        subset: (778,) int32, the twin's vertices that the free model has, in the free model's order.
    """

    faces: np.ndarray
    nails: np.ndarray
    palm: np.ndarray
    redness: np.ndarray
    subset: np.ndarray
    _skeleton: _Skeleton
    _skin: _Skin

    def mesh(self, parameters: HandParameters) -> np.ndarray:
        """(1649, 3) float32 vertices, metres, in the frame of the parameters."""
        return self._skin.vertices(self._skeleton.pose(parameters), parameters.shape)

    def colours(self, skin_tone: tuple[int, int, int]) -> np.ndarray:
        """(1649, 3) uint8 sRGB: lighter palm, redder knuckles and tips, pale nails.

        Args:
            skin_tone: sRGB 0..255 of the back of the hand.
        """
        tone = np.asarray(skin_tone, dtype=np.float32)
        palm_tone = tone + 0.45 * (np.maximum(tone, (225.0, 175.0, 150.0)) - tone)
        red_tone = tone * (1.02, 0.82, 0.80)
        nail_tone = 0.6 * tone + 0.4 * np.array([245.0, 205.0, 195.0])
        colours = np.broadcast_to(tone, (len(self.palm), 3))
        for mask, other in ((self.palm, palm_tone), (0.7 * self.redness, red_tone), (self.nails, nail_tone)):
            colours = colours + mask[:, None] * (other - colours)
        return np.clip(np.round(colours), 0, 255).astype(np.uint8)


def load_hand_models(mano_dir: Path | None = None) -> dict[Side, HandModel]:
    """Both hands: the free model, or official MANO files from a folder.

    Args:
        mano_dir: folder with MANO_LEFT.pkl and MANO_RIGHT.pkl, as MANO's site gives them out.

    Raises:
        BothhandsError: a file is missing, damaged or not a hand model; the text names it.
    """
    if mano_dir is None:
        return {side: HandModel("free", side, _load_asset(f"free_{side}.npz")) for side in SIDES}
    arrays: dict[Side, dict[str, np.ndarray]] = {
        side: load_mano_pickle(mano_dir / f"MANO_{side.upper()}.pkl") for side in SIDES
    }
    _mend_left_shapes(arrays)
    return {side: HandModel("mano", side, arrays[side]) for side in SIDES}


def load_twin(side: Side) -> HandTwin:
    """The finer twin of the free model.

    Raises:
        BothhandsError: the project's own file is missing or damaged.
    """
    arrays = _load_asset(f"twin_{side}.npz")
    return HandTwin(
        arrays["f"],
        arrays["nails"],
        arrays["palm"],
        arrays["redness"],
        arrays["subset"],
        _Skeleton(_load_asset(f"free_{side}.npz")),
        _Skin(arrays, None),
    )


def _load_asset(name: str) -> dict[str, np.ndarray]:
    path = asset("hand_model") / name
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise BothhandsError(f"Bothhands' own hand model {path} cannot be read ({error}); install it anew.") from error


def _mend_left_shapes(arrays: Mapping[Side, dict[str, np.ndarray]]) -> None:
    """Mirror the left hand's shape directions where the file has the right hand's x.

    In the official MANO_LEFT.pkl they are not mirrored, so that a shape gives two different hands
    (https://github.com/vchoutas/smplx/issues/48).
    """
    left, right = arrays["left"]["shapedirs"], arrays["right"]["shapedirs"]
    if np.abs(left[:, 0] - right[:, 0]).sum() < np.abs(left[:, 0] + right[:, 0]).sum():
        left[:, 0] *= -1.0
