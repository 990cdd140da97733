"""Rendered samples: determinism, labels that fit the image, appearance, files."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from opengl import needs_opengl

from models.errors import BothhandsError
from models.hand_model import load_hand_models
from models.values import SIDES, HandParameters
from training.data.samples import SEGMENT_BIT, Sample
from training.data.synthesize import synthesize
from training.synthetic.appearance import SKIN_TONES, random_skin_tone
from training.synthetic.arms import RINGS, ArmMesh, Sleeve, boundary_loop
from training.synthetic.backgrounds import Backgrounds
from training.synthetic.synthesiser import Synthesiser

ROOT = Path(__file__).resolve().parents[2]
MODELS = load_hand_models()


def digest(sample: Sample) -> str:
    state = hashlib.sha256(sample.image.tobytes() + sample.segmentation.tobytes())
    for side in SIDES:
        if side in sample.hands:
            state.update(sample.hands[side].joints_px.tobytes() + sample.hands[side].vertices.tobytes())
    return state.hexdigest()


@pytest.fixture(scope="module")
def samples() -> Iterator[list[Sample]]:
    synthesiser = Synthesiser(seed=11, stage="mixed")
    yield synthesiser.samples(range(32))
    synthesiser.close()


@needs_opengl
def test_a_sample_depends_on_seed_and_index_alone(samples):
    other = Synthesiser(seed=11, stage="mixed")
    wanted = [29, 3, 11, 3]
    assert [digest(sample) for sample in other.samples(wanted)] == [digest(samples[index]) for index in wanted]
    assert digest(other.sample(17)) == digest(samples[17])
    other.close()
    another_seed = Synthesiser(seed=12, stage="mixed")
    assert digest(another_seed.sample(3)) != digest(samples[3])
    another_seed.close()


@needs_opengl
def test_another_process_makes_the_same(samples):
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from tests.training.test_synthetic import Synthesiser, digest\n"
        "print(digest(Synthesiser(seed=11, stage='mixed').sample(13)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest(samples[13])


@needs_opengl
def test_a_used_synthesiser_can_be_sent_to_a_worker(samples):
    used = Synthesiser(seed=11, stage="mixed")
    used.sample(0)
    sent = pickle.loads(pickle.dumps(used))
    used.close()
    assert digest(sent.sample(5)) == digest(samples[5])
    sent.close()


@needs_opengl
def test_reused_scenes_keep_their_labels_and_change_their_images():
    synthesiser = Synthesiser(seed=2, stage="one", reuse=3)
    first, second, _, fourth = synthesiser.samples([3, 4, 5, 6])
    (side,) = first.hands
    np.testing.assert_array_equal(first.hands[side].vertices, second.hands[side].vertices)
    assert np.abs(first.image.astype(int) - second.image).mean() > 5.0
    assert digest(first) != digest(fourth)
    assert digest(synthesiser.sample(4)) == digest(second)
    synthesiser.close()


@needs_opengl
def test_labels_agree_with_each_other(samples):
    for sample in samples:
        assert sample.image.shape == (256, 256, 3)
        assert sample.image.dtype == np.uint8
        assert sample.presence_known
        assert sample.source == "synthetic"
        for side, hand in sample.hands.items():
            assert isinstance(hand.parameters, HandParameters)
            vertices, joints = MODELS[side].mesh(hand.parameters)
            np.testing.assert_allclose(hand.vertices, vertices, atol=1e-6)
            np.testing.assert_allclose(hand.joints, joints, atol=1e-6)
            np.testing.assert_allclose(sample.intrinsics.project(joints), hand.joints_px, atol=1e-2)


@needs_opengl
def test_the_silhouettes_cover_the_projected_mesh_and_nothing_else(samples):
    for sample in samples:
        for side in SIDES:
            covered = sample.segmentation & SEGMENT_BIT[side] > 0
            if side not in sample.hands:
                assert not covered.any()
                continue
            hand = sample.hands[side]
            # OpenCV paints every pixel that a triangle touches: four times finer, that matters less.
            fine = np.zeros((1024, 1024), np.uint8)
            corners = 4.0 * sample.intrinsics.project(hand.vertices) + 1.5
            for triangle in np.rint(16.0 * corners[MODELS[side].faces]).astype(np.int32):
                cv2.fillConvexPoly(fine, triangle, (255,), cv2.LINE_8, 4)
            drawn = cv2.resize(fine, (256, 256), interpolation=cv2.INTER_AREA) > 127
            overlap = np.logical_and(covered, drawn).sum() / np.logical_or(covered, drawn).sum()
            assert overlap > 0.93
            inside = hand.joints_px[1:].round().astype(int)
            flesh = cv2.dilate(covered.astype(np.uint8), np.ones((5, 5), np.uint8))  # finger tips lie on the skin
            assert flesh[inside[:, 1], inside[:, 0]].all(), "joints lie in the flesh"


@needs_opengl
def test_hands_differ_from_what_is_behind_them(samples):
    """The image changes at the silhouette: hands are drawn where the labels say."""
    stronger = 0
    for sample in samples:
        covered = (sample.segmentation > 0).astype(np.uint8)
        near = cv2.dilate(covered, np.ones((9, 9), np.uint8))
        edge = cv2.dilate(covered, np.ones((3, 3), np.uint8)) - cv2.erode(covered, np.ones((3, 3), np.uint8)) > 0
        grey = cv2.GaussianBlur(cv2.cvtColor(sample.image, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1.0)
        gradient = np.hypot(*np.gradient(grey))
        around = (near == 0) | (cv2.erode(covered, np.ones((9, 9), np.uint8)) > 0)
        stronger += gradient[edge].mean() > gradient[around].mean()
    assert stronger >= 0.8 * len(samples)


@needs_opengl
def test_the_image_is_black_outside_the_frame():
    synthesiser = Synthesiser(seed=1, stage="one", reuse=1)
    seen = 0
    for sample in synthesiser.samples(range(40)):
        dark = (sample.image == 0).all(axis=(1, 2))
        seen += bool(dark[-4:].all() or dark[:4].all())
    synthesiser.close()
    assert 1 <= seen <= 30


def test_skin_tones_span_the_scale():
    rng = np.random.default_rng(0)
    light = np.array([np.dot(random_skin_tone(rng), (0.299, 0.587, 0.114)) for _ in range(500)])
    scale = SKIN_TONES @ (0.299, 0.587, 0.114)
    shares, _ = np.histogram(light, bins=np.linspace(scale.min() - 12, scale.max() + 12, 6))
    assert (shares > 0.08 * len(light)).all(), "no part of the range is rare"


@pytest.mark.parametrize("start", [0.02, 0.15, 1.0])
def test_an_arm_closes_the_hand_and_leads_to_the_elbow(start):
    model = MODELS["right"]
    zero = np.zeros((16, 3), np.float32), np.zeros(10, np.float32), np.zeros(3, np.float32)
    vertices, joints = model.mesh(HandParameters(*zero))
    arm = ArmMesh(model.faces, len(vertices))
    forearm = np.array([0.8, 0.6, 0.0])
    tube = arm.vertices(vertices, joints[0], forearm, Sleeve(start, 0.005, 0.0))
    around = len(boundary_loop(model.faces))
    assert tube.shape == (RINGS * around, 3)
    faces = np.concatenate([model.faces, arm.faces])
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    directed = {(int(a), int(b)) for a, b in edges}
    assert len(directed) == len(edges), "neighbours pass along their edge in opposite ways"
    open_edges = [(a, b) for a, b in directed if (b, a) not in directed]
    assert len(open_edges) == around
    assert min(min(edge) for edge in open_edges) >= len(vertices), "only the far end is open"
    way = tube[-around:].mean(axis=0) - tube[-3 * around : -2 * around].mean(axis=0)
    np.testing.assert_allclose(way / np.linalg.norm(way), forearm, atol=0.05)


def test_backgrounds_come_from_a_folder_too(tmp_path):
    red = np.zeros((64, 80, 3), np.uint8)
    red[..., 2] = 255
    cv2.imwrite(str(tmp_path / "red.png"), red)
    backgrounds = Backgrounds(0, tmp_path)
    rng = np.random.default_rng(0)
    pictures = [backgrounds.sample(rng, 128) for _ in range(12)]
    assert {picture.shape for picture in pictures} == {(128, 128, 3)}
    count = sum(bool((picture == (255, 0, 0)).all()) for picture in pictures)
    assert 1 <= count < 12, "beside the drawn ones"
    with pytest.raises(BothhandsError, match="no image"):
        Backgrounds(0, tmp_path / "none")


def test_an_unknown_stage_is_refused():
    with pytest.raises(BothhandsError, match="one, apart, contact, mixed"):
        Synthesiser(0, "three")  # pyright: ignore[reportArgumentType]


@needs_opengl
def test_synthesize_writes_what_the_synthesiser_makes(tmp_path):
    assert list(synthesize(tmp_path, 3, seed=11))[-1] == 3
    expected = Synthesiser(seed=11)
    labels = np.load(tmp_path / "labels.npz")
    for index in range(3):
        sample = expected.sample(index)
        image = cv2.imread(str(tmp_path / "images" / f"{index:06d}.png"))
        np.testing.assert_array_equal(image[..., ::-1], sample.image)
        segmentation = cv2.imread(str(tmp_path / "segmentation" / f"{index:06d}.png"), cv2.IMREAD_UNCHANGED)
        np.testing.assert_array_equal(segmentation, sample.segmentation)
        for place, side in enumerate(SIDES):
            assert labels["present"][index, place] == (side in sample.hands)
            if side in sample.hands:
                np.testing.assert_array_equal(labels["pose"][index, place], sample.hands[side].parameters.pose)
    expected.close()
    order = json.loads((tmp_path / "synthesis.json").read_text())
    assert order == {"seed": 11, "stage": "mixed", "size": 256, "count": 3}


@needs_opengl
def test_a_preview_is_one_image(tmp_path):
    path = tmp_path / "sheet.png"
    list(synthesize(path, 10, seed=1, stage="one", preview=True))
    assert cv2.imread(str(path)).shape == (2 * 256, 8 * 256, 3)


@pytest.mark.parametrize("count", [0, -3])
def test_nothing_to_make_is_refused(tmp_path, count):
    with pytest.raises(BothhandsError, match="at least 1"):
        list(synthesize(tmp_path, count))
