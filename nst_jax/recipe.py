"""How a student network is trained: the numbers, with their meanings, for `training` and the command line."""

from dataclasses import dataclass, field

from .errors import SettingError


def _setting(default, meaning):
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Recipe:
    """The settings of a training; `dataclasses.fields` tells their meanings."""

    steps: int = _setting(7040, "updates of the weights, rounded up to whole generations")
    widths: tuple[int, ...] = _setting((32, 32, 64, 128, 128), "filters of the layers of each block")
    size: int = _setting(112, "side of the crops, in pixels")
    fresh: int = _setting(8, "crops of photos in a batch")
    painted: int = _setting(4, "canvases in a batch")
    joint: float = _setting(0.2, "share of the steps, at the end, in which gradients pass between blocks")
    seed: int = _setting(0, "of everything random")

    def __post_init__(self):
        """Raises SettingError, which names the setting, for values that mean nothing."""
        least = {"steps": 1, "size": 32, "fresh": 1, "painted": 1, "seed": 0}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise SettingError(f"{name}={getattr(self, name)}: give a whole number from {smallest} up")
        if len(self.widths) != 5 or min(self.widths) < 1:
            raise SettingError(f"widths={self.widths}: give five whole numbers from 1 up, one for each block")
        if not 0 <= self.joint <= 1:
            raise SettingError(f"joint={self.joint}: give a share from 0 to 1")
