"""Training of small networks: the student, distillation, crops and canvases, and a loop that resumes."""
