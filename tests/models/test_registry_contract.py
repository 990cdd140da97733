"""What every entry of the registry promises, checked for each: a new model is tested by registering it."""

import dataclasses
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from models.eanet.config import BY_MODEL
from models.errors import BothhandsError
from models.hand_model import asset, load_hand_models
from models.registry import ModelCard, Reconstructor, create_model, list_models, model_card
from models.values import SIDES, Crop, Detection, HandParameters, Intrinsics
from models.weights_io import file_sha256
from tests.models.small_networks import convert_here

CAMERA = Intrinsics.from_fov(640, 480)
FRAME_TO_CROP = np.array([[0.8, 0.0, -128.0], [0.0, 0.8, -64.0]], np.float32)


@pytest.fixture(scope="module", params=list_models())
def name(request) -> str:
    return request.param


@pytest.fixture(scope="module", autouse=True)
def _networks_without_weights_are_small() -> Iterator[None]:
    """The promises are the same at any size, and random networks of full size take half a minute to convert. What
    tells `eanet` and `eanet-light` apart is their size alone: one of them is converted."""
    small = {"sa_depth": 1, "ca_depth": 1, "sjt_depth": 2, "channels": 16}
    small |= {"backbone_width": 2, "backbone_depths": (1, 1, 1, 1)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("models.eanet.cards.BY_MODEL", {name: replace(own, **small) for name, own in BY_MODEL.items()})
        convert_here(patch)
        yield


@pytest.fixture(scope="module")
def hand_models():
    return load_hand_models()


def create(name, hand_models) -> Reconstructor:
    """The model, or a skipped test where its weights are not at hand: then it must have said so in a sentence."""
    weights = model_card(name).weights
    if weights is None or (asset("weights") / weights).is_file():
        return create_model(name, hand_models, "cpu")
    with pytest.raises(BothhandsError) as caught:
        create_model(name, hand_models, "cpu")
    pytest.skip(str(caught.value))


@pytest.fixture(scope="module")
def model(name, hand_models) -> Iterator[Reconstructor]:
    reconstructor = create(name, hand_models)
    reconstructor.warm_up()
    yield reconstructor
    reconstructor.close()


def seen_hand(side, hand_models) -> Detection:
    """An open hand, palm to the camera, 60 cm away, as a detector would see it."""
    turn = np.array([0.0, 0.0, np.pi / 2 if side == "right" else -np.pi / 2])
    pose = np.zeros((16, 3), np.float32)
    pose[0] = turn
    place = np.array([0.1 if side == "right" else -0.1, 0.05, 0.6], np.float32)
    _, joints = hand_models[side].mesh(HandParameters(pose, np.zeros(10, np.float32), place))
    landmarks = CAMERA.project(joints).astype(np.float32)
    box = np.concatenate([landmarks.min(axis=0), landmarks.max(axis=0)]).astype(np.float32)
    return Detection(side, 0.9, box, landmarks, (joints - joints.mean(axis=0)).astype(np.float32))


def crop_of(sides, hand_models, captured_ns=None, seed=0) -> Crop:
    image = np.random.default_rng(seed).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    detections = tuple(seen_hand(side, hand_models) for side in sides)
    return Crop(image, FRAME_TO_CROP, frozenset(sides), detections, CAMERA, captured_ns)


def test_card_says_what_the_model_is(name):
    card = model_card(name)
    assert isinstance(card, ModelCard)
    assert card.name == name
    assert card.title
    assert card.licence
    if card.parameters:
        assert card.macs_image > 0
        assert card.weights or "untrained" in card.title, "a network without weights must say so"
    if card.weights and asset("weights").joinpath(card.weights).is_file():
        assert card.sha256 == file_sha256(asset("weights") / card.weights)


def test_card_cannot_be_changed(name):
    with pytest.raises(dataclasses.FrozenInstanceError):
        model_card(name).name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("sides", [("right",), ("left",), SIDES], ids=["right", "left", "both"])
def test_hands_are_whole_and_agree_with_their_parameters(model, hand_models, sides):
    (result,) = model.reconstruct([crop_of(sides, hand_models)])
    for side, hand in result.hands.items():
        assert side in SIDES
        shapes = {"pose": (16, 3), "shape": (10,), "translation": (3,)}
        for field, shape in shapes.items():
            value = getattr(hand.parameters, field)
            assert value.shape == shape
            assert value.dtype == np.float32
            assert np.isfinite(value).all()
        vertices, joints = hand_models[side].mesh(hand.parameters)
        np.testing.assert_allclose(hand.vertices, vertices, atol=1e-5)
        np.testing.assert_allclose(hand.joints, joints, atol=1e-5)
        np.testing.assert_allclose(hand.joints_px, CAMERA.project(joints), atol=0.05, rtol=1e-4)
        assert hand.joints[:, 2].min() > 0, "behind the camera"
        assert 0.0 <= hand.score <= 1.0


def test_one_result_for_each_crop_in_order(model, hand_models):
    crops = [crop_of(sides, hand_models, seed=seed) for seed, sides in enumerate([("right",), SIDES, ("left",)])]
    together = model.reconstruct(crops)
    assert len(together) == 3
    for crop, result in zip(crops, together, strict=True):
        (alone,) = model.reconstruct([crop])
        assert alone.hands.keys() == result.hands.keys()
        for side, hand in alone.hands.items():
            np.testing.assert_allclose(result.hands[side].vertices, hand.vertices, atol=1e-5)
    assert model.reconstruct([]) == []


def test_results_are_read_only(model, hand_models):
    (result,) = model.reconstruct([crop_of(SIDES, hand_models)])
    for hand in result.hands.values():
        with pytest.raises(ValueError, match="read-only"):
            hand.vertices[0, 0] = 0.0


def test_results_stay_when_the_next_frame_comes(model, hand_models):
    """Runners reuse their buffers; what was handed over must not change."""
    (first,) = model.reconstruct([crop_of(SIDES, hand_models, 0)])
    kept = {side: hand.vertices.copy() for side, hand in first.hands.items()}
    model.reconstruct([crop_of(SIDES, hand_models, 33_000_000, seed=5)])
    for side, hand in first.hands.items():
        np.testing.assert_array_equal(hand.vertices, kept[side])


def test_a_closed_model_can_be_made_again(name, hand_models):
    create(name, hand_models).close()
    again = create(name, hand_models)
    assert len(again.reconstruct([crop_of(SIDES, hand_models)])) == 1
    again.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_MODEL)
def test_networks_of_full_size_run(name, hand_models, monkeypatch):
    monkeypatch.setattr("models.eanet.cards.BY_MODEL", BY_MODEL)
    model = create(name, hand_models)
    (result,) = model.reconstruct([crop_of(SIDES, hand_models)])
    assert all(np.isfinite(hand.vertices).all() for hand in result.hands.values())
    model.close()
