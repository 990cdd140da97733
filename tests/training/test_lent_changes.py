"""Augmentation on the device: geometry against closed forms and against what images are changed by one by one."""

from __future__ import annotations

import math
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch

from models.hand_model import load_hand_models
from models.values import SIDES
from training.data.augment import Augmentation
from training.data.examples import MASK_STRIDE, Transform, make_example
from training.data.samples import Sample
from training.data.sources import open_source
from training.lent.batches import labelled_batch, view_rotations
from training.lent.changes import Change, Hands, coarsest_level, draw_changes, recolour, similarity, warp, warp_masks
from training.lent.plan import PackedSource, Plan
from training.lent.shards import ShardWriter
from training.lent.store import Store, load_store

SIZE = 64
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    """Two of one hand, two of two hands, of 256 px."""
    return [
        sample
        for stage in ("synthetic:one", "synthetic:contact")
        for sample in open_source(stage, 3, "train", 256, 2).samples([0, 1])
    ]


@pytest.fixture(scope="module")
def store(samples: list[Sample], tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("pack")
    writer = ShardWriter(load_hand_models(), 95)
    for sample in samples:
        writer.add(sample, 0)
    shard = writer.write(folder / "shard-000.safetensors")
    source = PackedSource("synthetic:mixed", "synthetic", 1.0, True, len(samples))
    return load_store(folder, Plan("test", {}, (source,), (shard,), 256, 0.1), load_hand_models(), CPU)


def change_of(transforms: list[Transform]) -> Change:
    return Change(
        torch.tensor(np.stack([transform.affine for transform in transforms]), dtype=torch.float32),
        torch.tensor([transform.mirror for transform in transforms]),
        torch.tensor([transform.fill is None for transform in transforms]),
        torch.tensor([transform.fill or (0, 0, 0) for transform in transforms], dtype=torch.float32),
    )


@pytest.fixture(scope="module")
def transforms(samples: list[Sample]) -> list[Transform]:
    """Of each sample twice: as training turns, scales and mirrors them, and each with every border."""
    rng = np.random.default_rng(0)
    augmentation = Augmentation(closer=0.5, aside=0.0, turned=0.5)
    drawn = [augmentation.transform(sample, SIZE, rng) for sample in samples for _ in range(4)]
    assert {transform.mirror for transform in drawn} == {False, True}
    return drawn


def test_labels_are_those_that_the_trainer_makes(store: Store, samples: list[Sample], transforms: list[Transform]):
    rows = torch.arange(len(samples)).repeat_interleave(4)
    blank = torch.zeros(len(rows), SIZE, SIZE, 3), torch.zeros(len(rows), 2, 8, 8), torch.zeros(len(rows))
    batch = labelled_batch(store, rows, change_of(transforms), SIZE, 0.3, *blank)
    for number, transform in enumerate(transforms):
        expected = make_example(samples[int(rows[number])], transform, 0.3)
        for name, tolerance in {
            "vertices": 2e-6,
            "joints": 2e-6,
            "vertices_2d": 2e-5,
            "joints_2d": 2e-5,
            "pose": 1e-4,
            "shape": 1e-6,
            "present": 0.0,
            "presence_trust": 0.0,
            "joints_trust": 0.0,
            "mesh_trust": 1e-6,
            "parameters_trust": 1e-6,
        }.items():
            found = getattr(batch, name)[number].numpy()
            np.testing.assert_allclose(found, getattr(expected, name), atol=tolerance, err_msg=f"{name} {number}")


def test_images_and_silhouettes_are_those_that_the_trainer_makes(
    store: Store, samples: list[Sample], transforms: list[Transform]
):
    rows = torch.arange(len(samples)).repeat_interleave(4)
    change = change_of(transforms)
    level = coarsest_level(Augmentation(), 256, SIZE)
    images = warp(store.images[rows].float(), change, SIZE, level).permute(0, 2, 3, 1).numpy()
    masks = warp_masks(store.segmentation[rows], change, SIZE, MASK_STRIDE).numpy()
    for number, transform in enumerate(transforms):
        expected = make_example(samples[int(rows[number])], transform, 0.3)
        # Anti-aliased in another way, and through JPEG: alike where the eye looks.
        assert np.abs(images[number] - expected.image.astype(float)).mean() < 6.0
        assert np.abs(masks[number] - expected.masks).mean() < 0.01
        smooth = [cv2.GaussianBlur(np.float32(image), (0, 0), 3.0) for image in (images[number], expected.image)]
        assert np.corrcoef(smooth[0].ravel(), smooth[1].ravel())[0, 1] > 0.98


def test_a_turn_by_a_right_angle_and_a_shift_are_exact():
    image = torch.arange(64.0).reshape(1, 1, 8, 8)
    middle = torch.tensor([[3.5, 3.5]])
    turn = similarity(torch.ones(1), torch.tensor([math.pi / 2]), middle, middle)
    still = Change(turn, torch.tensor([False]), torch.tensor([False]), torch.full((1, 1), 200.0))
    torch.testing.assert_close(warp(image, still, 8, 0)[0, 0], torch.rot90(image[0, 0]), atol=1e-3, rtol=0.0)
    shifted = still._replace(affine=similarity(torch.ones(1), torch.zeros(1), middle, middle + 3.0))
    found = warp(image, shifted, 8, 0)[0, 0]
    torch.testing.assert_close(found[3:, 3:], image[0, 0, :5, :5])
    assert (found[:3] == 200.0).all(), "the colour that lies outside"
    edge = warp(image, shifted._replace(edge=torch.tensor([True])), 8, 0)[0, 0]
    torch.testing.assert_close(edge[0, 3:], image[0, 0, 0, :5])


def test_a_mirror_exchanges_the_sides_of_images_and_silhouettes():
    image = torch.rand(1, 3, 16, 16)
    affine = torch.eye(2, 3)[None]
    change = Change(affine, torch.tensor([True]), torch.tensor([True]), torch.zeros(1, 3))
    torch.testing.assert_close(warp(image, change, 16, 0), image.flip(-1))
    bits = torch.zeros(1, 16, 16, dtype=torch.uint8)
    bits[0, :, :4] = 1  # the left hand, at the image's left
    bits[0, :8, 8:] = 2
    masks = warp_masks(bits, change, 16, 8)
    assert masks[0, SIDES.index("right")].tolist() == [[0.0, 0.5], [0.0, 0.5]]
    assert masks[0, SIDES.index("left")].tolist() == [[1.0, 0.0], [0.0, 0.0]]


def test_a_mirrored_sample_has_its_hands_exchanged(store: Store, samples: list[Sample]):
    """One hand: what was the left one is the right one, at the mirrored place, its mesh mirrored across x."""
    row = torch.tensor([0])
    (side,) = samples[0].hands
    blank = torch.zeros(1, 256, 256, 3), torch.zeros(1, 2, 32, 32), torch.zeros(1)
    still, mirrored = (
        labelled_batch(
            store, row, Change(torch.eye(2, 3)[None], torch.tensor([flag]), torch.tensor([True]), torch.zeros(1, 3)),
            256, 0.3, *blank,
        )
        for flag in (False, True)
    )  # fmt: skip
    own = SIDES.index(side)
    other = 1 - own
    assert still.present[0].tolist() == [1.0 - own, float(own)]
    assert mirrored.present[0].tolist() == [1.0 - other, float(other)]
    # Pixel centres: the mirror of [-1, 1] over the image is x to -x.
    flip = torch.tensor([-1.0, 1.0])
    torch.testing.assert_close(mirrored.joints_2d[0, other], still.joints_2d[0, own] * flip, atol=1e-5, rtol=0.0)
    flip = torch.tensor([-1.0, 1.0, 1.0])
    torch.testing.assert_close(mirrored.vertices[0, other], still.vertices[0, own] * flip, atol=1e-6, rtol=0.0)
    torch.testing.assert_close(mirrored.shape[0, other], still.shape[0, own])
    axial = torch.tensor([1.0, -1.0, -1.0])
    torch.testing.assert_close(mirrored.pose[0, other], still.pose[0, own] * axial, atol=1e-4, rtol=0.0)


def test_the_axes_of_a_crop_are_those_of_the_camera_that_looks_at_its_middle():
    """A crop whose middle is the principal point: no turn. One beside it: the angle of the ray to its middle."""
    camera = torch.tensor([[100.0, 100.0, 31.5, 31.5]]).repeat(2, 1)
    affine = torch.eye(2, 3).repeat(2, 1, 1)
    affine[1, 0, 2] = -50.0
    found = view_rotations(affine, 64, camera)
    torch.testing.assert_close(found[0], torch.eye(3), atol=1e-6, rtol=0.0)
    angle = math.atan2(50.0, 100.0)
    forward = torch.tensor([math.sin(angle), 0.0, math.cos(angle)])
    torch.testing.assert_close(found[1, :, 2], forward, atol=1e-6, rtol=0.0)
    torch.testing.assert_close(found[1].T @ found[1], torch.eye(3), atol=1e-6, rtol=0.0)


def hands(joints_px: torch.Tensor, presence_known: bool = True) -> Hands:
    return Hands(
        joints_px,
        ~torch.isnan(joints_px).all(dim=(-2, -1)),
        torch.full((len(joints_px),), presence_known),
    )


def drawn(joints_px: torch.Tensor, **values: float) -> Change:
    augmentation = Augmentation(**{"aside": 0.0, "mirror": 0.0, "shift": 0.0, "turned": 0.0, **values})
    return draw_changes(augmentation, hands(joints_px), 256, 128, 0.1, torch.Generator().manual_seed(1))


def places(change: Change, points: torch.Tensor) -> torch.Tensor:
    """Points (B, N, 2), px of images of 256 px, in the new ones."""
    moved = torch.where(
        change.mirror[:, None, None], torch.tensor([255.0, 0.0]) + points * torch.tensor([-1.0, 1.0]), points
    )
    return moved @ change.affine[:, :, :2].mT + change.affine[:, None, :, 2]


def box(count: int, left: tuple[float, float, float], right: tuple[float, float, float] | None) -> torch.Tensor:
    """Joints along the diagonals of square boxes (x, y, side)."""
    joints = torch.full((count, 2, 21, 2), math.nan)
    for hand, square in enumerate((left, right)):
        if square is not None:
            x, y, side = square
            joints[:, hand] = torch.linspace(0.0, 1.0, 21)[:, None] * side + torch.tensor([x, y])
    return joints


@pytest.mark.parametrize("mirror", [0.0, 1.0])
def test_a_hand_that_is_shown_closer_lies_in_the_middle_and_fills_as_much_as_it_should(mirror: float):
    joints = box(200, (20.0, 30.0, 40.0), (150.0, 100.0, 60.0))
    change = drawn(joints, closer=1.0, mirror=mirror)
    left, right = (places(change, joints[:, hand]) for hand in (0, 1))
    middles = torch.stack([(own.amin(1) + own.amax(1)) / 2.0 for own in (left, right)])
    nearest = (middles - 63.5).norm(dim=-1).amin(dim=0)
    assert nearest.max() < 1e-3
    zoom = change.affine[:, :, :2].det().sqrt()
    shown = torch.where((middles[0] - 63.5).norm(dim=-1) < 1.0, zoom * 40.0, zoom * 60.0) / 128.0
    assert shown.min() >= 0.4
    assert shown.max() <= 0.85


def test_hands_that_touch_and_lone_ones_are_not_shown_closer():
    touching = drawn(box(50, (20.0, 30.0, 60.0), (78.0, 30.0, 60.0)), closer=1.0, scale=(1.0, 1.0))
    assert torch.allclose(touching.affine[:, :, :2].det(), torch.tensor(0.25))
    alone = drawn(box(50, (20.0, 30.0, 60.0), None), closer=1.0, lone_scale=(0.5, 0.5), scale=(1.0, 1.0))
    assert torch.allclose(alone.affine[:, :, :2].det(), torch.tensor(0.0625))


def test_a_hand_of_which_one_joint_is_known_is_not_shown_closer():
    joints = box(100, (20.0, 30.0, 40.0), (150.0, 100.0, 60.0))
    joints[:, 1, 1:] = math.nan
    change = drawn(joints, closer=1.0, around_one=1.0, scale=(1.0, 1.0))
    assert torch.allclose(change.affine[:, :, :2].det(), torch.tensor(0.25))


def test_of_hands_that_touch_one_may_be_in_the_middle():
    joints = box(100, (20.0, 30.0, 60.0), (78.0, 30.0, 60.0))
    change = drawn(joints, around_one=1.0)
    left, right = (places(change, joints[:, hand]) for hand in (0, 1))
    middles = torch.stack([(own.amin(1) + own.amax(1)) / 2.0 for own in (left, right)])
    assert ((middles - 63.5).norm(dim=-1).amin(dim=0) < 1e-3).all()
    apart = drawn(box(50, (20.0, 30.0, 40.0), (150.0, 100.0, 60.0)), around_one=1.0, scale=(1.0, 1.0))
    assert torch.allclose(apart.affine[:, :, :2].det(), torch.tensor(0.25))


def test_parts_beside_the_hands_show_none_of_them():
    joints = box(300, (60.0, 80.0, 70.0), None)
    change = drawn(joints, aside=1.0)
    shown = places(change, joints[:, 0])
    seen = ((shown >= 0.0) & (shown <= 127.0)).all(dim=-1)
    side = 128.0 / change.affine[:, :, :2].det().sqrt()
    aside = ~change.mirror & (side <= 0.6 * 256.0)
    assert not seen[aside].any()
    assert aside.float().mean() > 0.8, "of the others no part was found"
    unknown = hands(joints, presence_known=False)
    still = Augmentation(aside=1.0, mirror=0.0, shift=0.0, turned=0.0, lone_scale=(1.0, 1.0), scale=(1.0, 1.0))
    kept = draw_changes(still, unknown, 256, 128, 0.1, torch.Generator().manual_seed(1))
    assert torch.allclose(kept.affine[:, :, :2].det(), torch.tensor(0.25)), "nobody knows what else is in these"
    nowhere = hands(joints)._replace(labelled=torch.ones(len(joints), 2, dtype=torch.bool))
    kept = draw_changes(still, nowhere, 256, 128, 0.1, torch.Generator().manual_seed(1))
    assert torch.allclose(kept.affine[:, :, :2].det(), torch.tensor(0.25)), "nobody knows where the other hand is"


def test_what_is_drawn_is_spread_as_the_trainers_own():
    joints = box(4000, (60.0, 80.0, 70.0), None)
    change = drawn(joints, mirror=0.5, turned=0.25, shift=0.1)
    zoom = change.affine[:, :, :2].det().sqrt() * 2.0
    assert zoom.min() > 0.399
    assert zoom.max() < 1.301
    assert float(change.mirror.float().mean()) == pytest.approx(0.5, abs=0.04)
    assert float(change.edge.float().mean()) == pytest.approx(0.5, abs=0.04)
    angle = torch.atan2(change.affine[:, 0, 1], change.affine[:, 0, 0]).rad2deg()
    assert float((angle.abs() > 90.0).float().mean()) == pytest.approx(0.125, abs=0.03)


def test_colours_change_but_for_images_that_were_spoilt_already():
    image = torch.full((2, 3, 32, 32), 120.0)
    found = recolour(image, 1.0, torch.tensor([True, False]), torch.Generator().manual_seed(0))
    assert (found[0] == 120.0).all()
    assert (found[1] - 120.0).abs().mean() > 1.0
    assert found.min() >= 0.0
    assert found.max() <= 255.0
    assert (recolour(image, 0.0, torch.tensor([False, False]), torch.Generator()) == 120.0).all()


def test_images_are_halved_as_often_as_they_may_shrink():
    still = SimpleNamespace(scale=(1.0, 1.0), lone_scale=(1.0, 1.0))
    assert [coarsest_level(still, 256, size) for size in (256, 128, 64)] == [0, 1, 2]  # type: ignore[arg-type]
    assert coarsest_level(Augmentation(lone_scale=(0.4, 1.3)), 256, 256) == 1
