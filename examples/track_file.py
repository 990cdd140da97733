"""Tracks a file in seven lines; in the repository's folder: `python -m examples.track_file assets/demo.mp4`."""

import sys

from tracking.sources import open_source
from tracking.tracker import Tracker

source, tracker = open_source(sys.argv[1]), Tracker.create("lwa-hand")
while (frame := source.read()) is not None:
    for side, hand in tracker.track(frame).hands.hands.items():
        print(frame.index, side, "wrist at", hand.joints[0].round(3), "m")
