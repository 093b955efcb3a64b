"""What a notebook shows: the live view and its knobs, the next run, before and after, the feature browser, masks."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules=["show"])
