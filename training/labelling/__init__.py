"""Pseudo-labels: photographs and clips of real hands, labelled by MediaPipe and `landmark-fit`."""

from training.labelling.folder import LabellingOptions, LabellingReport, label_pictures
from training.labelling.preview import write_preview

__all__ = ["LabellingOptions", "LabellingReport", "label_pictures", "write_preview"]
