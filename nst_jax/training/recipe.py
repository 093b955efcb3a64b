"""How a student network is trained: the numbers with their meanings, for `train` and the command line."""

from dataclasses import dataclass

from ..described import described, listed
from ..errors import SettingError


@dataclass(frozen=True)
class Recipe:
    """The settings of a training.

    Raises:
        SettingError: for an invalid value; it names the setting.

    Attributes:
    """

    steps: int = described(6400, "updates of the weights, rounded up to complete generations", kind=int)
    widths: tuple[int, ...] = described(
        (32, 32, 64, 192, 256), "filters of the layers of each block, or of each layer", kind=int, many=True
    )
    pools: tuple[str, ...] = described(
        ("avg", "max"), "poolings of student and teacher, which take turns: avg, max", kind=str, many=True
    )
    size: int = described(128, "side of the crops, in pixels", kind=int)
    fresh: int = described(6, "crops of pictures in a batch", kind=int)
    painted: int = described(4, "canvases in a batch", kind=int)
    joint: float = described(0.2, "share of the steps, at the end, in which gradients pass between blocks", kind=float)
    rate: float = described(2e-3, "the largest learning rate, of Adam", kind=float)
    seed: int = described(0, "seed of everything random", kind=int)

    def __post_init__(self):
        least = {"steps": 1, "size": 32, "fresh": 1, "painted": 1, "seed": 0}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise SettingError(f"{name}={getattr(self, name)}: give a whole number from {smallest} up")
        if len(self.widths) not in (5, 13) or min(self.widths) < 1:
            raise SettingError(
                f"widths={self.widths}: give whole numbers from 1 up, five for the blocks or 13 for the layers"
            )
        if not self.pools or set(self.pools) - {"avg", "max"}:
            raise SettingError(f"pools={self.pools}: give avg, max, or both")
        if not 0 <= self.joint <= 1:
            raise SettingError(f"joint={self.joint}: give a share from 0 to 1")


Recipe.__doc__ = (Recipe.__doc__ or "").rstrip() + "\n" + listed(Recipe, " " * 8) + "\n"
