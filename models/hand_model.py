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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.errors import BothhandsError
from models.extras import extra_for
from models.mano_files import PARENTS, load_mano_pickle
from models.places import asset
from models.rotations import COMPILED_ROTATIONS, exp_so3
from models.runtime.compiled import ready
from models.sentences import said, say
from models.values import SIDES, HandParameters, Side

if TYPE_CHECKING:
    import torch

    from models.hand_layer import HandLayer, HandMesh

TIP_VERTICES = (744, 320, 443, 554, 671)
"""Vertices at the ends of thumb, index, middle, ring and little finger, as in smplx's vertex_ids.py."""
MANO_TO_JOINTS = (0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20)
"""The project's 21 joints as indices into MANO's 16 followed by the five tips of `TIP_VERTICES`."""
INTERNET_TIP_VERTICES = (745, 317, 445, 556, 673)
"""The vertices of official MANO that InterNet's and InterWild's code take for tips, in the same order."""

_PARENTS = np.array(PARENTS, np.int64)
CHAINS = np.arange(1, 16).reshape(5, 3)
"""MANO's joints by finger and level: all joints of one level are posed at once."""
_TENSORS = (
    *("template", "shape_dirs", "pose_dirs", "joint_regressor", "skinning_weights"),
    *("tip_vertices", "hands_mean", "hands_components", "keypoint_regressor"),
)


class HandArrays(NamedTuple):
    """What a hand model consists of, float32.

    Attributes:
        template: (778, 3) metres, rest frame.
        shape_dirs: (778, 3, 10) metres per standard deviation.
        pose_dirs: (135, 2334) metres per entry of R - I of the 15 finger joints.
        joint_regressor: (16, 778), rows sum to one.
        skinning_weights: (778, 16), rows sum to one.
        hands_mean: (45,) mean finger pose of the pose prior, radians; never added by the model.
        hands_components: (45, 45) principal directions of finger poses, one a row.
    """

    template: np.ndarray
    shape_dirs: np.ndarray
    pose_dirs: np.ndarray
    joint_regressor: np.ndarray
    skinning_weights: np.ndarray
    hands_mean: np.ndarray
    hands_components: np.ndarray


class HandModel:
    """Hand model of one side: shape and pose to a mesh, in numpy.

    Networks and their training use it as a layer of torch, too (`layer`): called with batches of tensors it gives
    meshes with gradients, and the entries of `HandArrays` are tensors by their names, on the layer's device. The layer
    is made when it is first asked for, which needs torch; nothing else here does.

    Args:
        name: "free" or "mano"; shown to the user and written to sessions.
        side: which hand.
        arrays: MANO's arrays under MANO's keys, as `load_mano_pickle` gives them.

    Attributes:
        name, side: as above.
        parents: (16,) parent of each joint, -1 for the wrist.
        faces: (1538, 3) int32, counter-clockwise seen from outside.
        arrays: what it consists of.
        tip_vertices: (5,) tensor, thumb to little finger.
        keypoint_regressor: tensor, see `HandLayer`.
    """

    template: torch.Tensor
    shape_dirs: torch.Tensor
    pose_dirs: torch.Tensor
    joint_regressor: torch.Tensor
    skinning_weights: torch.Tensor
    tip_vertices: torch.Tensor
    hands_mean: torch.Tensor
    hands_components: torch.Tensor
    keypoint_regressor: torch.Tensor

    def __init__(self, name: str, side: Side, arrays: Mapping[str, np.ndarray]) -> None:
        self.name = name
        self.side: Side = side
        self.parents = PARENTS
        self.faces = np.ascontiguousarray(arrays["f"], dtype=np.int32)
        own = (
            arrays["v_template"],
            arrays["shapedirs"],
            arrays["posedirs"].reshape(-1, 135).T,
            arrays["J_regressor"],
            arrays["weights"],
            arrays["hands_mean"],
            arrays["hands_components"],
        )
        self.arrays = HandArrays(*(np.array(array, dtype=np.float32, order="C") for array in own))
        self._skeleton = _Skeleton(arrays)
        self._skin = _Skin(arrays, arrays["posedirs"] if np.any(arrays["posedirs"]) else None)
        self._layer: HandLayer | None = None

    @property
    def layer(self) -> HandLayer:
        """The same as a layer of torch.

        Raises:
            BothhandsError: torch is not installed.
        """
        if self._layer is None:
            with extra_for(say("A hand model in torch"), "networks"):
                from models.hand_layer import HandLayer
            self._layer = HandLayer(self.arrays)
        return self._layer

    def __getattr__(self, name: str) -> torch.Tensor:
        """The layer's tensors."""
        if name in _TENSORS:
            return getattr(self.layer, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __call__(self, pose: torch.Tensor, shape: torch.Tensor, translation: torch.Tensor) -> HandMesh:
        """See `HandLayer.forward`."""
        return self.layer(pose, shape, translation)

    def forward_rotations(self, rotations: torch.Tensor, shape: torch.Tensor, translation: torch.Tensor) -> HandMesh:
        """See `HandLayer.forward_rotations`."""
        return self.layer.forward_rotations(rotations, shape, translation)

    def to(self, device: str | torch.device) -> HandModel:
        """Move the layer; returns this model."""
        self.layer.to(device)
        return self

    def double(self) -> HandModel:
        """Let the layer calculate in double precision; returns this model."""
        self.layer.double()
        return self

    def rest_joints(self, shape: torch.Tensor) -> torch.Tensor:
        """See `HandLayer.rest_joints`."""
        return self.layer.rest_joints(shape)

    def rest_skeleton(self, shape: np.ndarray) -> np.ndarray:
        """(16, 3) joints in the rest pose, metres, MANO's order, for one shape (10,)."""
        return self._skeleton.rest_joints(shape)

    def rest_wrist(self, shape: np.ndarray) -> np.ndarray:
        """(3,) the wrist joint in the rest pose, metres, for one shape (10,)."""
        return self._skeleton.rest_joints(shape)[0]

    def mesh(self, parameters: HandParameters) -> tuple[np.ndarray, np.ndarray]:
        """Pose one hand: the same as `HandLayer.forward`, without its overhead.

        Returns:
            vertices (778, 3) and joints (21, 3), float32, metres, in the frame of the parameters.
        """
        bones = self._skeleton.pose(parameters)
        vertices = self._skin.vertices(bones, parameters.shape)
        joints = np.concatenate([bones.positions, vertices[list(TIP_VERTICES)]])[list(MANO_TO_JOINTS)]
        return vertices, joints.astype(np.float32)


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
        if compiled := ready(COMPILED_ROTATIONS):
            translation = np.asarray(parameters.translation, np.float64)
            return _Bones(local, *compiled.pose_skeleton(local, np.ascontiguousarray(rest), translation, _PARENTS))
        world, positions = np.empty((16, 3, 3)), np.empty((16, 3))
        world[0], positions[0] = local[0], rest[0] + parameters.translation
        before = np.zeros(5, dtype=int)
        for chain in CHAINS.T:
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
    """A finer skin over the free model's skeleton, with nails and colours, for images.

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
    _fix_left_shapes(arrays)
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
        raise BothhandsError(
            say(
                "Bothhands' own hand model {path} cannot be read ({reason}); install it anew.",
                path=path,
                reason=said(error),
            )
        ) from error


def _fix_left_shapes(arrays: Mapping[Side, dict[str, np.ndarray]]) -> None:
    """Mirror the left hand's shape directions where the file has the right hand's x.

    In the official MANO_LEFT.pkl they are not mirrored, so that a shape gives two different hands
    (https://github.com/vchoutas/smplx/issues/48).
    """
    left, right = arrays["left"]["shapedirs"], arrays["right"]["shapedirs"]
    if np.abs(left[:, 0] - right[:, 0]).sum() < np.abs(left[:, 0] + right[:, 0]).sum():
        left[:, 0] *= -1.0


def joints_of_mesh(vertices: np.ndarray, model: HandModel, tips: Sequence[int]) -> np.ndarray:
    """(21, 3) joints of a mesh (778, 3): the model's regressor for sixteen of them, vertices for the tips."""
    regressed = model.joint_regressor.numpy().astype(np.float64) @ vertices
    return np.concatenate([regressed, vertices[list(tips)]])[list(MANO_TO_JOINTS)]
