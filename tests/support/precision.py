"""JAX in double precision, for finite differences."""


def double_precision():
    """A context in which JAX computes in float64; older versions keep it elsewhere."""
    import jax
    import jax.experimental

    return (jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64)(True)
