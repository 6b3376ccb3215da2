"""Animations of a run: GIF, WebP and MP4."""
