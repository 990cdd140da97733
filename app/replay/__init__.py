"""Recorded sessions played again, without Qt: pictures by time, the hands of every run, and new runs."""
