"""Pixels to smoothed hands: sources, detector, crop, smoothing and the tracker that joins them. No Qt, no rendering."""
