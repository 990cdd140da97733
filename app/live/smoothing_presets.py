"""Places of the two smoothing knobs that have a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.sentences import say


@dataclass(frozen=True)
class Preset:
    """Where the knobs stand, 0 to 1, and for what."""

    steadiness: float
    response: float
    purpose: str


PRESETS: Mapping[str, Preset] = {
    "Steady": Preset(0.75, 0.35, say("Calm hands for a photograph or a slow gesture; fast ones lag")),
    "Balanced": Preset(0.5, 0.5, say("As it is measured and tuned")),
    "Quick": Preset(0.3, 0.75, say("Fast hands without lag, for games and avatars; still ones jitter a little")),
}
OWN = "Own"
_SAME = 0.005
"""Half a step of the sliders."""


def preset_of(steadiness: float, response: float) -> str:
    """Name of the preset at which the knobs stand, `OWN` where it is none."""
    for name, preset in PRESETS.items():
        if abs(preset.steadiness - steadiness) < _SAME and abs(preset.response - response) < _SAME:
            return name
    return OWN
