"""Live streams into other programs: off by default, to this machine unless told otherwise; see docs/streaming.md."""
