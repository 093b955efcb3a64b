"""Clips: frames in and out, motion between them, pictures that keep their strokes, and how much they flicker."""
