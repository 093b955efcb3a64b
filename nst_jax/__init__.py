"""Neural style transfer in JAX, to understand, to reproduce and to take apart."""

import importlib
import sys
import types

__version__ = "0.1.0"

_HOMES = {
    "load_image": "images",
    "save_image": "images",
    "resize": "images",
    "load_network": "weights",
    "VGG19": "vgg",
    "LAYERS": "layers",
    "gram": "losses",
    "content_loss": "losses",
    "style_loss": "losses",
    "total_variation": "losses",
    "CONVENTIONS": "conventions",
    "convert": "conventions",
    "weights_of": "conventions",
    "Objective": "objective",
    "Content": "objective",
    "Style": "objective",
    "TotalVariation": "objective",
    "build_objective": "objective",
    "optimize": "optimize",
    "minimize": "optimize",
    "Optimizer": "optimizers",
    "adam": "optimizers",
    "gradient_descent": "optimizers",
    "momentum": "optimizers",
    "lbfgs": "lbfgs",
    "stylize": "stylize",
    "Settings": "settings",
    "Result": "results",
    "grid": "grid",
    "spread": "effects",
    "effects": "effects",
    "conclusion": "effects",
    "Referee": "referee",
    "picture": "collection",
    "live": "live",
    "watch": "live",
    "form": "form",
    "compare": "compare",
    "browse": "browse",
    "NSTError": "errors",
    "ImageError": "errors",
    "WeightsError": "errors",
    "DownloadError": "errors",
    "SettingError": "errors",
    "RunError": "errors",
    "DivergedError": "errors",
}
__all__ = sorted(_HOMES)


def __getattr__(name):
    # Names are looked up when they are used, so that reading a picture, or printing help, does not wait for JAX.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__


class _Package(types.ModuleType):
    """Keeps `nst_jax.stylize` the function: importing a submodule would put the module of that name in its place."""

    def __setattr__(self, name, value):
        if not (name in _HOMES and isinstance(value, types.ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
