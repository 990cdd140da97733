"""Labelled images of real hands, in the folder layouts in which they are published."""
