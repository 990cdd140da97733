"""Anchors of the palm network: a single-shot detector with one square anchor size per cell.

Source: Liu et al., SSD: Single Shot MultiBox Detector, 2016, section 2.2; the strides are those of MediaPipe's palm
detection (https://arxiv.org/abs/2006.10214, section 2.1). Its anchors are fixed in size, so only centres are needed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

PALM_STRIDES = (8, 16, 16, 16)
_ANCHORS_PER_CELL_AND_LAYER = 2


def anchor_centres(input_size: int, strides: Sequence[int] = PALM_STRIDES) -> np.ndarray:
    """Centres of all anchors in the order of the network's outputs.

    Layers of equal stride that follow each other share one feature map, and each adds two anchors to its cells.

    Args:
        input_size: side of the network's square input, px.
        strides: px of input per cell, one entry per layer.

    Returns:
        (N, 2) float32, x and y in input px.
    """
    layers: list[np.ndarray] = []
    start = 0
    while start < len(strides):
        stride = strides[start]
        stop = start
        while stop < len(strides) and strides[stop] == stride:
            stop += 1
        cells = -(-input_size // stride)
        ticks = (np.arange(cells, dtype=np.float32) + 0.5) * input_size / cells
        x, y = np.meshgrid(ticks, ticks)
        centres = np.stack([x.ravel(), y.ravel()], axis=1)
        layers.append(np.repeat(centres, _ANCHORS_PER_CELL_AND_LAYER * (stop - start), axis=0))
        start = stop
    return np.concatenate(layers)
