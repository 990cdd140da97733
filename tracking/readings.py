"""What a tracker may read of a frame."""

from __future__ import annotations

from typing import Literal

Readings = Literal["both", "network", "landmarks"]
"""The landmark network in each hand's region, the model's own network, or both."""
READINGS: tuple[Readings, ...] = ("both", "network", "landmarks")
