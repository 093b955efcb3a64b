"""Style transfer before networks: textures, patches, strokes and filters, from pictures to a picture."""
