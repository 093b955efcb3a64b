"""Optimisation of a picture: first-order methods, L-BFGS, and the loop that yields snapshots."""
