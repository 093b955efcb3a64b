"""What commands say: faults, durations."""

import sys


def fault(message: str) -> int:
    """Print a fault in the input; returns its exit status."""
    print(f"nst_jax: {message}", file=sys.stderr)
    return 2


def in_one_line(text: object) -> str:
    """A text without the line breaks, and the commands to a console, that the names of files may hold."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(text))


def duration(seconds: float) -> str:
    """Seconds for people: "42 s", "3 min"."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
