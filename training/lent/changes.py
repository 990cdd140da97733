"""Random changes of a batch on the device, as `training.data.augment` makes them by image: geometry and colours."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from training.data import augment_values as values

if TYPE_CHECKING:
    from training.data.augment import Augmentation

_COARSER_FROM = math.sqrt(2.0)
"""Images that shrink more than so are taken from a coarser one: a bilinear warp looks at four pixels only."""
_BLUR_REACH = 4
"""Pixels to each side."""


class Change(NamedTuple):
    """How the images of a batch are changed; see `training.data.examples.Transform`.

    Attributes:
        affine: (B, 2, 3) image px, mirrored already where it is to be, to px of the new image; similarities.
        mirror: (B,) bool, turn left hands into right ones first.
        edge: (B,) bool, what lies outside the old image repeats its edge.
        fill: (B, 3) else its colour, 0 to 255.
    """

    affine: Tensor
    mirror: Tensor
    edge: Tensor
    fill: Tensor


class Hands(NamedTuple):
    """What of a batch's labels decides how its images may be changed.

    Attributes:
        joints_px: (B, 2, 21, 2) image px, nan where a joint is not known.
        labelled: (B, 2) bool.
        presence_known: (B,) bool, whether nobody else's hand is in the image.
    """

    joints_px: Tensor
    labelled: Tensor
    presence_known: Tensor


def draw_changes(
    augmentation: Augmentation, hands: Hands, image_size: int, size: int, apart: float, generator: torch.Generator
) -> Change:
    """A random change for each image, as `Augmentation.transform` draws one.

    Args:
        augmentation: what may happen.
        hands: of the batch, on the device.
        image_size: side of the images, px.
        size: side of the new ones, px.
        apart: see `training.lent.plan.Plan`.
        generator: on the device.
    """
    batch, device = len(hands.labelled), hands.labelled.device

    def uniform(low: float | Tensor, high: float | Tensor, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(batch, *shape, generator=generator, device=device)

    two = hands.labelled.all(dim=1)
    scales = torch.tensor([augmentation.lone_scale, augmentation.scale], device=device).log()[two.long()]
    zoom = uniform(scales[:, 0], scales[:, 1]).exp() * (size / image_size)
    mirror = uniform(0.0, 1.0) < augmentation.mirror
    low, high = _boxes(hands.joints_px)
    extent = (high - low).amax(dim=-1)
    middle = torch.full((batch, 2), (image_size - 1) / 2.0, device=device)
    between = torch.maximum(low[:, 0] - high[:, 1], low[:, 1] - high[:, 0]).amax(dim=-1)
    are_apart = between >= apart * extent.amax(dim=-1).clamp_min(1e-9)
    share = torch.where(are_apart, augmentation.closer, augmentation.around_one)
    located = (~torch.isnan(hands.joints_px).any(dim=-1)).sum(dim=-1) >= values.TELLING
    closer = two & located.all(dim=-1) & (uniform(0.0, 1.0) < share)
    row, pick = torch.arange(batch, device=device), (uniform(0.0, 1.0) < 0.5).long()
    own = extent[row, pick].clamp_min(1e-9)
    nearest, farthest = map(math.log, values.CLOSE)
    close = uniform(nearest, farthest).exp() * size / own
    zoom = torch.where(closer, close, zoom)
    middle = torch.where(closer[:, None], ((low + high) / 2.0)[row, pick], middle)
    middle = torch.where(mirror[:, None], _mirrored(middle, image_size), middle)
    upright = torch.randn(batch, generator=generator, device=device) * (
        values.UPRIGHT_SIGMA if augmentation.turned else 0.0
    )
    angle = torch.where(uniform(0.0, 1.0) < augmentation.turned, uniform(-180.0, 180.0), upright).deg2rad()
    shift = uniform(-augmentation.shift, augmentation.shift, 2) * size
    affine = similarity(zoom, angle, middle, middle.new_full((2,), (size - 1) / 2.0) + shift)
    kind = uniform(0.0, 1.0)
    any_colour = uniform(0.0, 256.0, 3).floor()
    fill = torch.where((kind < values.EDGE + values.BLACK)[:, None], torch.zeros_like(any_colour), any_colour)
    corner, side, found = _parts_without_hands(low, high, extent, image_size, uniform)
    # A hand that is there, and nobody knows where, may be in any part.
    all_located = (~hands.labelled | located).all(dim=1)
    aside = (uniform(0.0, 1.0) < augmentation.aside) & hands.presence_known & found & all_located
    scale = size / side
    part = torch.stack(
        [
            torch.stack([scale, torch.zeros_like(scale), -scale * corner[:, 0]], dim=-1),
            torch.stack([torch.zeros_like(scale), scale, -scale * corner[:, 1]], dim=-1),
        ],
        dim=1,
    )
    return Change(
        torch.where(aside[:, None, None], part, affine),
        mirror & ~aside,
        (kind < values.EDGE) & ~aside,
        torch.where(aside[:, None], torch.zeros_like(fill), fill),
    )


def similarity(zoom: Tensor, angle: Tensor, middle: Tensor, target: Tensor) -> Tensor:
    """(B, 2, 3) affine maps that turn (radians, x towards -y) and scale about `middle`, which comes to `target`."""
    a, b = zoom * angle.cos(), zoom * angle.sin()
    linear = torch.stack([torch.stack([a, b], dim=-1), torch.stack([-b, a], dim=-1)], dim=-2)
    return torch.cat([linear, (target - (linear @ middle[..., None]).squeeze(-1))[..., None]], dim=-1)


def determinant(affine: Tensor) -> Tensor:
    """(B,) squared change of size of similarities (B, 2, 3)."""
    return affine[:, 0, 0] * affine[:, 1, 1] - affine[:, 0, 1] * affine[:, 1, 0]


def warp(images: Tensor, change: Change, size: int, coarsest: int) -> Tensor:
    """Images under a change.

    Args:
        images: (B, C, H, H) floats from 0 to 255.
        change: of each.
        size: side of the new ones, px.
        coarsest: how often an image may be halved before it is read; see `coarsest_level`.

    Returns:
        (B, C, S, S).
    """
    places = _sources(change, images.shape[-1], size)
    length = images.shape[-1]
    grid = (2.0 * places + 1.0) / length - 1.0
    shrink = determinant(change.affine).rsqrt()
    level = (shrink / _COARSER_FROM).log2().floor().add(1.0).clamp(0, coarsest)
    warped = _read(images, grid)
    coarse = images
    for number in range(1, coarsest + 1):
        coarse = F.avg_pool2d(coarse, 2)
        warped = torch.where((level == number)[:, None, None, None], _read(coarse, grid), warped)
    # Bilinear between the outermost pixels and what lies outside.
    inside = ((places + 1.0).clamp(0.0, 1.0) * (length - places).clamp(0.0, 1.0)).prod(dim=-1)[:, None]
    inside = torch.where(change.edge[:, None, None, None], torch.ones_like(inside), inside)
    return warped * inside + change.fill[:, :, None, None] * (1.0 - inside)


def coarsest_level(augmentation: Augmentation, image_size: int, size: int) -> int:
    """How often images are halved at most before they are read."""
    smallest = min(augmentation.lone_scale[0], augmentation.scale[0]) * size / image_size
    return max(math.ceil(math.log2(1.0 / smallest) - 0.5), 0)


def warp_masks(segmentation: Tensor, change: Change, size: int, stride: int) -> Tensor:
    """Covered part of each cell by each hand, (B, 2, S / stride, S / stride), of bits (B, H, H) uint8."""
    layers = torch.stack([segmentation & 1, (segmentation >> 1) & 1], dim=1).float()
    mirrored = change.mirror[:, None, None, None]
    layers = torch.where(mirrored, layers.flip(1), layers)
    outside = change._replace(edge=torch.zeros_like(change.edge), fill=torch.zeros_like(change.fill[:, :2]))
    return F.avg_pool2d(warp(layers, outside, size, 0), stride)


def recolour(images: Tensor, strength: float, spared: Tensor, generator: torch.Generator) -> Tensor:
    """Images as another camera in another light would have taken them, as `Augmentation.recolour` does.

    Args:
        images: (B, 3, S, S) from 0 to 255.
        strength: `Augmentation.colour`.
        spared: (B,) bool, images that are left as they are.
        generator: on the device.
    """
    if strength <= 0.0:
        return images
    batch, device = len(images), images.device

    def normal(sigma: float, *shape: int) -> Tensor:
        return sigma * strength * torch.randn(batch, *shape, generator=generator, device=device)

    gamma, contrast = (normal(sigma, 1, 1, 1).exp() for sigma in (values.GAMMA, values.CONTRAST))
    gain = (normal(values.GAIN, 1, 1, 1) + normal(values.TINT, 3, 1, 1)).exp()
    changed = 0.5 + contrast * (gain * (images / 255.0).clamp_min(1e-6) ** gamma - 0.5)
    changed = (255.0 * changed).clamp(0.0, 255.0)
    low, high = values.BLUR
    sigma = low + (high - low) * torch.rand(batch, generator=generator, device=device)
    blurred = torch.rand(batch, generator=generator, device=device) < values.BLURRED * strength
    changed = _blurred(changed, torch.where(blurred, sigma, torch.full_like(sigma, 1e-3)))
    noise = -values.NOISE * strength * (1.0 - torch.rand(batch, generator=generator, device=device)).log()
    noise = torch.where(noise > values.LEAST_NOISE, noise, torch.zeros_like(noise))[:, None, None, None]
    grain = torch.rand(images.shape, generator=generator, device=device) * 256.0 - 128.0
    changed = (changed + grain * (noise / values.GRAIN)).clamp(0.0, 255.0)
    return torch.where(spared[:, None, None, None], images, changed)


def _blurred(images: Tensor, sigma: Tensor) -> Tensor:
    """(B, C, S, S) each under a Gaussian of its own, px."""
    batch, channels, height, width = images.shape
    reach = torch.arange(-_BLUR_REACH, _BLUR_REACH + 1, device=images.device)
    kernel = (-0.5 * (reach / sigma[:, None]).square()).softmax(dim=-1).repeat_interleave(channels, dim=0)
    flat = images.reshape(1, batch * channels, height, width)
    flat = F.pad(flat, (_BLUR_REACH,) * 4, mode="reflect")
    flat = F.conv2d(flat, kernel[:, None, :, None], groups=batch * channels)
    flat = F.conv2d(flat, kernel[:, None, None, :], groups=batch * channels)
    return flat.reshape(images.shape)


def _read(images: Tensor, grid: Tensor) -> Tensor:
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _sources(change: Change, length: int, size: int) -> Tensor:
    """(B, S, S, 2) where in the old image, px, each pixel of the new one is from."""
    device = change.affine.device
    axis = torch.arange(size, device=device, dtype=torch.float32)
    targets = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=-1).reshape(1, -1, 2)
    # The inverse of a similarity is its transpose over its determinant.
    linear = change.affine[:, :, :2]
    places = (targets - change.affine[:, None, :, 2]) @ linear / determinant(change.affine)[:, None, None]
    places = torch.where(change.mirror[:, None, None], _mirrored(places, length), places)
    return places.unflatten(1, (size, size))


def _mirrored(points: Tensor, length: int) -> Tensor:
    """Points (..., 2), px, of an image of this width in a mirror."""
    return torch.stack([length - 1.0 - points[..., 0], points[..., 1]], dim=-1)


def _boxes(joints_px: Tensor) -> tuple[Tensor, Tensor]:
    """Lowest and highest places of known joints, (B, 2, 2) each; infinite, and the wrong way round, where none is."""
    unknown = torch.isnan(joints_px)
    return (
        joints_px.masked_fill(unknown, math.inf).amin(dim=2),
        joints_px.masked_fill(unknown, -math.inf).amax(dim=2),
    )


def _parts_without_hands(
    low: Tensor, high: Tensor, extent: Tensor, length: int, uniform: Callable[..., Tensor]
) -> tuple[Tensor, Tensor, Tensor]:
    """Corner (B, 2) and side (B,) of a square of each image without hands, px; and whether one was found (B,)."""
    side = uniform(*values.PART, values.TRIES) * length
    corner = uniform(0.0, 1.0, values.TRIES, 2) * (length - side)[..., None]
    flesh = (values.FLESH * extent).nan_to_num(neginf=0.0, posinf=0.0)[:, None, :, None]
    over = (corner[:, :, None] < high[:, None] + flesh) & (
        low[:, None] - flesh < (corner + side[..., None])[:, :, None]
    )
    free = ~over.all(dim=-1).any(dim=-1)
    first = free.float().argmax(dim=1)
    row = torch.arange(len(first), device=first.device)
    return corner[row, first], side[row, first], free.any(dim=1)
