"""The reconstructor: what the network gives, placed in the camera frame; its runners agree; bad input is named."""

import json
import logging
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from models.errors import BothhandsError
from models.fitting.chain import Chain, ChainState
from models.fitting.solver import HIGHEST_ANGLES, LOWEST_ANGLES
from models.hand_model import asset, load_hand_models
from models.lwa_hand import reconstructor as module
from models.lwa_hand.network import INPUT_SIZE
from models.lwa_hand.reconstructor import LwaHandReconstructor, RefittedReconstructor, create, create_network
from models.lwa_hand.runtime import RuntimeNetwork
from models.lwa_hand.weights import load_network
from models.runtime import fastest, openvino
from models.runtime.network_files import files_of
from models.runtime.openvino_runner import OpenVinoRunner
from models.runtime.runner import Runner
from models.runtime.torch_module import EagerRunner, create_runner, float_example
from models.values import SIDES, Crop, Intrinsics
from models.weights_io import save_weights
from training.synthetic.synthesiser import Synthesiser

CAMERA = Intrinsics.from_fov(640, 480)
AFFINE = np.array([[0.8, 0.0, -128.0], [0.0, 0.8, -64.0]], np.float32)


@pytest.fixture(scope="module")
def hand_models():
    return load_hand_models()


@pytest.fixture(scope="module")
def network(hand_models):
    return create_network(hand_models)


def crop(image=None, affine=AFFINE, intrinsics=CAMERA) -> Crop:
    image = np.zeros((256, 256, 3), np.uint8) if image is None else image
    return Crop(image, affine, frozenset(SIDES), (), intrinsics)


class PerfectRunner:
    """In the network's place: two true hands about the frame's centre, as a trained network would give them."""

    name = "perfect"

    def __init__(self, hand_models, presence):
        random, chain = np.random.default_rng(0), Chain.of(hand_models)
        angles = random.uniform(0.6 * LOWEST_ANGLES, 0.6 * HIGHEST_ANGLES, (2, *LOWEST_ANGLES.shape))
        place = np.array([[-0.12, 0.02, 0.65], [0.12, 0.02, 0.65]])
        root = Rotation.from_rotvec(random.normal(0.0, 0.4, (2, 3))).as_matrix()
        self.true = []
        joints, flat = np.zeros((1, 2, 21, 3), np.float32), np.zeros((1, 2, 21, 2), np.float32)
        shapes = random.normal(0.0, 0.3, (2, 10))
        for hand, parameters in enumerate(chain.parameters(ChainState(root, place, angles, shapes))):
            mesh, points = hand_models[SIDES[hand]].mesh(parameters)
            joints[0, hand] = points - points[9]
            in_crop = CAMERA.project(points) @ AFFINE[:, :2].T + AFFINE[:, 2]
            flat[0, hand] = (in_crop + 0.5) / 128.0 - 1.0
            self.true.append((parameters, mesh, points))
        spread = np.full((1, 2, 21), 0.05, np.float32)  # as of a network that has not learnt to tell it
        vertices = np.zeros((1, 2, 778, 3), np.float32)
        self.outputs = [vertices, joints, flat, np.array([presence], np.float32), spread, spread]

    def __call__(self, batch):
        return self.outputs


def with_runner(network, hand_models, runner) -> LwaHandReconstructor:
    reconstructor = LwaHandReconstructor(network, hand_models, "cpu")
    reconstructor._runner = runner
    return reconstructor


def test_true_joints_come_back_as_the_true_hands_in_the_camera_frame(network, hand_models):
    runner = PerfectRunner(hand_models, presence=(0.9, 0.8))
    (result,) = with_runner(network, hand_models, runner).reconstruct([crop()])
    assert list(result.hands) == list(SIDES)
    for side, (_, mesh, joints) in zip(SIDES, runner.true, strict=True):
        hand = result.hands[side]
        middle, true_middle = hand.vertices.mean(axis=0), mesh.mean(axis=0)
        assert np.linalg.norm((hand.vertices - middle) - (mesh - true_middle), axis=1).mean() < 2e-3
        assert middle[2] == pytest.approx(true_middle[2], rel=0.05)
        assert np.linalg.norm(hand.joints_px - CAMERA.project(joints), axis=1).mean() < 1.5
    assert [result.hands[side].score for side in SIDES] == pytest.approx([0.9, 0.8])


def test_the_same_image_at_the_frames_edge_is_a_turned_hand(network, hand_models):
    """The network sees the crop only: moved crops turn the hands about the camera and change little else. Fingers give
    by a few degrees: an image that is moved to the edge is not quite that of the turned hand, which would be wider."""
    runner = PerfectRunner(hand_models, presence=(0.9, 0.8))
    reconstructor = with_runner(network, hand_models, runner)
    moved = AFFINE.copy()
    moved[0, 2] -= 0.8 * 250
    (middle,), (edge,) = reconstructor.reconstruct([crop()]), reconstructor.reconstruct([crop(affine=moved)])
    for side in SIDES:
        shift = edge.hands[side].joints_px - middle.hands[side].joints_px
        assert shift[:, 0].mean() == pytest.approx(250.0, abs=10.0)
        np.testing.assert_allclose(
            edge.hands[side].parameters.pose[1:], middle.hands[side].parameters.pose[1:], atol=0.1
        )
        assert np.linalg.norm(edge.hands[side].parameters.pose[0] - middle.hands[side].parameters.pose[0]) > 0.2


@pytest.mark.parametrize(
    ("presence", "shown"),
    [((0.55, 0.4), ["left"]), ((0.6, 0.9), ["right"]), ((0.2, 0.3), []), ((0.8, 0.7), list(SIDES))],
)
def test_presence_decides_which_hands_are_shown(network, hand_models, presence, shown):
    (result,) = with_runner(network, hand_models, PerfectRunner(hand_models, presence)).reconstruct([crop()])
    assert list(result.hands) == shown


def test_a_hand_that_is_expected_is_believed_at_less(network, hand_models):
    """A hand that the other covers is surer to be there when it was seen before."""
    reconstructor = with_runner(network, hand_models, PerfectRunner(hand_models, presence=(0.4, 0.3)))
    shown = [
        list(reconstructor.reconstruct([replace(crop(), expected=frozenset(expected))])[0].hands)
        for expected in ((), ("left",), ("right",), SIDES)
    ]
    assert shown == [[], ["left"], [], ["left"]]


@pytest.mark.parametrize(
    ("bad", "match"),
    [
        ({"image": np.zeros((256, 256, 3), np.float32)}, "256 x 256 bytes RGB, not float32"),
        ({"image": np.zeros((128, 128, 3), np.uint8)}, "not uint8 128x128x3"),
        ({"affine": np.full((2, 3), np.nan, np.float32)}, "place in the frame"),
        ({"affine": np.zeros((2, 3), np.float32)}, "place in the frame"),
        ({"intrinsics": Intrinsics(np.nan, 500, 320, 240, 640, 480)}, "intrinsics"),
    ],
)
def test_bad_crops_are_named_in_a_sentence(network, hand_models, bad, match):
    reconstructor = with_runner(network, hand_models, PerfectRunner(hand_models, (1.0, 1.0)))
    with pytest.raises(BothhandsError, match=match):
        reconstructor.reconstruct([crop(**bad)])


def test_numbers_that_are_not_finite_never_become_a_hand(network, hand_models):
    runner = PerfectRunner(hand_models, (1.0, 1.0))
    runner.outputs[1][0, 1, 5, 2] = np.nan
    with pytest.raises(BothhandsError, match="not finite"):
        with_runner(network, hand_models, runner).reconstruct([crop()])


@pytest.fixture(scope="module")
def disturbed(hand_models):
    """A network none of whose layers is zero: those that start so would agree on anything."""
    network = create_network(hand_models)
    random = torch.Generator().manual_seed(0)
    for parameter in network.parameters():
        if not parameter.any():
            # The initial estimate sums over a thousand features, which must not make hands metres long.
            std = 0.002 if parameter is network.guess.linear.weight else 0.02
            torch.nn.init.normal_(parameter, std=std, generator=random)
    return RuntimeNetwork(network, hand_models).eval()


@pytest.mark.slow
def test_compiled_network_agrees_with_eager_torch(hand_models, disturbed):
    image = np.random.default_rng(0).integers(0, 256, (1, 256, 256, 3), dtype=np.uint8)
    eager = EagerRunner(disturbed)(image)
    compiled = OpenVinoRunner(openvino.compile_parts(disturbed, [float_example(image)], "f32"))(image)
    for expected, output in zip(eager, compiled, strict=True):
        assert np.abs(output - expected).max() <= 1e-4 * np.abs(expected).max()
    new = EagerRunner(RuntimeNetwork(create_network(hand_models), hand_models).eval())(image)
    assert np.abs(eager[0] - new[0]).max() > 1e-3, "the layers that were zero have no part in this"


@pytest.fixture(scope="module")
def drawn_images():
    synthesiser = Synthesiser(0, "contact", INPUT_SIZE)
    images = [synthesiser.sample(index).image[None] for index in range(4)]
    synthesiser.close()
    return images


@pytest.fixture(scope="module")
def trained(hand_models) -> RuntimeNetwork:
    """The shipped network."""
    network = create_network(hand_models)
    load_network(asset("weights") / module.WEIGHTS, network)
    return RuntimeNetwork(network, hand_models).eval()


@pytest.fixture(scope="module")
def expected_vertices(trained, drawn_images):
    eager = EagerRunner(trained)
    return [eager(image)[0] for image in drawn_images]


def mean_distance(runner: Runner, images, expected) -> float:
    """Of vertices, metres."""
    moved = [
        np.linalg.norm(runner(image)[0] - own, axis=-1).mean() for image, own in zip(images, expected, strict=True)
    ]
    return float(np.mean(moved))


@pytest.mark.parametrize("precision", module.PRECISIONS)
def test_half_precision_moves_vertices_by_less_than_half_a_millimetre(
    drawn_images, expected_vertices, precision, tmp_path, monkeypatch
):
    """Of the shipped network, from its files; where the processor does not have the precision, that of the files."""
    for of in (openvino, fastest):  # in which it is written that this one was faster
        monkeypatch.setattr(of, "network_cache", lambda: tmp_path)
    monkeypatch.setattr(fastest, "_fastest", lambda compiled: len(compiled) - 1)
    files = files_of(asset("weights") / module.WEIGHTS)
    assert files is not None
    runner = OpenVinoRunner(fastest.compile_files(files, [precision]))
    assert mean_distance(runner, drawn_images, expected_vertices) < 0.5e-3


@pytest.mark.slow
@pytest.mark.parametrize("precision", module.PRECISIONS)
def test_half_precision_does_so_converted_from_the_weights(trained, drawn_images, expected_vertices, precision):
    """Where the processor does not have the precision, nothing moves."""
    compiled = openvino.compile_parts(trained, [float_example(drawn_images[0])], precision)
    assert mean_distance(OpenVinoRunner(compiled), drawn_images, expected_vertices) < 0.5e-3


def test_without_openvino_torch_takes_over_and_says_so(monkeypatch, caplog):
    def missing(*_, **__):
        raise BothhandsError("OpenVINO cannot be loaded")

    monkeypatch.setattr(fastest, "compile_where_faster", missing)
    with caplog.at_level(logging.WARNING):
        runner = create_runner(torch.nn.Identity(), np.zeros((1, 2), np.float32), "cpu")
    assert isinstance(runner, EagerRunner)
    assert "eager torch" in caplog.text


def test_hands_of_other_hand_models_are_fitted_to_the_same_joints(network, hand_models):
    """The free model under another name stands in for official MANO files."""
    others = load_hand_models()
    for model in others.values():
        model.name = "mano"
    runner = PerfectRunner(hand_models, presence=(0.9, 0.8))
    source = with_runner(network, hand_models, runner)
    ours, theirs = source.reconstruct([crop()])[0], RefittedReconstructor(source, others).reconstruct([crop()])[0]
    assert isinstance(create(others, "cpu"), RefittedReconstructor)
    for side in SIDES:
        assert np.linalg.norm(ours.hands[side].joints_px - theirs.hands[side].joints_px, axis=1).mean() < 6.0


def test_random_weights_are_the_same_every_time_and_leave_the_seed_alone(hand_models):
    torch.manual_seed(3)
    first = create_network(hand_models).state_dict()
    after = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(torch.rand(1), after)
    second = create_network(hand_models).state_dict()
    assert all(torch.equal(tensor, second[name]) for name, tensor in first.items())


@pytest.fixture
def weights_folder(tmp_path, monkeypatch, network):
    """assets/ with trained weights in it, as the trainer leaves them."""
    folder = tmp_path / "weights"
    folder.mkdir()
    digest = save_weights(folder / module.WEIGHTS, network)
    trained = {"sha256": digest, "trained_on": ["synthetic hands"], "measured": {"x": 1}}
    (folder / "lwa-hand.json").write_text(json.dumps(trained))
    monkeypatch.setattr("models.places.asset", lambda name: tmp_path / name)
    monkeypatch.setattr(module, "CARD", module._card(module._trained()))
    return folder


def test_weights_and_what_the_trainer_says_of_them_are_found(weights_folder, hand_models):
    card = module.CARD
    assert (card.weights, card.trained_on, card.measured) == (module.WEIGHTS, ("synthetic hands",), {"x": 1})
    assert "untrained" not in card.title
    create(hand_models, "cpu").close()


def test_tampered_weights_are_refused(weights_folder, hand_models):
    path = weights_folder / module.WEIGHTS
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BothhandsError, match="sha256 differs"):
        create(hand_models, "cpu")
