"""EANet as the app runs it: crop to parameters of the hand model, placed in the camera frame.

Two things that the network says place the hands: a weak-perspective camera per hand, which fits the image, and the
translation between the wrists, which fits space; they need not agree. Both views show the same meshes: where a hand
lies in the image, and how far a lone hand or the pair is, comes from the cameras; how much nearer one hand of a pair
is than the other comes from the relative translation. So the overlay lies on the hands, and hands that touch touch in
the 3D view.

Poses and cameras are regressed, and after short training lie farther off than the joints of the heat-maps. For
weights whose notes ask for it (`fits_joints`), the hand model is fitted to these in the image, and in space to the
mean of these and of the joints of the regressed mesh, which errs elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.checks import check_crop
from models.eanet.config import DEPTH_RANGE, GRID, HEAT_ZERO, STRIDE
from models.errors import BothhandsError
from models.fitting.calibration import ShapeRule
from models.hand_model import HandModel
from models.joint_fit import JointFit
from models.placement import NEAREST, place_hand, to_frame, view_rotation
from models.presence import PRESENT, shown_hands
from models.registry import HandModels
from models.rotations import exp_so3, log_so3
from models.runtime.crop_network import CropNetwork, NetworkSource
from models.runtime.runner import Precision
from models.sentences import say
from models.values import SIDES, Crop, HandParameters, HandReconstruction, Reconstruction, Side

if TYPE_CHECKING:
    from torch import nn

    from models.eanet.network import EANet

INPUT_SIZE = 256
_SECOND = 0.6
"""Confidence from which the less sure hand is shown, where the network judges presence: both hands of .91 of held-out
synthetic pairs in contact have it, and .08 of the hands that are not there; at .65 these were .83 and .05."""
_LEAST_SPREAD = 0.5
"""Cells: joints that all lie within as much are no image of a hand."""
_LEAST_SCALE = 1.0
"""Cells a metre; a camera's scale below it, which means nothing, puts the hand some ten metres away."""


@dataclass
class _Placed:
    """A hand in view axes, metres."""

    pose: np.ndarray
    shape: np.ndarray
    vertices: np.ndarray
    joints: np.ndarray
    translation: np.ndarray
    score: float

    def move_to_depth(self, change: float) -> None:
        """Farther by so much, with its middle where it is in the image."""
        middle = self.joints.mean(axis=0) + self.translation
        self.translation = self.translation + middle * (change / middle[2])


class EANetReconstructor(CropNetwork):
    """Crops to both hands. Made, used and closed by one thread.

    Args:
        network: with its weights, in eval mode; or where what runs comes from.
        hand_models: by side.
        device: "cpu" or "cuda:N".
        precision: what a CPU computes in on which that is faster; others take "f32".
        present: confidence from which a hand that the detector sees is shown: of joints whose heat-maps spread over 1.6
            cells (51 px) it is .5.
        judges_presence: whether the network learnt to tell by its confidence which hands are there; it then tells
            instead of the detector, see `models.presence`.
        fits_joints: whether hands are fitted to the joints of the heat-maps, where these make a hand. Not for the
            published network, whose heat-maps count from another place (`models.eanet.config.HEAT_ZERO`).
        depth_cells: of the heat-maps; None asks the network.
    """

    def __init__(
        self,
        network: EANet | NetworkSource,
        hand_models: HandModels,
        device: str,
        precision: Precision = "f32",
        present: float = PRESENT,
        judges_presence: bool = False,
        fits_joints: bool = False,
        depth_cells: int | None = None,
    ) -> None:
        if not isinstance(network, NetworkSource):
            depth_cells, module = network.config.depth_cells, as_run(network)
            network = NetworkSource(lambda: module)
        assert depth_cells is not None
        super().__init__(network, INPUT_SIZE, device, (precision,))
        self._hand_models = hand_models
        self._mean_pose = {side: np.asarray(model.hands_mean).reshape(15, 3) for side, model in hand_models.items()}
        self._present, self._judges_presence = present, judges_presence
        self._depth_cells = depth_cells
        self._fit = JointFit(hand_models) if fits_joints else None

    def use_shape(self, rule: ShapeRule) -> None:
        """See `models.fitting.calibration.FitsShape`; hands that are regressed keep shapes of their own."""
        if self._fit is not None:
            self._fit.use_shape(rule)

    def reconstruct(self, crops: Sequence[Crop]) -> list[Reconstruction]:
        """One reconstruction per crop; nothing is carried from one to the next.

        Raises:
            BothhandsError: a crop is not 256 x 256 bytes RGB, its place in the frame is not a number, or the network
                gives numbers that are not.
        """
        return [self._reconstruct(crop) for crop in crops]

    def _reconstruct(self, crop: Crop) -> Reconstruction:
        check_crop(crop, INPUT_SIZE, "EANet")
        said = self._look(crop.image)
        if not all(np.isfinite(values).all() for values in said):
            raise BothhandsError(
                say("EANet gave numbers that are not finite: its weights are damaged, import them again.")
            )
        rotations, shapes, cameras, relative, cells, confidence = said
        presence = confidence.mean(axis=-1)
        shown = (
            shown_hands(presence.tolist(), crop.expected, _SECOND)
            if self._judges_presence
            else [hand for hand in range(2) if SIDES[hand] in crop.sides and presence[hand] >= self._present]
        )
        to_camera = view_rotation(crop.frame_to_crop, INPUT_SIZE, crop.intrinsics)
        vectors = log_so3(rotation_matrices(rotations.astype(np.float64)))
        placed: dict[Side, _Placed] = {}
        for hand in shown:
            side, pose = SIDES[hand], vectors[hand]
            pose[1:] += self._mean_pose[side]
            parameters = HandParameters(
                pose.astype(np.float32), shapes[hand].astype(np.float32), np.zeros(3, np.float32)
            )
            vertices, joints = self._hand_models[side].mesh(parameters)
            translation = place_hand(joints.astype(np.float64), half_crop_camera(cameras[hand]), crop, to_camera)
            placed[side] = _Placed(pose, parameters.shape, vertices, joints, translation, float(presence[hand]))
            if self._fit is not None and np.ptp(cells[hand, :, :2], axis=0).max() > _LEAST_SPREAD:
                self._move_to_joints(placed[side], hand, cells[hand].astype(np.float64), crop, to_camera)
        if len(placed) == 2:
            separate_depths(placed, float(relative[2]))
        return Reconstruction(
            {side: _to_camera(self._hand_models[side], hand, to_camera, crop) for side, hand in placed.items()}
        )

    def _move_to_joints(self, placed: _Placed, hand: int, cells: np.ndarray, crop: Crop, to_camera: np.ndarray) -> None:
        """Fit a hand to what heat-maps see of its joints (21, 3), cells, and to those it has in space."""
        assert self._fit is not None
        in_frame = to_frame((cells[:, :2] + HEAT_ZERO) * (2.0 / GRID) - 1.0, crop)
        joints = joints_in_space(cells, placed.joints.astype(np.float64), self._depth_cells) @ to_camera.T
        (fitted,) = self._fit.fit([hand], in_frame[None], joints[None], crop.intrinsics)
        model = self._hand_models[SIDES[hand]]
        placed.pose = fitted.pose.astype(np.float64)
        placed.pose[0] = log_so3(to_camera.T @ exp_so3(placed.pose[0]))
        placed.shape = fitted.shape
        placed.vertices, placed.joints = model.mesh(
            HandParameters(placed.pose.astype(np.float32), placed.shape, np.zeros(3, np.float32))
        )
        wrist = model.rest_wrist(placed.shape)  # the hand turns about it
        placed.translation = to_camera.T @ (wrist + fitted.translation) - wrist


def as_run(network: EANet) -> nn.Module:
    """The network as a runner takes it."""
    from models.eanet.runtime import RuntimeNetwork  # imports torch

    return RuntimeNetwork(network).eval()


def rotation_matrices(values: np.ndarray) -> np.ndarray:
    """`models.eanet.rotations.matrix_from_6d` in numpy.

    Args:
        values: (..., 6).

    Returns:
        (..., 3, 3).
    """
    columns = values.reshape(*values.shape[:-1], 3, 2)
    first = _unit(columns[..., 0])
    second = columns[..., 1] - (first * columns[..., 1]).sum(axis=-1, keepdims=True) * first
    second = _unit(second)
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


def joints_in_space(cells: np.ndarray, of_mesh: np.ndarray, depth_cells: int) -> np.ndarray:
    """Means of the regressed mesh's joints and of those that heat-maps see.

    Heat-maps tell depths in metres. How many cells make a metre in the image they do not tell: as many as bring the
    joints nearest to the mesh's. Where these contradict each other, the mesh's are taken alone.

    Args:
        cells: (21, 3).
        of_mesh: (21, 3) metres, view axes.
        depth_cells: of the heat-maps.

    Returns:
        (21, 3) metres from their middle.
    """
    of_mesh = of_mesh - of_mesh.mean(axis=0)
    flat = cells[:, :2] - cells[:, :2].mean(axis=0)
    agreement = float((flat * of_mesh[:, :2]).sum())
    if agreement <= 0.0:
        return of_mesh
    depth = (cells[:, 2] + HEAT_ZERO) * (2.0 / depth_cells) * DEPTH_RANGE
    seen = np.column_stack([flat * (agreement / float((flat * flat).sum())), depth - depth.mean()])
    return 0.5 * (of_mesh + seen)


def half_crop_camera(camera: np.ndarray) -> np.ndarray:
    """The network's camera in the units of `place_hand`.

    Args:
        camera: (3,) scale in cells a metre and place in cells; cell coordinate 0 is the middle of the crop's first
            pixel, as in the public code.

    Returns:
        (3,) scale in half crops a metre and place in [-1, 1] between the crop's edges.
    """
    half = INPUT_SIZE / 2.0
    scale = max(float(camera[0]), _LEAST_SCALE) * STRIDE / half
    return np.array([scale, *((camera[1:].astype(np.float64) * STRIDE + 0.5) / half - 1.0)])


def separate_depths(placed: Mapping[Side, _Placed], depth: float) -> None:
    """Move a pair along its lines of sight, as far one way as the other, until the wrists are so far apart in depth.

    Args:
        placed: both hands.
        depth: left wrist minus right wrist along z, metres.
    """
    left, right = placed["left"], placed["right"]
    wrist_depths = [hand.joints[0, 2] + hand.translation[2] for hand in (left, right)]
    change = (depth - (wrist_depths[0] - wrist_depths[1])) / 2.0
    for hand, step in ((left, change), (right, -change)):
        middle = hand.joints[:, 2].mean() + hand.translation[2]
        hand.move_to_depth(max(step, NEAREST - middle))


def _to_camera(model: HandModel, hand: _Placed, rotation: np.ndarray, crop: Crop) -> HandReconstruction:
    vertices = ((hand.vertices + hand.translation) @ rotation.T).astype(np.float32)
    joints = ((hand.joints + hand.translation) @ rotation.T).astype(np.float32)
    pose = hand.pose.astype(np.float32)
    pose[0] = log_so3(rotation @ exp_so3(hand.pose[0]))
    # The wrist turns about its rest place, which the translation therefore does not turn with.
    wrist = model.rest_wrist(hand.shape)
    translation = (rotation @ (wrist + hand.translation) - wrist).astype(np.float32)
    joints_px = crop.intrinsics.project(joints).astype(np.float32)
    return HandReconstruction(HandParameters(pose, hand.shape, translation), vertices, joints, joints_px, hand.score)
