"""Distances between predicted and true hands, each for one hand or one pair; units are those of the points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from models.values import MIDDLE_KNUCKLE, WRIST


def point_errors(predicted: np.ndarray, true: np.ndarray, known: np.ndarray | None = None) -> np.ndarray:
    """Euclidean distance of each point.

    Args:
        predicted: (N, D).
        true: (N, D).
        known: (N,) bool, points whose truth is known; None: all.

    Returns:
        (N,) float64, not a number where the truth is not known.
    """
    errors = np.linalg.norm(predicted.astype(np.float64) - true, axis=-1)
    return errors if known is None else np.where(known, errors, np.nan)


def bone_scale(predicted_joints: np.ndarray, true_joints: np.ndarray) -> float:
    """What the prediction is multiplied with so that its middle metacarpal has the true length.

    The scale alignment of Zhang et al., "Interacting two-hand 3D pose and shape reconstruction from single color
    image" (ICCV 2021), kept by IntagHand, LWA-HAND and EANet.

    Args:
        predicted_joints: (21, 3).
        true_joints: (21, 3).
    """
    predicted, true = (
        float(np.linalg.norm(joints[MIDDLE_KNUCKLE] - joints[WRIST])) for joints in (predicted_joints, true_joints)
    )
    return true / predicted if predicted > 0.0 else 1.0


def relative_root_error(predicted: tuple[np.ndarray, np.ndarray], true: tuple[np.ndarray, np.ndarray]) -> float:
    """MRRPE of one image: error of the left hand's root relative to the right hand's.

    Moon et al., "InterHand2.6M" (https://arxiv.org/abs/2008.09309), section 6.

    Args:
        predicted: roots of the left and the right hand, (3,) each.
        true: the same.
    """
    return float(np.linalg.norm((predicted[0] - predicted[1]) - (true[0] - true[1])))


def align(points: np.ndarray, target: np.ndarray, *, scale: bool) -> np.ndarray:
    """Points moved and turned, never mirrored, to lie as near to a target as they can (least squares).

    Umeyama, "Least-squares estimation of transformation parameters between two point patterns" (PAMI 1991).

    Args:
        points: (N, 3).
        target: (N, 3).
        scale: also scaled.

    Returns:
        (N, 3) float64.
    """
    points, target = points.astype(np.float64), target.astype(np.float64)
    centred, centred_target = points - points.mean(axis=0), target - target.mean(axis=0)
    left, singular, right = np.linalg.svd(centred_target.T @ centred)
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(left) * np.linalg.det(right))])
    rotation = (left * signs) @ right
    spread = float((centred**2).sum())
    factor = float((singular * signs).sum()) / spread if scale and spread > 0.0 else 1.0
    return factor * centred @ rotation.T + target.mean(axis=0)


def aligned_error(predicted: np.ndarray, true: np.ndarray, known: np.ndarray | None = None) -> float:
    """PA-MPJPE of one hand: mean error of the known joints (21, 3) after the best similarity transform.

    Not a number where fewer than three joints are known.
    """
    if known is not None:
        predicted, true = predicted[known], true[known]
    if len(true) < 3:
        return float("nan")
    return float(point_errors(align(predicted, true, scale=True), true).mean())


def box_side(points: np.ndarray) -> float:
    """Longer side of the upright box around points (N, 2)."""
    return float(np.ptp(points, axis=0).max())


def normalised_errors(predicted_px: np.ndarray, true_px: np.ndarray, known: np.ndarray | None = None) -> np.ndarray:
    """Error of each joint in parts of the hand's size, the longer side of the box around its known true joints.

    Args:
        predicted_px: (21, 2).
        true_px: (21, 2).
        known: (21,) bool; None: all.

    Returns:
        (21,) float64, not a number where the truth is not known or all of it is one point.
    """
    chosen = true_px if known is None else true_px[known]
    side = box_side(chosen) if len(chosen) else 0.0
    return point_errors(predicted_px, true_px, known) / (side or np.nan)


def pck(errors: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Percentage of correct keypoints, as parts of one: how many known errors are at or below each threshold.

    Args:
        errors: any shape; what is not a number does not count, infinite errors (hands not found) do.
        thresholds: (T,).

    Returns:
        (T,) float64, not numbers where no error is known.
    """
    known = np.sort(errors[~np.isnan(errors)])
    if not len(known):
        return np.full(len(thresholds), np.nan)
    return np.searchsorted(known, thresholds, side="right") / len(known)


def view_consistency(joints: Sequence[np.ndarray]) -> float:
    """How much predictions of one hand in one shape differ from view to view.

    Mean over all pairs of views of the mean joint distance after the best rigid motion: zero for any shape told the
    same way from everywhere, right or wrong.

    Args:
        joints: per view (21, 3); fewer than two give not a number.
    """
    pairs = [point_errors(align(one, other, scale=False), other).mean() for one, other in combinations(joints, 2)]
    return float(np.mean(pairs)) if pairs else float("nan")
