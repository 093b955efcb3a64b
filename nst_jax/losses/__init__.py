"""Losses: content, Laplacian, self-similarity, style statistics, total variation; the objective and its terms;
conventions and their formulas."""
