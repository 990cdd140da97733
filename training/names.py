"""What can be trained."""

from __future__ import annotations

MODELS = ("lwa-hand", "eanet", "eanet-light", "eanet-mobile")
BACKBONE = "eanet-backbone"
"""EANet's backbone alone, which learns a trained encoder's features."""
