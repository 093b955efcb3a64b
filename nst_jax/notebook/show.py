"""What a cell shows: contact sheets, maps in colours, figures, curves and clips, under one name."""

from ..images.maps import coloured, stretched
from ..images.sheets import Sheet, contact_sheet, pictures
from .figures import Drawing, curves, drawing
from .player import Player, player

__all__ = [
    "Drawing",
    "Player",
    "Sheet",
    "coloured",
    "contact_sheet",
    "curves",
    "drawing",
    "pictures",
    "player",
    "stretched",
]
