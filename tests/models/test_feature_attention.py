"""The encoder: adding the tokens' part is concatenating them, padding is TensorFlow's, bridges are attention."""

import pytest
import torch

from models.feature_attention.encoder import BlockSpec, FeatureAttentionEncoder, InvertedBottleneck, SameConv2d
from models.feature_attention.tokens import TokenBridge


def test_adding_the_tokens_part_is_concatenating_the_tokens():
    """Eq. 1-2 as they are written: depthwise features and tokens concatenated, then a pointwise convolution."""
    torch.manual_seed(0)
    block = InvertedBottleneck(8, BlockSpec(24, 3, 1, 8))
    tokens = torch.randn(2, 30)
    columns = torch.randn(8, 30)
    x = torch.randn(2, 8, 16, 16)
    assert block.expand is not None
    assert block.project is not None
    hidden = torch.nn.functional.relu6(block.depthwise(torch.nn.functional.relu6(block.expand(x))))
    everywhere = tokens[:, :, None, None].expand(-1, -1, 16, 16)
    kernel = torch.cat([block.project.weight, columns[:, :, None, None]], dim=1)
    expected = x + torch.nn.functional.conv2d(torch.cat([hidden, everywhere], dim=1), kernel, block.project.bias)
    torch.testing.assert_close(block(x, tokens @ columns.T), expected, atol=1e-5, rtol=1e-5)


def test_tokens_reach_every_stage_once_their_columns_are_not_zero():
    torch.manual_seed(0)
    encoder = FeatureAttentionEncoder()
    image = torch.rand(1, 3, 64, 64)
    before = encoder(image).pyramid
    for place, stage in enumerate(encoder.stages):
        torch.nn.init.normal_(stage.fusion.weight, std=0.1)
        after = encoder(image).pyramid
        assert not torch.allclose(before[0], after[0]), place
        before = after


@pytest.mark.parametrize(
    ("kernel", "stride", "expected"), [(3, 2, (0, 1)), (5, 2, (1, 2)), (3, 1, (1, 1)), (5, 1, (2, 2))]
)
def test_padding_is_tensorflows_same(kernel: int, stride: int, expected: tuple[int, int]):
    """The first and the last place of a row of ones show how many of the kernel's taps lie outside."""
    layer = SameConv2d(1, 1, kernel, stride, 1)
    torch.nn.init.ones_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    row = layer(torch.ones(1, 1, 8, 8))[0, 0, 2]
    rows = row.max() / kernel
    assert len(row) == 8 // stride
    assert tuple(int(kernel - row[place] / rows) for place in (0, -1)) == expected


def test_bridge_is_attention_of_equation_3():
    """One head against the formula; its M_i is the attention matrix times the local features (eq. 4)."""
    torch.manual_seed(0)
    bridge = TokenBridge(8, 12, 1)
    torch.nn.init.normal_(bridge.position.mix.weight)
    x, tokens = torch.randn(1, 8, 4, 4), torch.randn(1, 6, 12)
    updated, attended = bridge(x, tokens)
    local = x[0].flatten(1).T + bridge.position(4, 4)
    attention = torch.softmax(tokens[0] @ bridge.query[0] @ local.T / 8**0.5, dim=-1)
    torch.testing.assert_close(attended[0], attention @ local)
    assert bridge.update is not None
    torch.testing.assert_close(updated[0], bridge.update(tokens[0], attention @ local))


def test_bridge_heads_split_features_and_tokens():
    """The second head must not see the first half of either."""
    torch.manual_seed(0)
    bridge = TokenBridge(8, 12, 2)
    x, tokens = torch.randn(1, 8, 4, 4), torch.randn(1, 6, 12)
    _, before = bridge(x, tokens)
    x[:, :4] += 1.0
    tokens[:, :, :6] += 1.0
    _, after = bridge(x, tokens)
    torch.testing.assert_close(after[..., 4:], before[..., 4:])
    assert not torch.allclose(after[..., :4], before[..., :4])
