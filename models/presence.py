"""Which of the two hands that a network always gives are shown."""

from __future__ import annotations

from collections.abc import Sequence, Set

from models.values import SIDES, Side

PRESENT, SECOND, EXPECTED = 0.5, 0.65, 0.35
"""Presence from which the surer hand is shown, the other one, and one that is expected: a square was mostly cut around
one at least, and a hand that the other one covers was mostly seen before."""


def shown_hands(presence: Sequence[float], expected: Set[Side], second: float = SECOND) -> list[int]:
    """Hands to show, as places in `SIDES`.

    Args:
        presence: of both hands, from 0 to 1.
        expected: sides that were seen a moment ago.
        second: presence from which the less sure hand is shown.
    """
    surer = max(range(len(SIDES)), key=lambda hand: presence[hand])
    enough = [EXPECTED if side in expected else PRESENT if hand == surer else second for hand, side in enumerate(SIDES)]
    return [hand for hand in range(len(SIDES)) if presence[hand] >= enough[hand]]
