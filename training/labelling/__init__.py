"""Pseudo-labels of real hands: photographs by MediaPipe and `landmark-fit`, image sequences by the tracker."""

from training.labelling.bursts import BurstOptions, BurstReport, label_bursts
from training.labelling.cutting_out import CutOutReport, cut_out_hands
from training.labelling.folder import LabellingOptions, LabellingReport, label_images
from training.labelling.preview import write_preview

__all__ = [
    "BurstOptions",
    "BurstReport",
    "CutOutReport",
    "LabellingOptions",
    "LabellingReport",
    "cut_out_hands",
    "label_bursts",
    "label_images",
    "write_preview",
]
