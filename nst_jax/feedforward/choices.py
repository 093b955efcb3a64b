"""What the studio lets people choose from."""

MOST_STYLES = 5
SIZES = (256, 512, 768, 1024)  # pixels, longest side
STYLE_SCALES = (0.5, 0.7, 1.0, 1.4, 2.0)  # few: each is compiled
