"""From a labelled image to the arrays that losses read: turned, mirrored and scaled as training wants it.

Everything is expressed as the networks see it: pixels of the new square image, and *view axes*, those of a camera at
the same place that looks through the image's middle (`models.placement.view_rotation`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from models.placement import view_rotation
from models.rotations import exp_so3, log_so3
from models.values import OTHER_SIDE, SIDES, HandParameters, Intrinsics
from training.data.samples import SEGMENT_BIT, HandLabel, Knowledge, Sample

MASK_STRIDE = 8
"""Image px a cell of the silhouettes."""
_VERTICES, _JOINTS = 778, 21
_MIRROR_POINT = np.array([-1.0, 1.0, 1.0], np.float32)
_MIRROR_AXIS = np.array([1.0, -1.0, -1.0], np.float32)
"""A rotation vector is axial: mirrored across x it keeps x and turns the others round."""


class Transform(NamedTuple):
    """How an image is changed.

    Attributes:
        affine: (2, 3) image px, mirrored already where it is to be, to px of the new image; a similarity.
        size: side of the new image, px, a multiple of 32.
        mirror: turn left hands into right ones first.
        fill: colour of what lies outside the old image; None repeats its edge.
    """

    affine: np.ndarray
    size: int
    mirror: bool = False
    fill: tuple[int, int, int] | None = (0, 0, 0)


class Example(NamedTuple):
    """Arrays of one image, or of a batch of them (B, ...), hands in the order left, right.

    What is not known is zero, and so is its trust.

    Attributes:
        image: (S, S, 3) uint8 RGB.
        vertices: (2, 778, 3) metres, view axes.
        joints: (2, 21, 3) metres, view axes.
        vertices_2d: (2, 778, 2) their projection, [-1, 1] over the image.
        joints_2d: (2, 21, 2).
        pose: (2, 16, 3) rotation vectors, the wrist's in view axes.
        shape: (2, 10).
        masks: (2, S / 8, S / 8) covered part of each cell, by each hand's whole silhouette.
        present: (2,) 1 where the hand is in the image, else 0.
        presence_trust: (2,) 1 where that is known.
        joints_trust: (2, 21) trust in each joint's place in the image.
        mesh_trust: (2,) trust in mesh and joints in metres; 1 where they are exact.
        parameters_trust: (2,) trust in pose and shape.
        mask_trust: () 1 where the masks are known.
    """

    image: np.ndarray
    vertices: np.ndarray
    joints: np.ndarray
    vertices_2d: np.ndarray
    joints_2d: np.ndarray
    pose: np.ndarray
    shape: np.ndarray
    masks: np.ndarray
    present: np.ndarray
    presence_trust: np.ndarray
    joints_trust: np.ndarray
    mesh_trust: np.ndarray
    parameters_trust: np.ndarray
    mask_trust: np.ndarray


class Batch(NamedTuple):
    """The same as tensors, (B, ...)."""

    image: Tensor
    vertices: Tensor
    joints: Tensor
    vertices_2d: Tensor
    joints_2d: Tensor
    pose: Tensor
    shape: Tensor
    masks: Tensor
    present: Tensor
    presence_trust: Tensor
    joints_trust: Tensor
    mesh_trust: Tensor
    parameters_trust: Tensor
    mask_trust: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on another device, copied while the processor goes on."""
        return Batch(*(tensor.to(device, non_blocking=True) for tensor in self))

    def pixels(self) -> Tensor:
        """(B, 3, S, S) RGB in [0, 1], channels last in memory."""
        return (self.image.permute(0, 3, 1, 2).float() / 255.0).contiguous(memory_format=torch.channels_last)


def make_example(sample: Sample, transform: Transform, weak_trust: float) -> Example:
    """Change a sample and write out its labels.

    Args:
        sample: with labels in its own px and camera.
        transform: of the image.
        weak_trust: in meshes below `Knowledge.FULL`, whose depth is a guess.
    """
    from training.data.warping import warp_image, warp_masks  # OpenCV, which a lent machine may lack

    if transform.mirror:
        sample = mirrored(sample)
    size = transform.size
    rotation = view_rotation(transform.affine, size, sample.intrinsics).astype(np.float32)
    example = _empty(size)
    example.image[:] = warp_image(sample.image, transform)
    if sample.segmentation is not None:
        example.masks[:] = warp_masks(sample.segmentation, transform)
        example.mask_trust[...] = 1.0
    example.presence_trust[:] = float(sample.presence_known)
    for side, label in sample.hands.items():
        _fill(example, SIDES.index(side), label, sample.intrinsics, transform, rotation, weak_trust)
    return example


def collate(examples: Sequence[Example]) -> Batch:
    """Stack examples of one size."""
    return Batch(*(torch.from_numpy(np.stack(arrays)) for arrays in zip(*examples, strict=True)))


def mirrored(sample: Sample) -> Sample:
    """The same scene in a mirror: left hands become right ones."""
    camera, segmentation = sample.intrinsics, sample.segmentation
    if segmentation is not None:
        left, right = SEGMENT_BIT["left"], SEGMENT_BIT["right"]
        turned = segmentation[:, ::-1]
        segmentation = ((turned & left) // left * right + (turned & right) // right * left).astype(np.uint8)
    width = sample.image.shape[1]
    return replace(
        sample,
        image=sample.image[:, ::-1],
        intrinsics=replace(camera, cx=width - 1 - camera.cx),
        hands={OTHER_SIDE[side]: _mirrored_label(label, width) for side, label in sample.hands.items()},
        segmentation=segmentation,
    )


def _mirrored_label(label: HandLabel, width: int) -> HandLabel:
    points = label.joints_px * np.array([-1.0, 1.0], np.float32) + np.array([width - 1.0, 0.0], np.float32)
    parameters = label.parameters
    if parameters is not None:
        # Both hands of a hand model share their numbering and shape directions, mirrored.
        parameters = HandParameters(
            parameters.pose * _MIRROR_AXIS, parameters.shape, parameters.translation * _MIRROR_POINT
        )
    return HandLabel(
        label.knowledge,
        points,
        None if label.joints is None else label.joints * _MIRROR_POINT,
        None if label.vertices is None else label.vertices * _MIRROR_POINT,
        parameters,
    )


def _empty(size: int) -> Example:
    cells = size // MASK_STRIDE
    shapes = (
        (2, _VERTICES, 3),
        (2, _JOINTS, 3),
        (2, _VERTICES, 2),
        (2, _JOINTS, 2),
        (2, 16, 3),
        (2, 10),
        (2, cells, cells),
        (2,),
        (2,),
        (2, _JOINTS),
        (2,),
        (2,),
        (),
    )
    return Example(np.zeros((size, size, 3), np.uint8), *(np.zeros(shape, np.float32) for shape in shapes))


def _fill(
    example: Example,
    hand: int,
    label: HandLabel,
    camera: Intrinsics,
    transform: Transform,
    rotation: np.ndarray,
    weak_trust: float,
) -> None:
    example.present[hand] = example.presence_trust[hand] = 1.0
    known = np.isfinite(label.joints_px).all(axis=-1)
    example.joints_2d[hand, known] = _to_unit(label.joints_px[known], transform)
    example.joints_trust[hand] = known
    if label.vertices is None or label.joints is None:
        return
    trust = 1.0 if label.knowledge >= Knowledge.FULL else weak_trust
    example.joints[hand] = label.joints @ rotation
    example.vertices[hand] = label.vertices @ rotation
    example.vertices_2d[hand] = _to_unit(camera.project(label.vertices), transform)
    example.mesh_trust[hand] = trust
    if label.parameters is not None:
        example.pose[hand] = label.parameters.pose
        example.pose[hand, 0] = log_so3(rotation.T @ exp_so3(label.parameters.pose[0]))
        example.shape[hand] = label.parameters.shape
        example.parameters_trust[hand] = trust


def _to_unit(points_px: np.ndarray, transform: Transform) -> np.ndarray:
    """Px of the old image to [-1, 1] over the new one."""
    moved = points_px @ transform.affine[:, :2].T + transform.affine[:, 2]
    return (moved + 0.5) * (2.0 / transform.size) - 1.0
