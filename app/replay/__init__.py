"""Recorded sessions played again, without Qt: images by time, the hands of every run, and new runs."""
