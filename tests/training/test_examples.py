"""Examples against the geometry that they are made by: projections, turns, mirrors, the hand model itself."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from models.hand_model import load_hand_models
from models.placement import view_rotation
from models.rotations import exp_so3
from models.values import SIDES, WRIST, HandParameters, Intrinsics
from training.data.augment import NONE, Augmentation
from training.data.examples import MASK_STRIDE, Transform, collate, make_example, mirrored
from training.data.samples import SEGMENT_BIT, HandLabel, Knowledge, Sample

MODELS = load_hand_models()
SIZE = 128
# A crop right of and above the frame's middle: its principal point lies outside.
CAMERA = Intrinsics(300.0, 300.0, -40.0, 150.0, SIZE, SIZE)


AHEAD = Intrinsics(300.0, 300.0, (SIZE - 1) / 2, (SIZE - 1) / 2, SIZE, SIZE)


def make_sample(sides=SIDES, knowledge=Knowledge.FULL, seed=0, camera=CAMERA) -> Sample:
    random = np.random.default_rng(seed)
    hands = {}
    segmentation = np.zeros((SIZE, SIZE), np.uint8)
    for side in sides:
        x = 40 if side == "right" else 90
        ray = np.array([(x - camera.cx) / 300.0, (60 - camera.cy) / 300.0, 1.0])
        pose = (0.3 * random.normal(size=(16, 3))).astype(np.float32)
        translation = 1.5 * ray - MODELS[side].rest_wrist(np.zeros(10, np.float32))
        shape = random.normal(size=10).astype(np.float32)
        parameters = HandParameters(pose, shape, translation.astype(np.float32))
        vertices, joints = MODELS[side].mesh(parameters)
        points = camera.project(joints).astype(np.float32)
        hands[side] = HandLabel(knowledge, points, joints, vertices, parameters)
        x, y = points.mean(axis=0).astype(int)
        segmentation[y - 10 : y + 10, x - 10 : x + 10] |= SEGMENT_BIT[side]
    image = random.integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8)
    return Sample(image, camera, hands, True, segmentation, "test")


def turned(angle: float, zoom: float = 1.0, mirror: bool = False) -> Transform:
    affine = cv2.getRotationMatrix2D(((SIZE - 1) / 2, (SIZE - 1) / 2), angle, zoom)
    return Transform(affine, SIZE, mirror)


def test_unchanged_images_keep_their_labels():
    sample = make_sample()
    example = make_example(sample, Transform(np.eye(2, 3), SIZE), 0.3)
    np.testing.assert_array_equal(example.image, sample.image)
    for hand, side in enumerate(SIDES):
        label = sample.hands[side]
        px = (example.joints_2d[hand] + 1.0) * SIZE / 2.0 - 0.5
        np.testing.assert_allclose(px, label.joints_px, atol=1e-3)
        distances = np.linalg.norm(np.diff(example.vertices[hand], axis=0), axis=1)
        np.testing.assert_allclose(distances, np.linalg.norm(np.diff(label.vertices, axis=0), axis=1), atol=1e-6)
    assert example.present.tolist() == [1.0, 1.0]
    assert example.mesh_trust.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("mirror", [False, True])
def test_pose_and_shape_give_the_mesh_in_view_axes(mirror: bool):
    """What EANet learns: the hand model under the example's parameters is the example's mesh, for either side."""
    example = make_example(make_sample(), turned(37.0, 0.8, mirror), 0.3)
    for hand, side in enumerate(SIDES):
        still = HandParameters(example.pose[hand], example.shape[hand], np.zeros(3, np.float32))
        vertices, joints = MODELS[side].mesh(still)
        root, own = example.joints[hand, WRIST], joints[WRIST]
        np.testing.assert_allclose(vertices - own, example.vertices[hand] - root, atol=1e-5)


def test_a_turned_image_turns_the_hand_about_the_view():
    sample = make_sample(camera=AHEAD)
    upright, leaning = (make_example(sample, turned(angle), 0.3) for angle in (0.0, 90.0))
    # Turned by 90 degrees counter-clockwise on the screen, x goes up, which is -y.
    turn = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    np.testing.assert_allclose(leaning.joints, upright.joints @ turn.T, atol=1e-5)
    np.testing.assert_allclose(leaning.joints_2d, upright.joints_2d @ turn[:2, :2].T, atol=1e-5)
    np.testing.assert_allclose(leaning.vertices_2d, upright.vertices_2d @ turn[:2, :2].T, atol=1e-4)


def test_view_axes_are_those_that_the_app_places_hands_with():
    sample, transform = make_sample(), turned(20.0, 1.2)
    example = make_example(sample, transform, 0.3)
    rotation = view_rotation(transform.affine, SIZE, CAMERA)
    np.testing.assert_allclose(example.joints[0] @ rotation.T, sample.hands["left"].joints, atol=1e-5)
    wrist = rotation @ exp_so3(example.pose[0, 0].astype(np.float64))
    np.testing.assert_allclose(wrist, exp_so3(sample.hands["left"].parameters.pose[0].astype(np.float64)), atol=1e-5)


def test_a_mirror_swaps_hands_and_twice_is_nothing():
    sample = make_sample(("left",))
    once = mirrored(sample)
    assert set(once.hands) == {"right"}
    assert set(np.unique(once.segmentation)) == {0, SEGMENT_BIT["right"]}
    label = once.hands["right"]
    np.testing.assert_allclose(once.intrinsics.project(label.joints), label.joints_px, atol=1e-2)
    mesh, _ = MODELS["right"].mesh(label.parameters)
    np.testing.assert_allclose(mesh, label.vertices, atol=1e-5)
    twice = mirrored(once)
    np.testing.assert_array_equal(twice.image, sample.image)
    np.testing.assert_array_equal(twice.segmentation, sample.segmentation)
    np.testing.assert_allclose(twice.hands["left"].joints_px, sample.hands["left"].joints_px, atol=1e-4)


def test_what_is_not_known_is_not_trusted():
    sample = make_sample(("left",), Knowledge.WEAK_3D)
    label = sample.hands["left"]
    points = label.joints_px.copy()
    points[3] = np.nan
    flat = HandLabel(Knowledge.POINTS_2D, points)
    only_2d = Sample(sample.image, CAMERA, {"left": flat}, False, None, "test")
    weak, unknown = (make_example(entry, turned(0.0), 0.3) for entry in (sample, only_2d))
    assert weak.mesh_trust.tolist() == pytest.approx([0.3, 0.0])
    assert weak.presence_trust.tolist() == [1.0, 1.0]
    assert unknown.mesh_trust.tolist() == [0.0, 0.0]
    assert unknown.presence_trust.tolist() == [1.0, 0.0]
    assert unknown.joints_trust[0, 3] == 0.0
    assert unknown.joints_trust[0].sum() == 20.0
    assert unknown.mask_trust == 0.0
    assert all(np.isfinite(array).all() for array in unknown)


def test_silhouettes_are_the_covered_part_of_cells():
    sample = make_sample(("right",))
    example = make_example(sample, Transform(np.eye(2, 3), SIZE), 0.3)
    blocks = (sample.segmentation > 0).reshape(SIZE // MASK_STRIDE, MASK_STRIDE, -1, MASK_STRIDE).mean(axis=(1, 3))
    np.testing.assert_allclose(example.masks[1], blocks, atol=0.01)
    assert not example.masks[0].any()


def test_random_changes_are_the_seed_s_and_of_the_size_asked_for():
    sample = make_sample()
    changes = Augmentation()
    for seed in range(20):
        first, second = (changes.transform(sample, 96, np.random.default_rng(seed)) for _ in range(2))
        np.testing.assert_array_equal(first.affine, second.affine)
        scale = np.sqrt(np.linalg.det(first.affine[:, :2])) * SIZE / 96
        assert changes.scale[0] <= scale <= changes.scale[1]
        recoloured = changes.recolour(sample.image, np.random.default_rng(seed))
        assert recoloured.shape == sample.image.shape
        assert recoloured.dtype == np.uint8
    plain = NONE.transform(sample, SIZE, np.random.default_rng(0))
    np.testing.assert_allclose(plain.affine, np.eye(2, 3), atol=1e-9)
    assert NONE.recolour(sample.image, np.random.default_rng(0)) is sample.image


def test_a_part_aside_shows_no_hand():
    """Its labels say so: all joints outside, no silhouette, in an image whose hands are all known."""
    sample = make_sample(("left",))
    changes = Augmentation(aside=1.0)
    found = 0
    for seed in range(40):
        transform = changes.transform(sample, 96, np.random.default_rng(seed))
        example = make_example(sample, transform, 0.3)
        outside = (np.abs(example.joints_2d[0]) > 1.0).any(axis=1)
        if transform.affine[0, 0] > 96 / (0.6 * SIZE):
            found += 1
            assert outside.all()
            assert not example.masks.any()
    assert found > 20
    unknown = replace(sample, presence_known=False)
    assert changes.transform(unknown, 96, np.random.default_rng(0)).affine[0, 0] < 96 / (0.6 * SIZE)
    # A second hand is there, and nobody knows where: any part may show it.
    nowhere = replace(sample.hands["left"], joints_px=np.full((21, 2), np.nan, np.float32))
    somewhere = replace(sample, hands=dict(sample.hands) | {"right": nowhere})
    for seed in range(10):
        assert changes.transform(somewhere, 96, np.random.default_rng(seed)).affine[0, 0] < 96 / (0.6 * SIZE)


def test_batches_stack_examples():
    batch = collate([make_example(make_sample(seed=seed), turned(10.0 * seed), 0.3) for seed in range(3)])
    assert batch.image.shape == (3, SIZE, SIZE, 3)
    assert batch.mask_trust.shape == (3,)
    pixels = batch.pixels()
    assert pixels.shape == (3, 3, SIZE, SIZE)
    assert 0.0 <= float(pixels.min()) <= float(pixels.max()) <= 1.0


def test_a_mesh_without_parameters_is_still_a_mesh():
    sample = make_sample(("left",), Knowledge.WEAK_3D)
    label = sample.hands["left"]
    bare = HandLabel(Knowledge.WEAK_3D, label.joints_px, label.joints, label.vertices)
    example = make_example(Sample(sample.image, AHEAD, {"left": bare}, True, None, "test"), turned(0.0), 0.3)
    assert example.mesh_trust.tolist() == pytest.approx([0.3, 0.0])
    assert example.parameters_trust.tolist() == [0.0, 0.0]


def hands_in_the_middle(changes: Augmentation, sample: Sample) -> set[str]:
    """Sides of the hands that twenty changes bring to the middle, where each fills as much as it should."""
    chosen: set[str] = set()
    for seed in range(20):
        affine = changes.transform(sample, 96, np.random.default_rng(seed)).affine
        for side, label in sample.hands.items():
            seen = label.joints_px @ affine[:, :2].T + affine[:, 2]
            if np.abs((seen.min(axis=0) + seen.max(axis=0)) / 2.0 - 47.5).max() < 1.0:
                chosen.add(side)
                assert 0.4 * 96 <= np.ptp(seen, axis=0).max() <= 0.85 * 96
    return chosen


def test_hands_that_are_apart_are_shown_one_at_a_time():
    """The chosen hand's box, turned at most, takes between the two parts of the image; both hands have their turn."""
    sample = make_sample(camera=AHEAD)
    apart = {
        side: replace(label, joints_px=label.joints_px + np.float32(3 * SIZE if side == "left" else 0))
        for side, label in sample.hands.items()
    }
    changes = Augmentation(closer=1.0, aside=0.0, turned=0.0, shift=0.0)
    assert hands_in_the_middle(changes, replace(sample, hands=apart)) == {"left", "right"}
    near = {side: replace(label, joints_px=sample.hands["right"].joints_px) for side, label in sample.hands.items()}
    near = changes.transform(replace(sample, hands=near), 96, np.random.default_rng(0))
    middle = near.affine[:, :2] @ np.full(2, (SIZE - 1) / 2.0) + near.affine[:, 2]
    np.testing.assert_allclose(middle, 47.5)


def test_of_hands_that_touch_one_may_be_in_the_middle():
    """As the app's first crop shows a pair of which it knows one hand."""
    sample = make_sample(camera=AHEAD)
    shift = np.float32(0.3) * np.ptp(sample.hands["left"].joints_px, axis=0).max()
    near = {
        side: replace(sample.hands["left"], joints_px=sample.hands["left"].joints_px + (shift if side == "left" else 0))
        for side in sample.hands
    }
    changes = Augmentation(around_one=1.0, aside=0.0, turned=0.0, shift=0.0)
    assert hands_in_the_middle(changes, replace(sample, hands=near)) == {"left", "right"}


@pytest.mark.parametrize("points", [0, 1, 3])
def test_a_hand_whose_place_few_points_or_none_tell_is_no_reason_to_show_one_closer(points: int):
    """One joint has no size: the image was to be enlarged without end."""
    sample = make_sample(camera=AHEAD)
    unknown = np.full((21, 2), np.nan, np.float32)
    unknown[:points] = 10.0
    left = HandLabel(Knowledge.POINTS_2D, unknown)
    changes = Augmentation(closer=1.0, aside=0.0, shift=0.0)
    for seed in range(8):
        affine = changes.transform(
            replace(sample, hands=sample.hands | {"left": left}), 96, np.random.default_rng(seed)
        ).affine
        zoom = np.sqrt(abs(np.linalg.det(affine[:, :2]))) * SIZE / 96
        assert 0.8 - 1e-6 <= zoom <= 1.3 + 1e-6
