"""Both hands of one person followed through the frames: tracks, where to look for a hand, and who is believed."""
