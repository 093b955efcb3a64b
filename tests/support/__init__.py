"""What tests and benchmarks share: random weights, pictures, oracles."""
