"""What a person meets: command line, window, settings, sessions and outputs."""
