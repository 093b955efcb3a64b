"""Pictures: read, written, resized; known pictures, bundled and remote; programs that draw style pictures."""
