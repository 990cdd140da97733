"""What a release is made of, beside the wheel and the bundle: see `python -m tools.release --help`."""
