"""The course: exercises, checks that diagnose mistakes, quizzes, and what its notebooks share."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["checks", "diagnosis", "exercises", "questions", "quiz"],
    submod_attrs={"claiming": ["claims"], "common": ["grams", "noise", "rmse", "square"], "sizes": ["size"]},
)
