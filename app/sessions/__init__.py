"""Sessions on disk: what was tracked, the images it was tracked in, and what with."""
