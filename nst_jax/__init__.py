"""Neural style transfer in JAX, to understand, to reproduce and to take apart."""

import lazy_loader

__version__ = "0.2.0"

# The public names, and the rooms that they live in, stand in __init__.pyi: type checkers read it, and so does this.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
