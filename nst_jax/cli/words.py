"""What commands say: faults, durations."""

import sys


def fault(message: str) -> int:
    """Print a fault in the input; returns its exit status."""
    print(f"nst_jax: {message}", file=sys.stderr)
    return 2


def duration(seconds: float) -> str:
    """Seconds for people: "42 s", "3 min"."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
