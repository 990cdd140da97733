"""What a person meets: command line, window, settings, sessions and outputs."""

__version__ = "0.2.0"
