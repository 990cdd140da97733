"""Make assets/landmark_points/free.npz: where MediaPipe's landmarks lie on the free hand model.

    python -m tools.build_landmark_points PICTURES...

Each argument is a folder of images or a clip of hands. The two networks of the detector look at them; then hands are
fitted and the 21 places are solved, in turns. The solve is in closed form: with the hands held, residuals are linear
in the places. Nothing that a person has marked is used.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from models.fitting.chain import Chain, ChainState, Marks, Posed
from models.fitting.landmark_points import MIRROR, mirrored, uncalibrated_points, write_landmark_points
from models.fitting.solver import (
    SHAPE_SIGMA,
    Observation,
    ShapePrior,
    initial_state,
    observe,
    solve,
)
from models.hand_model import asset, load_hand_models
from models.values import SIDES, Intrinsics
from tracking.detector.image import checked_image
from tracking.detector.landmarks import LandmarkNetwork
from tracking.detector.palm import PalmDetector
from tracking.detector.reading import HandReading
from tracking.detector.regions import region_from_landmarks, region_from_palm

PALM, PRESENCE = 0.15, 0.9
"""Score from which something may be a palm, and presence from which the landmark network is believed."""
PER_SOURCE = 250
"""Hands of one folder or clip at most, so that none outweighs the others."""
LARGEST_IMAGE = 1280
FOCAL = 1000.0
"""Px of the camera that all hands are brought to; any serves."""
ROUNDS, COLD, WARM = 6, 25, 8
WORST_FIT = 0.03
"""Mean reprojection error, as a share of the hand's box, of hands that are left out after the first round."""
PLACE_SIGMA, GAUGE_SIGMA = 0.01, 2e-4
"""Metres: how far from its joint a landmark may be expected, and all together where no residual would tell it, see
`gauge`."""
PRIOR_SHARE = 0.05
"""What the expectation counts, in hands seen."""
GROWTH = 0.035
"""How much larger a fitted hand is than with landmarks that lie on its joints in the mean. Outlines of real hands ask
for that: .035 in 107 photographs of students, .05 in those of another person (`benchmarks/outlines.py`)."""


class Sight(NamedTuple):
    """One hand: side, landmarks (21, 2) as seen by the common camera, world landmarks (21, 3) metres."""

    side: int
    landmarks: np.ndarray
    world: np.ndarray


def pictures(source: Path) -> Iterator[np.ndarray]:
    """RGB images of a folder, in an order by chance that is always the same, or of a clip."""
    if source.is_dir():
        files = sorted(p for p in source.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))
        random.Random(0).shuffle(files)
        for file in files:
            image = cv2.imread(str(file))
            if image is not None:
                yield cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        return
    clip = cv2.VideoCapture(str(source))
    while (frame := clip.read())[0]:
        yield cv2.cvtColor(frame[1], cv2.COLOR_BGR2RGB)
    clip.release()


def sights(source: Path, palms: PalmDetector, landmarks: LandmarkNetwork, most: int = PER_SOURCE) -> list[Sight]:
    """At most so many hands of a source, each looked at twice: landmarks found from a palm give a truer region."""
    found: list[Sight] = []
    for image in pictures(source):
        side = max(image.shape[:2])
        if side > LARGEST_IMAGE:
            image = cv2.resize(image, None, fx=LARGEST_IMAGE / side, fy=LARGEST_IMAGE / side)
        image = checked_image(image)
        first = landmarks.read(image, [region_from_palm(p.box, p.keypoints) for p in palms.detect(image, PALM)[:2]])
        again = [region_from_landmarks(reading.landmarks) for reading in first if reading.presence >= 0.5]
        camera = Intrinsics.assumed(image.shape[1], image.shape[0])
        found += [_sight(reading, camera) for reading in landmarks.read(image, again) if reading.presence >= PRESENCE]
        if len(found) >= most:
            break
    return found[:most]


def _sight(reading: HandReading, camera: Intrinsics) -> Sight:
    rays = (reading.landmarks - (camera.cx, camera.cy)) / (camera.fx, camera.fy)
    return Sight(SIDES.index("left" if reading.left > 0.5 else "right"), rays * FOCAL, reading.world_landmarks)


def gauge(joints: np.ndarray) -> np.ndarray:
    """Ways (7, 63), orthonormal, in which all places can move without a residual in the image that tells it.

    Moved, turned or grown as one they are what a hand is that lies elsewhere, turned, or nearer. In the mean they are
    left on the joints (21, 3), but for `GROWTH`, which outlines tell.
    """
    lever = joints - joints.mean(axis=0)
    ways = [np.tile(axis, (21, 1)) for axis in np.eye(3)]
    ways += [np.cross(axis, lever) for axis in np.eye(3)]
    ways.append(lever)
    return np.linalg.qr(np.stack(ways).reshape(7, 63).T)[0].T


def solved(
    posed: Posed, mirror: np.ndarray, seen: Observation, kept: np.ndarray, ways: np.ndarray, mean: np.ndarray
) -> Marks:
    """The places that explain best what was seen, with the hands held: linear least squares.

    Args:
        posed: N hands.
        mirror: (N, 3) `MIRROR` for left hands, ones for right ones.
        seen: what was seen of them.
        kept: (N,) which take part.
        ways: see `gauge`.
        mean: (63,) places in the image that are right in these ways, metres.

    Returns:
        Those of a right hand.
    """
    points, camera = posed.joints[kept], seen.intrinsics
    turn = (posed.carrier * mirror[:, None, None, :])[kept]  # of a right hand's place
    prior = PRIOR_SHARE * kept.sum() / PLACE_SIGMA**2

    depth = points[..., 2]
    slope = np.zeros((*depth.shape, 2, 3))
    slope[..., 0, 0], slope[..., 1, 1] = camera.fx / depth, camera.fy / depth
    slope[..., 0, 2] = -camera.fx * points[..., 0] / depth**2
    slope[..., 1, 2] = -camera.fy * points[..., 1] / depth**2
    sigma = (seen.pixel_sigma * seen.box_px)[kept]
    flat = slope @ turn / sigma[:, None, None, None]
    off = (seen.landmarks[kept] - camera.project(points)) / sigma[:, None, None]
    own, whole = np.arange(21), np.zeros((21, 3, 21, 3))
    whole[own, :, own, :] = np.einsum("njik,njil->jkl", flat, flat)
    held = kept.sum() / GAUGE_SIGMA**2
    matrix = whole.reshape(63, 63) + prior * np.eye(63) + held * ways.T @ ways
    pull = np.einsum("njik,nji->jk", flat, off).ravel() + held * ways.T @ (ways @ mean)
    picture = np.linalg.solve(matrix, pull).reshape(21, 3)

    space = turn / seen.world_sigma[:, None]
    off = seen.world[kept] - points
    off = (off - off.mean(axis=1, keepdims=True)) / seen.world_sigma
    whole = np.zeros((21, 3, 21, 3))
    whole[own, :, own, :] = np.einsum("njik,njil->jkl", space, space)
    whole -= np.einsum("njik,nmil->jkml", space, space, optimize=True) / 21.0  # where all lie as one is not seen
    matrix = whole.reshape(63, 63) + prior * np.eye(63) + held * ways[:3].T @ ways[:3]
    in_space = np.linalg.solve(matrix, np.einsum("njik,nji->jk", space, off).ravel()).reshape(21, 3)
    return Marks(picture, in_space)


def main() -> None:
    """Look, fit and solve in turns, and write the asset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=PER_SOURCE, help="hands of one source at most")
    parser.add_argument("--out", type=Path, default=asset("landmark_points") / "free.npz")
    arguments = parser.parse_args()
    palms, network = PalmDetector("f32"), LandmarkNetwork("f32")
    hands: list[Sight] = []
    for source in arguments.sources:
        found = sights(source, palms, network, arguments.most)
        print(f"{source.name}: {len(found)} hands")
        hands += found
    models = load_hand_models()
    camera = Intrinsics(FOCAL, FOCAL, 0.0, 0.0, 1, 1)
    sides = [hand.side for hand in hands]
    seen = observe(np.stack([hand.landmarks for hand in hands]), np.stack([hand.world for hand in hands]), camera)
    mirror = np.where(np.array(sides)[:, None] == SIDES.index("left"), MIRROR, 1.0)
    points = uncalibrated_points(models)["right"]
    prior, kept = ShapePrior(np.zeros(10), SHAPE_SIGMA), np.ones(len(hands), bool)
    right = Chain.of(models).take([SIDES.index("right")])
    at_rest = ChainState(np.eye(3)[None], np.zeros((1, 3)), np.zeros((1, 5, 3, 3)), np.zeros((1, 10)))
    joints = right.pose(at_rest).joints[0]
    ways, mean = gauge(joints), -GROWTH * (joints - joints.mean(axis=0)).ravel()
    state = None
    for turn in range(ROUNDS + 1):
        chain = Chain.of(models, {"right": points, "left": mirrored(points)}).take(sides)
        start = initial_state(chain, seen, prior.mean) if state is None else state
        state, fit = solve(chain, start, seen, prior, COLD if turn == 0 else WARM, tolerance=1e-4)
        error = np.linalg.norm(camera.project(fit.points) - seen.landmarks, axis=-1).mean(axis=1) / seen.box_px
        print(f"round {turn}: reprojection {error.mean():.4f} of the box, kept {error[kept].mean():.4f}")
        if turn == 0:
            kept = error < WORST_FIT * 2.0
        elif turn == 1:
            kept = error < WORST_FIT
        if turn < ROUNDS:
            points = solved(chain.pose(state), mirror, seen, kept, ways, mean)
    for name, places in zip(Marks._fields, points, strict=True):
        print(f"{name}, mm: {(np.linalg.norm(places, axis=1) * 1e3).round(1).tolist()}")
    print(f"{kept.sum()} of {len(hands)} hands")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    write_landmark_points(arguments.out, points, models["right"])


if __name__ == "__main__":
    main()
