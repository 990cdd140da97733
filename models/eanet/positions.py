"""Position embeddings for images of another size.

A network that has learnt at one size goes on at another: its embeddings of places in the image are interpolated in
two dimensions, as Vision Transformers are fine-tuned (Dosovitskiy et al., section 3.2, https://arxiv.org/abs/2010.11929).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def resample_positions(embedding: Tensor, maps: int, free: int, side: int) -> Tensor:
    """Embeddings of the cells of square maps, from whatever size they are of to another.

    The middle of a cell is at the same place in the image before and after. Between middles it is linear, and goes on
    so beyond the outermost: a ramp stays a ramp.

    Args:
        embedding: (1, F + M h h, c): of tokens that belong to no cell, then of M maps of h x h cells, row by row.
        maps: M.
        free: F.
        side: cells along each side of the new maps, at least 2.

    Returns:
        (1, F + M side side, c), in single precision at least.

    Raises:
        ValueError: it is no such embedding.
    """
    cells, over = divmod(max(embedding.shape[1] - free, 0), maps)
    old = math.isqrt(cells)
    if over or old * old != cells or old < 2:
        raise ValueError(f"{embedding.shape[1]} position embeddings are not those of {free} tokens and {maps} squares")
    embedding = embedding.to(torch.promote_types(embedding.dtype, torch.float32))
    grid = embedding[0, free:].unflatten(0, (maps, old, old))
    along = _interpolation(old, side).to(grid)
    grid = torch.einsum("yv,xw,mvwc->myxc", along, along, grid)
    return torch.cat([embedding[:, :free], grid.flatten(0, 2)[None]], dim=1)


def _interpolation(old: int, new: int) -> Tensor:
    """(new, old) weights of the old cells' values in those of the new ones."""
    places = (torch.arange(new) + 0.5) * (old / new) - 0.5
    lower = places.floor().clamp(0, old - 2).long()
    share = places - lower
    rows = torch.arange(new)
    weights = torch.zeros(new, old)
    weights[rows, lower] = 1.0 - share
    weights[rows, lower + 1] = share
    return weights
