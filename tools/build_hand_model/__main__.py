"""Build assets/hand_model: `PYTHONPATH=tools python -m build_hand_model [OUT]` (README.md beside this file)."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from build_hand_model.appearance import palm_mask, redness_mask
from build_hand_model.decimate import decimate
from build_hand_model.mesh import boundary_loop, check_disc
from build_hand_model.mirror import mirrored
from build_hand_model.poses import JOINT_LIMITS, anatomical_axes, pose_of, pose_prior, sample_poses
from build_hand_model.shape import ShapeSpace, fit_joint_regressor, fit_shapes
from build_hand_model.skinning import skin
from build_hand_model.source import sample_bodies
from build_hand_model.surgery import PARENTS, RestHands, rest_hands

BODIES, POSES, SEED = 400, 10_000, 0
VERTICES, LOOP = 778, 16
TIP_IDS = (320, 443, 671, 554, 744)
"""Where smplx looks for MANO's finger tips: index, middle, little, ring, thumb."""
LOOP_IDS = (108, 79, 78, 121, 214, 215, 279, 239, 234, 92, 38, 122, 118, 117, 119, 120)
"""The vertices commonly joined to close MANO's wrist, in order."""


def main(out: Path) -> None:
    """Build both sides and their twins, and print the residuals."""
    hands = rest_hands(sample_bodies(BODIES, SEED))
    shapes = fit_shapes(hands)
    tips = _tip_vertices(shapes, hands)
    axes = anatomical_axes(
        shapes.template, hands.faces, hands.nails, hands.weights, shapes.joints, shapes.template[tips]
    )
    subset, faces = _decimated(shapes, hands, axes, tips)
    regressor = fit_joint_regressor(shapes, subset)
    poses = sample_poses(POSES, axes, shapes.joints, shapes.template[tips], np.random.default_rng(SEED))
    mean, components = pose_prior(poses)
    hand = {
        "v_template": shapes.template[subset],
        "f": faces,
        "shapedirs": shapes.directions[subset],
        "posedirs": np.zeros((VERTICES, 3, 135)),
        "J_regressor": regressor,
        "weights": hands.weights[subset],
        "kintree_table": np.stack([np.array(PARENTS) % 2**32, np.arange(16)]),
        "hands_mean": mean,
        "hands_components": components,
        "flexion_axes": np.concatenate([axes[3:4, 0], axes[:, 0]]),  # the wrist bends as the middle finger does
        "joint_limits": JOINT_LIMITS,
    }
    twin = {
        "v_template": shapes.template,
        "f": hands.faces,
        "shapedirs": shapes.directions,
        "weights": hands.weights,
        "subset": subset,
        "palm": palm_mask(shapes.template, hands.faces),
        "redness": redness_mask(shapes.template, hands.faces, shapes.joints, shapes.template[tips], hands.weights),
        "nails": hands.nails,
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, arrays in (("free", hand), ("twin", twin)):
        for side, sided in (("right", arrays), ("left", mirrored(arrays))):
            path = out / f"{name}_{side}.npz"
            np.savez_compressed(path, **{key: _compact(value) for key, value in sided.items()})
            print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")
    _report(shapes, subset, regressor)


def _tip_vertices(shapes: ShapeSpace, hands: RestHands) -> np.ndarray:
    """(5,) the vertex at the very end of each finger, MANO's finger order."""
    tips = []
    for finger, end in enumerate(hands.tips.mean(0)):
        last = shapes.joints[3 + 3 * finger]
        bone = (end - last) / np.linalg.norm(end - last)
        offset = shapes.template - last
        along = offset @ bone
        aside = np.linalg.norm(offset - along[:, None] * bone, axis=1)
        tips.append(np.where(hands.weights[:, 3 + 3 * finger] > 0.5, along - 0.5 * aside, -1.0).argmax())
    return np.array(tips)


def _decimated(
    shapes: ShapeSpace, hands: RestHands, axes: np.ndarray, tips: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the kept vertices (778,), in the order of the new mesh, and its faces (1538, 3)."""
    angles = np.zeros((2, 15, 3))
    angles[1, :12, 0] = np.radians([80, 95, 60] * 4)
    angles[1, 12:, 0] = np.radians([15, 40, 50])
    angles[0] = 0.5 * angles[1]
    bent = [skin(shapes.template, shapes.joints, hands.weights, pose) for pose in pose_of(angles, axes)]
    coarse = decimate(np.stack([shapes.template, *bent]), hands.faces, VERTICES, LOOP, tips)
    placed = dict(zip(TIP_IDS, tips.tolist(), strict=True))
    # The loop of the ids runs as the faces of a cap would: against the boundary's own faces.
    placed |= dict(zip(LOOP_IDS, boundary_loop(coarse)[::-1].tolist(), strict=True))
    rest = iter(sorted(set(np.unique(coarse).tolist()) - set(placed.values())))
    subset = np.array([placed[index] if index in placed else next(rest) for index in range(VERTICES)])
    renumber = np.full(len(shapes.template), -1)
    renumber[subset] = np.arange(VERTICES)
    faces = renumber[coarse]
    check_disc(faces, VERTICES)
    return subset, faces


def _compact(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float32 if array.dtype.kind == "f" else np.uint32 if array.max() > 2**31 else np.int32)


def _report(shapes: ShapeSpace, subset: np.ndarray, regressor: np.ndarray) -> None:
    joints = np.linalg.norm(regressor @ shapes.template[subset] - shapes.joints, axis=1)
    moved = np.einsum("jv,vdk->jdk", regressor, shapes.directions[subset]) - shapes.joint_directions
    sigma = np.sqrt((shapes.directions**2).sum(1).mean(0))
    print(f"variance within ten directions: {100 * shapes.explained:.2f} %")
    print("rms per sigma, mm:", (1e3 * sigma).round(2))
    print(f"joint regressor on the template: {1e3 * joints.max():.3f} mm at most")
    print(f"joint regressor per sigma: {1e3 * np.linalg.norm(moved, axis=1).max():.3f} mm at most")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "assets" / "hand_model")
