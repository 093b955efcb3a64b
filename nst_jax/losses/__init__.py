"""Losses: content, style statistics, total variation; the objective and its terms; conventions and their formulas."""
