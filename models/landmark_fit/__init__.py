"""Hand model fitted to detected landmarks; importing this registers `landmark-fit`."""

from models.landmark_fit.reconstructor import CARD, LandmarkFit

__all__ = ["CARD", "LandmarkFit"]
