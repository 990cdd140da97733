"""What evaluates trackers on real frames."""
