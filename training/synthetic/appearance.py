"""What hands look like: skin, sleeves and the light on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.synthetic.arms import Sleeve

SKIN_TONES = np.array(
    [
        (246, 237, 228),
        (243, 231, 219),
        (247, 234, 208),
        (234, 218, 186),
        (215, 189, 150),
        (160, 126, 86),
        (130, 92, 67),
        (96, 65, 52),
        (58, 49, 42),
        (41, 36, 32),
    ],
    np.float64,
)
"""The ten tones of the Monk Skin Tone scale (https://skintone.google), sRGB."""
_WAVES = 6
_BLOOD = np.array([1.06, 0.96, 0.92])
"""Hands are redder than the scale's swatches."""


@dataclass(frozen=True, eq=False)
class Look:
    """Appearance of one person in one light.

    Attributes:
        skin_tone: sRGB 0..255 of the back of the hand.
        cloth: (3,) sRGB 0..255.
        sleeve: what both arms wear.
        key_direction: (3,) unit, towards the light.
        key, sky, ground: (3,) linear light.
        softness: radius of the shadow's edge, as a share of the shadow map.
        glint: strength of the skin's shine.
        mottling: (4, N) waves whose sum makes the skin spotted: three rows of wave numbers, rad/m, one of phases.
        mottling_strength: of that sum, relative.
    """

    skin_tone: tuple[int, int, int]
    cloth: np.ndarray
    sleeve: Sleeve
    key_direction: np.ndarray
    key: np.ndarray
    sky: np.ndarray
    ground: np.ndarray
    softness: float
    glint: float
    mottling: np.ndarray
    mottling_strength: float


def random_look(rng: np.random.Generator) -> Look:
    """Any skin, any sleeve, light as indoors: mostly from above and before the hands."""
    direction = np.array([rng.normal(0.0, 0.7), -abs(rng.normal(0.5, 0.45)), -rng.normal(0.55, 0.35)])
    contrast = rng.beta(2.0, 2.0)
    level = rng.uniform(0.75, 1.25)
    warm = _warmth(rng.normal(0.0, 0.10))
    key = level * (0.35 + 0.85 * contrast) * warm
    sky = level * (0.80 - 0.50 * contrast) * _warmth(rng.normal(0.0, 0.06))
    ground = sky * rng.uniform(0.35, 0.9) * np.array([1.0, rng.uniform(0.85, 1.0), rng.uniform(0.75, 1.0)])
    return Look(
        skin_tone=random_skin_tone(rng),
        cloth=_random_cloth(rng),
        sleeve=_random_sleeve(rng),
        key_direction=direction / np.linalg.norm(direction),
        key=key,
        sky=sky,
        ground=ground,
        softness=rng.uniform(0.004, 0.03),
        glint=rng.uniform(0.2, 1.0),
        mottling=np.concatenate([rng.normal(0.0, 320.0, (3, _WAVES)), rng.uniform(0.0, 2.0 * np.pi, (1, _WAVES))]),
        mottling_strength=rng.uniform(0.01, 0.04),
    )


def random_skin_tone(rng: np.random.Generator) -> tuple[int, int, int]:
    """sRGB, evenly over the Monk scale, between its tones as well."""
    place = rng.uniform(0.0, len(SKIN_TONES) - 1.0)
    index = int(place)
    tone = SKIN_TONES[index] + (place - index) * (SKIN_TONES[index + 1] - SKIN_TONES[index])
    tone = np.clip(tone * (_BLOOD + rng.normal(0.0, 0.025, 3)), 0, 255)
    red, green, blue = np.rint(tone).astype(int)
    return int(red), int(green), int(blue)


def _warmth(amount: float) -> np.ndarray:
    """(3,) colour of a light, warmer where positive; about as bright as white."""
    return np.array([1.0 + amount, 1.0, 1.0 - 1.3 * amount])


def _random_cloth(rng: np.random.Generator) -> np.ndarray:
    if rng.random() < 0.45:  # black, grey, white
        return np.full(3, 255.0 * rng.beta(0.8, 1.2)) * _warmth(rng.normal(0.0, 0.03))
    colour = rng.uniform(0.0, 1.0, 3)
    grey = colour.mean()
    return 255.0 * np.clip(grey + rng.uniform(0.3, 1.0) * (colour - grey), 0.02, 0.95)


def _random_sleeve(rng: np.random.Generator) -> Sleeve:
    kind = rng.random()
    if kind < 0.55:  # long
        start = rng.uniform(0.004, 0.06)
    elif kind < 0.75:  # pushed up
        start = rng.uniform(0.06, 0.2)
    else:
        start = 1.0
    return Sleeve(start, rng.uniform(0.003, 0.010), rng.uniform(0.0, 2.0 * np.pi))
