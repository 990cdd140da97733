"""Builds the free hand model in assets/hand_model from MakeHuman's CC0 data; see README.md beside this file."""
