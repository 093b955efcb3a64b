"""The course: exercises, checks that diagnose mistakes, quizzes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submodules=["checks", "diagnosis", "exercises", "questions", "quiz"]
)
