"""Meshes to pixels: overlay renderers, skeleton, materials and the offscreen contexts. No Qt, no tracking."""

from render.factory import create_renderer, require_renderer

__all__ = ["create_renderer", "require_renderer"]
