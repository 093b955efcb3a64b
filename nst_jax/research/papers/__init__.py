"""The papers' figures: presets, and how they are made."""
