"""How two hands meet: touching, holding, one in front of the other, arms crossed."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from models.values import FINGERS
from training.synthetic.capsules import approach, arm_capsules
from training.synthetic.hands import PlacedHand

Kind = Literal["touch", "hold", "front", "cross"]
KINDS: tuple[Kind, ...] = ("touch", "hold", "front", "cross")

PRESSED = 1e-3
"""How deep the capsules of hands that touch may overlap, metres."""
_START, _REACH = 0.40, 0.60
"""The moving hand starts so far off and goes at most so far, metres."""
_TIPS = [chain[-1] for chain in FINGERS.values()]
_PALM = [0, *(chain[0] for chain in FINGERS.values())]
_AWAY = np.array([0.0, 0.0, 1.0])


class Plan(NamedTuple):
    """How a hand is to come to another.

    Attributes:
        kind: of meeting.
        palm: (3,) where the coming hand's palm should face.
        direction: (3,) unit, its way.
        target: (3,) metres, what it aims at.
        gap: metres that remain between the two.
    """

    kind: Kind
    palm: np.ndarray
    direction: np.ndarray
    target: np.ndarray
    gap: float


def encounter(kind: Kind, still: PlacedHand, rng: np.random.Generator) -> Plan:
    """Plan the way of a second hand to a first."""
    palm_centre = still.joints[_PALM].mean(axis=0)
    if kind == "touch":
        target = still.joints[rng.integers(21)] if rng.random() < 0.5 else still.joints[_TIPS[rng.integers(5)]]
        outward = _unit(target - palm_centre + rng.normal(0.0, 0.04, 3))
        return Plan(kind, -outward + rng.normal(0.0, 0.7, 3), -outward, target, -PRESSED)
    if kind == "hold":
        normal = _unit(still.palm_normal + rng.normal(0.0, 0.25, 3))
        target = palm_centre + rng.normal(0.0, 0.02, 3)
        return Plan(kind, -normal + rng.normal(0.0, 0.2, 3), -normal, target, -PRESSED)
    spread = 0.035 if kind == "front" else 0.02
    target = still.joints.mean(axis=0) + rng.normal(0.0, spread, 3)
    gap = rng.exponential(0.03) - PRESSED
    return Plan(kind, rng.normal(size=3), _unit(_AWAY + rng.normal(0.0, 0.25, 3)), target, gap)


def bring_together(still: PlacedHand, moving: PlacedHand, plan: Plan, rng: np.random.Generator) -> PlacedHand | None:
    """The second hand where it meets the first; None where it misses it.

    Forearms count: nothing goes through them either.
    """
    if plan.kind == "touch":
        aim = moving.joints[_TIPS[rng.integers(5)]] if rng.random() < 0.6 else moving.joints[rng.integers(21)]
    else:
        aim = moving.joints[_PALM].mean(axis=0)
    started = moving.moved(plan.target - aim - _START * plan.direction)
    way = approach(
        arm_capsules(still.joints, still.palm_normal, still.forearm),
        arm_capsules(started.joints, started.palm_normal, started.forearm),
        plan.direction,
        _REACH,
        plan.gap,
    )
    return None if way is None else started.moved(way * plan.direction)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)
