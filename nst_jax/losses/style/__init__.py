"""Style statistics, one module each."""
