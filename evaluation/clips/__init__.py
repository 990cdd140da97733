"""Made clips of two hands that start apart, meet and part again: for the track continuity of trackers."""
