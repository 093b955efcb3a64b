"""What a notebook shows: live view and knobs, the next run, masks, before and after, forced choice, features."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules=["show"])
