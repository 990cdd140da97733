"""Pseudo-labels of real hands: photographs by MediaPipe and `landmark-fit`, image sequences by the tracker."""

from training.labelling.bursts import BurstOptions, BurstReport, label_bursts
from training.labelling.folder import LabellingOptions, LabellingReport, label_images
from training.labelling.preview import write_preview

__all__ = [
    "BurstOptions",
    "BurstReport",
    "LabellingOptions",
    "LabellingReport",
    "label_bursts",
    "label_images",
    "write_preview",
]
