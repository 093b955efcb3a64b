"""What a cell shows: contact sheets, maps in colours, figures and curves, under one name."""

from ..images.maps import coloured, stretched
from ..images.sheets import Sheet, contact_sheet, gallery, pictures
from .figures import Drawing, curves, drawing, label_ends

__all__ = [
    "Drawing", "Sheet", "coloured", "contact_sheet", "curves", "drawing", "gallery", "label_ends", "pictures",
    "stretched",
]  # fmt: skip
