"""The image that LWA-HAND takes."""

INPUT_SIZE = 256
"""Px of a side."""
