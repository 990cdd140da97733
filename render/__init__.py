"""Meshes to pixels: overlay renderers, skeleton, materials and the offscreen contexts. No Qt, no tracking."""
