"""Packs of a few synthetic images, and what tests ask of them."""

from __future__ import annotations

from pathlib import Path

from training.lent.pack import PackOptions, pack
from training.lent.plan import Plan

ROOT = Path(__file__).resolve().parents[2]

LWA_HAND = """
model = "lwa-hand"
start = "scratch"
optimiser = "muon"
batch_size = {batch}
learning_rate = 3e-4
warm_up = 2
precision = "{precision}"
{extra}
[[stages]]
name = "whole"
size = {size}
steps = 100
[stages.data]
"synthetic:one" = 1
"synthetic:contact" = 3
[stages.augmentation]
turned = 0.1
closer = 0.7
"""


def configuration(folder: Path, size: int = 64, batch: int = 4, precision: str = "fp32", extra: str = "") -> Path:
    """A TOML file of a small run of lwa-hand."""
    path = folder / "small.toml"
    path.write_text(LWA_HAND.format(size=size, batch=batch, precision=precision, extra=extra))
    return path


def write_pack(folder: Path, config: Path, images: int = 8, **options) -> Plan:
    """Pack a configuration."""
    return pack(PackOptions(config=str(config), folder=folder, images=images, **options), lambda *_: None)
