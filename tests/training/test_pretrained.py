"""The start of the encoder is the wheel's landmark network: same features, same landmarks."""

import numpy as np
import pytest
import torch

from models.errors import BothhandsError
from models.feature_attention.encoder import FeatureAttentionEncoder
from models.hand_model import load_hand_models
from models.lwa_hand.network import LwaHand, hand_topologies
from models.runtime.openvino import ov, read_network
from tracking.detector.networks import network_path
from training.start.pretrained import read_heads, read_trunk, start_from_wheel, wheel_file

IN_FULL = {"INFERENCE_PRECISION_HINT": "f32"}


def test_the_rebuilt_trunk_gives_the_wheel_s_landmarks():
    """MediaPipe's own landmark head on the encoder's features, against its own graph: within a thousandth of a px."""
    network = read_network(wheel_file())
    image = np.random.default_rng(0).random((1, 224, 224, 3), np.float32)
    expected = ov.Core().compile_model(network, "CPU", IN_FULL)([image])
    weight, bias = read_heads(wheel_file()).landmarks

    encoder = FeatureAttentionEncoder().eval()
    missing, unexpected = encoder.load_state_dict(read_trunk(wheel_file(), encoder), strict=False)
    assert not unexpected
    assert all("fusion" in name or "bridge" in name or name == "tokens" for name in missing)
    with torch.inference_mode():
        feature = encoder(torch.from_numpy(image).permute(0, 3, 1, 2)).image_feature[:, :672].numpy()
    landmarks = feature @ weight.numpy().T + bias.numpy()
    (wheel,) = [expected[output] for output in expected if "Identity" in output.get_names()]
    assert wheel.std() > 1.0
    np.testing.assert_allclose(landmarks, wheel, atol=1e-3)


def test_the_start_reads_what_the_wheel_reads_for_both_hands():
    network = LwaHand(hand_topologies(load_hand_models())).eval()
    start_from_wheel(network, wheel_file())
    image = np.random.default_rng(0).random((1, 224, 224, 3), np.float32)
    wheel = read_network(wheel_file())
    found = ov.Core().compile_model(wheel, "CPU", IN_FULL)([image])
    landmarks, world, right = (
        next(found[output] for output in found if name in output.get_names())
        for name in ("Identity", "Identity_3", "Identity_2")
    )
    with torch.inference_mode():
        initial = network.look(torch.from_numpy(image).permute(0, 3, 1, 2)).initial
    expected = world.reshape(21, 3) - world.reshape(21, 3)[9]
    for hand in range(2):
        px = (initial.joints_2d[0, hand].numpy() + 1.0) * 112.0 - 0.5
        np.testing.assert_allclose(px, landmarks.reshape(21, 3)[:, :2], atol=2e-3)
        np.testing.assert_allclose(initial.joints_3d[0, hand].numpy(), expected, atol=1e-5)
    logit = 0.3 * np.log(right / (1.0 - right)).item()
    np.testing.assert_allclose(initial.absence[0].numpy(), [logit, -logit], atol=1e-2)


def test_refuses_another_network_as_trunk():
    with pytest.raises(BothhandsError, match="not the hand-landmark lite network"):
        read_trunk(network_path("palm_detection/palm_detection_full.tflite"), FeatureAttentionEncoder())
