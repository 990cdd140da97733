"""How far images are changed in training, wherever that is done (`training.data.augment`, `training.lent.changes`)."""

from __future__ import annotations

UPRIGHT_SIGMA = 25.0
"""Degrees that arms before a webcam differ by, beyond what images show already."""
PART, TRIES = (0.2, 0.6), 12
"""Side of a part without hands, parts of the image's, and how often one is looked for."""
CLOSE = (0.4, 0.85)
"""Part of the image's side that a hand's joints take where it is shown closer."""
TELLING = 8
"""Joints of a hand that must be labelled for its place and size to be known."""
FLESH = 0.12
"""What of a hand lies around its joints, parts of its size."""
EDGE, BLACK = 0.5, 0.25
"""Shares of images whose edge is repeated outside, and around which it is black; the others get any colour. Black is
what the app's crops show outside the frame; its widened ones mostly show more of the room."""
GAMMA, CONTRAST, GAIN, TINT = 0.22, 0.15, 0.15, 0.06
"""Standard deviations of logarithms, of a camera's curve; the tint is a channel's own gain."""
BLURRED, BLUR = 0.3, (0.4, 1.2)
"""Share of blurred images, and the blur's standard deviation, px."""
NOISE, LEAST_NOISE, GRAIN = 2.0, 1.0, 74.0
"""Mean of the noise's standard deviation (exponentially distributed), what is left away as too little, both in 255ths;
and what numbers from -128 to 127 are divided by for a noise of one."""
