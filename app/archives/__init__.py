"""Many videos at once: worker processes of this machine, or a Ray cluster; see docs/archives.md."""
