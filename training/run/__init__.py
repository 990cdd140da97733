"""A run: steps, checkpoints, progress, and validation on held-out images."""
