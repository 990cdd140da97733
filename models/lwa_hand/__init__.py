"""LWA-HAND (https://arxiv.org/abs/2208.09815), one module of the paper a file; importing this registers `lwa-hand`."""

from models.lwa_hand.reconstructor import CARD, LwaHandReconstructor

__all__ = ["CARD", "LwaHandReconstructor"]
