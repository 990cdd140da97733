"""What judges trackers on real frames."""
