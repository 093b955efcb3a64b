"""Programs that draw style pictures: `python -m nst_jax.images.drawn [NAME …] [--size 768] [-o FOLDER]`."""
