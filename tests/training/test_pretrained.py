"""The start of the encoder is the wheel's landmark network: same features, same landmarks."""

import numpy as np
import pytest
import torch

from models.errors import BothhandsError
from models.lwa_hand.encoder import FeatureAttentionEncoder
from models.runtime.openvino import ov, read_network
from tracking.detector.networks import network_path
from training.pretrained import read_trunk, wheel_file

IN_FULL = {"INFERENCE_PRECISION_HINT": "f32"}


def test_the_rebuilt_trunk_gives_the_wheel_s_landmarks():
    """MediaPipe's own landmark head on the encoder's features, against its own graph: within a thousandth of a px."""
    network = read_network(wheel_file())
    image = np.random.default_rng(0).random((1, 224, 224, 3), np.float32)
    expected = ov.Core().compile_model(network, "CPU", IN_FULL)([image])
    # Of the heads' products with the mean feature, the landmarks' comes after the network's only pooling.
    (result,) = [result for result in network.get_results() if "Identity" in result.input_value(0).get_names()]
    addition = result.input_value(0).get_node()
    product = addition.input_value(0).get_node()
    constants = ov.Model([product.input_value(1), addition.input_value(1)], [], "head")  # pyright: ignore
    weight, bias = (np.array(value) for value in ov.Core().compile_model(constants, "CPU")([]).values())

    encoder = FeatureAttentionEncoder().eval()
    missing, unexpected = encoder.load_state_dict(read_trunk(wheel_file(), encoder), strict=False)
    assert not unexpected
    assert all("fusion" in name or "bridge" in name or name == "tokens" for name in missing)
    with torch.inference_mode():
        feature = encoder(torch.from_numpy(image).permute(0, 3, 1, 2)).image_feature[:, :672].numpy()
    landmarks = feature @ weight.T + bias
    (wheel,) = [expected[output] for output in expected if "Identity" in output.get_names()]
    assert wheel.std() > 1.0
    np.testing.assert_allclose(landmarks, wheel, atol=1e-3)


def test_refuses_another_network_as_trunk():
    with pytest.raises(BothhandsError, match="not the hand-landmark lite network"):
        read_trunk(network_path("palm_detection/palm_detection_full.tflite"), FeatureAttentionEncoder())
