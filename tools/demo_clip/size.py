"""What kind of image the clip has."""

WIDTH, HEIGHT = 640, 360
FPS = 30
SECONDS = 12.0
FIELD_OF_VIEW = 60.0
"""Horizontal, degrees: what the app assumes of a camera it knows nothing of."""

FRAME_COUNT = round(SECONDS * FPS)
