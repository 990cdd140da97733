"""Whole parts of a batch."""

from __future__ import annotations

import numpy as np


def apportion(shares: list[float], total: int) -> list[int]:
    """Whole numbers as near to the shares as can be that sum to the total (largest remainders)."""
    exact = np.array(shares) / sum(shares) * total
    counts = np.floor(exact).astype(int)
    for place in np.argsort(counts - exact, kind="stable")[: total - counts.sum()]:
        counts[place] += 1
    return counts.tolist()
