"""What `models` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.table import Table

from models.registry import list_models, model_card


def models_report() -> list[dict[str, Any]]:
    """Every model's card, ready for JSON."""
    return [asdict(model_card(name)) for name in list_models()]


def models_table() -> Table:
    """Every model in one row for people."""
    table = Table("model", "what it is", "parameters", "MACs image", "MACs pose", "weights", "licence")
    for name in list_models():
        card = model_card(name)
        table.add_row(
            name,
            card.title,
            f"{card.parameters / 1e6:.2f} M" if card.parameters else "-",
            f"{card.macs_image / 1e9:.3f} G" if card.macs_image else "-",
            f"{card.macs_pose / 1e9:.3f} G" if card.macs_pose else "-",
            card.weights or "none needed",
            card.licence,
        )
    return table
