"""What a cell shows: contact sheets, maps in colours, figures, curves and clips, under one name."""

from ..images.maps import coloured, stretched
from ..images.sheets import Sheet, contact_sheet, gallery, pictures
from .figures import Drawing, curves, drawing, label_ends
from .player import Player, player
from .point_labels import label_points
from .projector import projector

__all__ = [
    "Drawing",
    "Player",
    "Sheet",
    "coloured",
    "contact_sheet",
    "curves",
    "drawing",
    "gallery",
    "label_ends",
    "label_points",
    "pictures",
    "player",
    "projector",
    "stretched",
]
