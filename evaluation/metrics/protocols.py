"""The published protocols of two-hand reconstruction: what is aligned how, and what is averaged over what.

Two families, never to be compared with each other:

* *wrist*: each hand moved to its wrist, no scale. InterNet (https://arxiv.org/abs/2008.09309) and InterWild
  (https://arxiv.org/abs/2303.13652); joints against the dataset's keypoints.
* *knuckle*: each hand moved to its middle knuckle and scaled to the true length of its middle metacarpal. IntagHand
  (https://arxiv.org/abs/2203.09364), LWA-HAND (https://arxiv.org/abs/2208.09815) and EANet
  (https://arxiv.org/abs/2309.01943); joints of the predicted mesh against joints of the true mesh.

Within a family the codes average differently, which moves metrics by tenths of a millimetre; each protocol here keeps
its own. docs/evaluation.md has the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np

from evaluation.metrics.distances import bone_scale, point_errors, relative_root_error
from models.hand_model import INTERNET_TIP_VERTICES, HandModel, joints_of_mesh
from models.values import MIDDLE_KNUCKLE, SIDES, WRIST, Side

Means = Mapping[str, float]
"""Average by kind of image ("single", "two", "all"); not a number where there was nothing to average."""
Mean = Callable[[np.ndarray, np.ndarray], Means]
"""Errors (S, 2) or (S, 2, 21) and (S,) bool, which images are of two hands, to averages."""


class Hand(NamedTuple):
    """What a protocol compares of one hand, predicted or true; metres, camera frame.

    Attributes:
        joints: (21, 3) the dataset's keypoints, rows not numbers where not known; None where none is.
        vertices: (778, 3), None where not known.
    """

    joints: np.ndarray | None
    vertices: np.ndarray | None


@dataclass(frozen=True, eq=False)
class Errors:
    """Errors of a set of images in millimetres, not numbers where nothing could be compared.

    Attributes:
        two_hands: (S,) bool, image of two hands.
        joints: (S, 2, 21) by hand (left, right) and joint.
        vertices: (S, 2) mean over a hand's vertices.
        roots: (S,) of the left root relative to the right one.
    """

    two_hands: np.ndarray
    joints: np.ndarray
    vertices: np.ndarray
    roots: np.ndarray


@dataclass(frozen=True)
class Protocol:
    """One published way to evaluate.

    Attributes:
        name: key in reports.
        title: what it is and whose numbers it compares with.
        root: joint to which both hands are moved.
        scaled: whether the prediction gets the true middle metacarpal's length.
        truth: joints are compared with the dataset's keypoints, or with those of the true mesh.
        mano_tips: the vertices of official MANO that its code takes for finger tips, thumb to little finger.
        mean_joints: average of (S, 2, 21) joint errors, `Errors.two_hands` beside it.
        mean_vertices: the same of (S, 2) vertex errors; None where it publishes none.
        judges_roots: whether it publishes MRRPE.
    """

    name: str
    title: str
    root: int
    scaled: bool
    truth: Literal["keypoints", "mesh"]
    mano_tips: tuple[int, int, int, int, int]
    mean_joints: Mean
    mean_vertices: Mean | None
    judges_roots: bool

    def joints_of(self, hand: Hand, model: HandModel) -> np.ndarray | None:
        """(21, 3) joints that a mesh has under this protocol, None without a mesh."""
        if hand.vertices is None:
            return None
        tips = self.mano_tips if model.name == "mano" else model.tip_vertices.tolist()
        return joints_of_mesh(hand.vertices, model, tips)

    def compare(
        self, predicted: Mapping[Side, Hand], true: Mapping[Side, Hand], models: Mapping[Side, HandModel]
    ) -> ImageErrors:
        """Errors of one image in the units of `Errors`.

        A hand that was not predicted, or whose truth is not known as far as this protocol needs it, leaves no numbers.
        """
        errors = ImageErrors(np.full((2, 21), np.nan), np.full(2, np.nan), np.nan)
        roots: list[tuple[np.ndarray, np.ndarray]] = []
        for index, side in enumerate(SIDES):
            if side not in predicted or side not in true:
                continue
            estimate = self.joints_of(predicted[side], models[side])
            estimate = predicted[side].joints if estimate is None else estimate
            mesh_truth = self.joints_of(true[side], models[side])
            truth = true[side].joints if self.truth == "keypoints" else mesh_truth
            if estimate is None:
                continue
            if truth is not None and np.isfinite(truth[self.root]).all():
                scale = bone_scale(estimate, truth) if self.scaled else 1.0
                known = np.isfinite(truth).all(axis=-1)
                moved = (estimate - estimate[self.root]) * scale
                errors.joints[index] = 1000.0 * point_errors(moved, truth - truth[self.root], known)
                roots.append((estimate[WRIST], truth[WRIST]))
            vertices, true_vertices = predicted[side].vertices, true[side].vertices
            if mesh_truth is not None and vertices is not None and true_vertices is not None:
                scale = bone_scale(estimate, mesh_truth) if self.scaled else 1.0
                moved = (vertices - estimate[self.root]) * scale
                distances = point_errors(moved, true_vertices - mesh_truth[self.root])
                errors.vertices[index] = 1000.0 * distances.mean()
        if len(roots) == 2 and self.judges_roots:
            (left, true_left), (right, true_right) = roots
            return errors._replace(roots=1000.0 * relative_root_error((left, right), (true_left, true_right)))
        return errors

    def summarise(self, errors: Errors) -> dict[str, Means]:
        """Averages of the published kinds: "mpjpe", "mpvpe" and "mrrpe", millimetres."""
        summary: dict[str, Means] = {"mpjpe": self.mean_joints(errors.joints, errors.two_hands)}
        if self.mean_vertices is not None:
            summary["mpvpe"] = self.mean_vertices(errors.vertices, errors.two_hands)
        if self.judges_roots:
            summary["mrrpe"] = {"two": mean_known(errors.roots[errors.two_hands])}
        return summary


class ImageErrors(NamedTuple):
    """One row of `Errors`: joints (2, 21), vertices (2,), roots."""

    joints: np.ndarray
    vertices: np.ndarray
    roots: float


def collect(images: Sequence[ImageErrors], two_hands: Sequence[bool]) -> Errors:
    """Rows of images to `Errors`."""
    return Errors(
        np.array(two_hands, dtype=bool),
        np.array([image.joints for image in images]).reshape(-1, 2, 21),
        np.array([image.vertices for image in images]).reshape(-1, 2),
        np.array([image.roots for image in images], dtype=np.float64),
    )


def mean_known(values: np.ndarray) -> float:
    """Mean of what is a number; not a number where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _by_kind(two_hands: np.ndarray, mean: Callable[[np.ndarray], float]) -> dict[str, float]:
    """Of images of one hand, of two, and of all: `mean` gets (S,) bool, the images it is to average."""
    kinds = {"single": ~two_hands, "two": two_hands, "all": np.ones_like(two_hands)}
    return {kind: mean(chosen) for kind, chosen in kinds.items()}


def _joint_list(errors: np.ndarray) -> np.ndarray:
    """(42,) mean of each joint over images (S, 2, 21)."""
    return np.array([mean_known(column) for column in errors.reshape(-1, 42).T])


def joints_pooled(errors: np.ndarray, two_hands: np.ndarray) -> Means:
    """Mean of the 42 joints' own means; "all" pools the images first (InterNet)."""
    return _by_kind(two_hands, lambda chosen: mean_known(_joint_list(errors[chosen])))


def joints_halved(errors: np.ndarray, two_hands: np.ndarray) -> Means:
    """As `joints_pooled`, but "all" weighs images of one hand and of two alike, however many (InterWild, EANet)."""
    lists = [_joint_list(errors[~two_hands]), _joint_list(errors[two_hands])]
    return {
        "single": mean_known(lists[0]),
        "two": mean_known(lists[1]),
        "all": mean_known(np.concatenate(lists)),
    }


def vertices_by_hand(errors: np.ndarray, two_hands: np.ndarray) -> Means:
    """Every hand counts once (InterWild)."""
    return _by_kind(two_hands, lambda chosen: mean_known(errors[chosen]))


def vertices_by_image(errors: np.ndarray, two_hands: np.ndarray) -> Means:
    """Every image counts once; one of two hands by the mean of both, and only where both are known (EANet)."""
    pictures = np.array([mean_known(hands) for hands in errors])
    pictures[two_hands] = errors[two_hands].mean(axis=1)
    return _by_kind(two_hands, lambda chosen: mean_known(pictures[chosen]))


def pairs_by_hand(errors: np.ndarray, two_hands: np.ndarray) -> Means:
    """Mean of each hand over images (and joints), then of the two hands; pairs only (IntagHand).

    Args:
        errors: (S, 2) or (S, 2, 21).
        two_hands: (S,) bool.
    """
    pairs = errors[two_hands]
    return {"two": mean_known(np.array([mean_known(pairs[:, 0]), mean_known(pairs[:, 1])]))}


PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {
        protocol.name: protocol
        for protocol in (
            Protocol(
                name="internet",
                title="InterNet: wrist, no scale, against keypoints",
                root=WRIST,
                scaled=False,
                truth="keypoints",
                mano_tips=INTERNET_TIP_VERTICES,
                mean_joints=joints_pooled,
                mean_vertices=None,
                judges_roots=True,
            ),
            Protocol(
                name="interwild",
                title="InterWild: wrist, no scale, against keypoints",
                root=WRIST,
                scaled=False,
                truth="keypoints",
                mano_tips=INTERNET_TIP_VERTICES,
                mean_joints=joints_halved,
                mean_vertices=vertices_by_hand,
                judges_roots=True,
            ),
            Protocol(
                name="intaghand",
                title="IntagHand, LWA-HAND: knuckle, scaled, against mesh, pairs",
                root=MIDDLE_KNUCKLE,
                scaled=True,
                truth="mesh",
                mano_tips=(745, 317, 444, 556, 673),
                mean_joints=pairs_by_hand,
                mean_vertices=pairs_by_hand,
                judges_roots=False,
            ),
            Protocol(
                name="eanet",
                title="EANet: knuckle, scaled, against mesh",
                root=MIDDLE_KNUCKLE,
                scaled=True,
                truth="mesh",
                mano_tips=(745, 317, 444, 556, 673),
                mean_joints=joints_halved,
                mean_vertices=vertices_by_image,
                judges_roots=False,
            ),
        )
    }
)
"""By name. The first two are the wrist family, the others the knuckle family."""
