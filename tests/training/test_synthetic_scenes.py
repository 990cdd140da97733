"""Where hands are placed: stages, crops, contact. Needs no OpenGL."""

from __future__ import annotations

import numpy as np
import pytest

from models.hand_model import load_hand_models
from models.values import SIDES
from training.data.poses import PosePrior
from training.synthetic.camera import FILL
from training.synthetic.placement import STAGES, Placer, Scene

MODELS = load_hand_models()
SIZE = 256
COUNT = 24
DEEPEST = 5e-3
"""Metres by which the skin of one hand may lie inside the other: flesh gives way by about as much."""


@pytest.fixture(scope="module")
def placer() -> Placer:
    return Placer(MODELS, PosePrior(MODELS), SIZE)


def scenes(placer: Placer, stage, count: int = COUNT) -> list[Scene]:
    return [placer.scene(stage, np.random.default_rng([7, index])) for index in range(count)]


def winding_numbers(points: np.ndarray, vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """How often a mesh winds round points: about 1 inside, 0 outside, holes or not (Jacobson, Kavan and
    Sorkine-Hornung, "Robust inside-outside segmentation using generalized winding numbers", 2013, eq. 6).
    """
    a, b, c = (vertices[faces[:, k]][None] - points[:, None] for k in range(3))
    la, lb, lc = (np.linalg.norm(v, axis=-1) for v in (a, b, c))
    volume = np.einsum("pfi,pfi->pf", a, np.cross(b, c))
    products = [np.einsum("pfi,pfi->pf", u, v) for u, v in ((a, b), (b, c), (c, a))]
    denominator = la * lb * lc + products[0] * lc + products[1] * la + products[2] * lb
    return 2.0 * np.arctan2(volume, denominator).sum(axis=1) / (4.0 * np.pi)


def penetration(scene: Scene) -> float:
    """Deepest place of either hand's vertices inside the other hand's mesh, metres."""
    deepest = 0.0
    for side, other in (SIDES, SIDES[::-1]):
        points, mesh = scene.hands[side].vertices.astype(np.float64), scene.hands[other].vertices.astype(np.float64)
        box = (points > mesh.min(axis=0)).all(axis=1) & (points < mesh.max(axis=0)).all(axis=1)
        inside = points[box][np.abs(winding_numbers(points[box], mesh, MODELS[other].faces)) > 0.5]
        if len(inside):
            depth = np.linalg.norm(inside[:, None] - mesh[None], axis=-1).min(axis=1)
            deepest = max(deepest, float(depth.max()))
    return deepest


@pytest.mark.parametrize("stage", STAGES)
def test_a_scene_is_the_hand_model_of_its_parameters_seen_whole(placer, stage):
    for scene in scenes(placer, stage):
        for side, hand in scene.hands.items():
            vertices, joints = MODELS[side].mesh(hand.parameters)
            np.testing.assert_allclose(hand.vertices, vertices, atol=1e-6)
            np.testing.assert_allclose(hand.joints, joints, atol=1e-6)
            seen = scene.view.intrinsics.project(hand.joints)
            assert (seen > 0).all()
            assert (seen < SIZE - 1).all()


@pytest.mark.parametrize("stage", STAGES)
def test_hands_fill_the_crop_as_the_app_cuts_it(placer, stage):
    for scene in scenes(placer, stage):
        seen = scene.view.intrinsics.project(np.concatenate([hand.joints for hand in scene.hands.values()]))
        fill = np.ptp(seen, axis=0).max() / SIZE
        assert FILL[0] - 1e-6 <= fill <= FILL[1] + 1e-6


def test_the_crop_keeps_what_the_frame_saw(placer):
    """A crop is an affine image of the frame: seen from it, rays through the frame's corners meet its corners."""
    for scene in scenes(placer, "one", 8):
        camera, (left, top, right, bottom) = scene.view.intrinsics, scene.view.frame
        assert camera.fx == pytest.approx(camera.fy)
        assert camera.cx == pytest.approx((left + right) / 2.0)
        assert camera.cy == pytest.approx((top + bottom) / 2.0)
        assert 48.0 <= 2.0 * np.degrees(np.arctan2((right - left) / 2.0, camera.fx)) <= 84.0


def test_one_means_one_of_either_side(placer):
    sides = [tuple(scene.hands) for scene in scenes(placer, "one")]
    assert {("left",), ("right",)} == set(sides)


def test_apart_means_right_hand_left_or_the_owners_view_and_no_overlap(placer):
    own_view = []
    for scene in scenes(placer, "apart"):
        boxes = {side: scene.view.intrinsics.project(hand.vertices) for side, hand in scene.hands.items()}
        left, right = boxes["left"], boxes["right"]
        own_view.append(right[:, 0].mean() > left[:, 0].mean())
        # Each arm comes from its own hand's side.
        towards = scene.hands["right"].forearm - scene.hands["left"].forearm
        meet = (left.min(axis=0) < right.max(axis=0)).all() and (right.min(axis=0) < left.max(axis=0)).all()
        assert not meet
        if abs(towards[0]) > 0.8:
            assert (towards[0] > 0) == own_view[-1]
    assert 0.1 < np.mean(own_view) < 0.5


def test_contact_means_close_without_deep_penetration(placer):
    made = scenes(placer, "contact", 15)
    depths = np.array([penetration(scene) for scene in made])
    assert depths.max() < DEEPEST, f"deepest {1e3 * depths.max():.1f} mm"
    gaps = []
    for scene in made:
        left, right = (scene.hands[side].vertices for side in SIDES)
        gaps.append(np.linalg.norm(left[:, None] - right[None], axis=-1).min())
    assert np.mean(np.array(gaps) < 0.008) > 0.4, "many touch"
    assert max(gaps) < 0.25, "and all are near"


def test_the_measure_of_penetration_sees_a_hand_inside_another(placer):
    scene = scenes(placer, "contact", 1)[0]
    left, right = (scene.hands[side] for side in SIDES)
    pushed = left.moved(right.joints.mean(axis=0) - left.joints.mean(axis=0))
    assert penetration(Scene({"left": pushed, "right": right}, scene.view)) > DEEPEST


def test_contact_hides_one_hand_behind_the_other_often(placer):
    overlapping = 0
    for scene in scenes(placer, "contact"):
        low, high = zip(
            *(
                (box.min(axis=0), box.max(axis=0))
                for box in (scene.view.intrinsics.project(hand.joints) for hand in scene.hands.values())
            ),
            strict=True,
        )
        overlapping += bool((np.minimum(*high) > np.maximum(*low)).all())
    assert overlapping > 0.6 * COUNT


def test_mixed_has_every_kind(placer):
    counts = [len(scene.hands) for scene in scenes(placer, "mixed", 40)]
    assert 4 < counts.count(1) < 24


def test_forearms_leave_the_hand_and_never_come_out_of_the_camera(placer):
    for scene in scenes(placer, "mixed"):
        for hand in scene.hands.values():
            fingers = hand.joints[9] - hand.joints[0]
            assert hand.forearm @ (fingers / np.linalg.norm(fingers)) < -0.4, "a wrist bends by less than a right angle"
            assert hand.forearm[2] > -0.35
