"""Style transfer before networks: textures, patches, strokes and filters, each a function from pictures to a picture."""
