"""What leaves the app: exports of sessions and live streams."""
