"""What `models` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from models.extras import remedy
from models.registry import EXTRA, list_models, model_card, models_without_extra


def models_report() -> list[dict[str, Any]]:
    """Every model's card, ready for JSON."""
    return [asdict(model_card(name)) for name in list_models()]


def models_text() -> str:
    """Every model in a few lines for people, as wide as a narrow terminal."""
    parts = [_card_text(name) for name in list_models()]
    if others := models_without_extra():
        parts.append(f"not installed: {', '.join(others)}\n  `{remedy(EXTRA)}` brings what they need")
    return "\n\n".join(parts)


def _card_text(name: str) -> str:
    card = model_card(name)
    lines = [name, f"  {card.title}"]
    if card.parameters:
        counted = f"image {card.macs_image / 1e9:.3f}, pose {card.macs_pose / 1e9:.3f}"
        macs = counted if card.macs_image else "not counted"
        lines.append(f"  parameters {card.parameters / 1e6:.2f} M, GMACs at 256x256: {macs}")
    lines += [f"  weights: {card.weights or 'none'}", f"  licence: {card.licence}"]
    if card.paper:
        lines.append(f"  paper: {card.paper}")
    return "\n".join(lines)
