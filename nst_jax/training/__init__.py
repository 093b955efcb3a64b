"""Training of small networks: distillation, crops, and a loop that resumes."""
