"""What a notebook shows: the live view and its knobs, the next run, masks, before and after, forced choices, features."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules=["show"])
