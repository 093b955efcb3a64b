"""Whether JAX starts, and work that is done whatever flags a user has set."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from ..errors import NSTError

P = ParamSpec("P")
T = TypeVar("T")


def why_jax_does_not_start() -> str | None:
    """What keeps JAX from starting, in one line; None if it starts."""
    try:
        import jax

        jax.devices()
    except Exception as error:  # of a flag that it cannot read, a platform that is not there, a broken installation
        return (str(error).strip().splitlines() or [type(error).__name__])[0]
    return None


def check_jax() -> None:
    """Raise an error in one line if JAX does not start.

    Raises:
        NSTError: if so; it names the flags that are set.
    """
    if fault := why_jax_does_not_start():
        remedy = f"is {', '.join(flags())} what you want?" if flags() else "run python -m nst_jax doctor"
        raise NSTError(f"JAX does not start ({fault}); {remedy}")


def flags() -> list[str]:
    """The environment's flags for JAX and XLA, as NAME=VALUE."""
    return [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith(("JAX_", "XLA_"))]


@contextmanager
def plain_jax() -> Iterator[None]:
    """JAX as this package needs it: 32 bits, compiled, and no check of what is not a fault.

    A NaN that a `where` leaves out is none, and a loss that is not finite is reported by the loop. Flags that are as
    they should be are left alone, since their context would be another key to what is compiled.

    Raises:
        NSTError: if JAX does not start.
    """
    check_jax()
    import jax
    import jax.experimental

    config: Any = jax.config
    old: Any = jax.experimental
    disable: Any = jax.disable_jit
    x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else old.enable_x64
    contexts: tuple[tuple[str, Any, Callable[[Any], Any]], ...] = (
        ("jax_enable_x64", False, x64),
        ("jax_debug_nans", False, jax.debug_nans),
        ("jax_debug_infs", False, jax.debug_infs),
        ("jax_disable_jit", False, disable),
        ("jax_numpy_dtype_promotion", "standard", jax.numpy_dtype_promotion),
        ("jax_numpy_rank_promotion", "allow", jax.numpy_rank_promotion),
    )
    with ExitStack() as entered:
        for flag, value, context in contexts:
            if getattr(config, flag) != value:
                entered.enter_context(context(value))
        if os.environ.get("JAX_TRANSFER_GUARD", "allow") != "allow":
            entered.enter_context(jax.transfer_guard("allow"))
        yield


def plainly(function: Callable[P, T]) -> Callable[P, T]:
    """A function that runs in `plain_jax`."""

    @wraps(function)
    def sheltered(*args: P.args, **kwargs: P.kwargs) -> T:
        with plain_jax():
            return function(*args, **kwargs)

    return sheltered


def plainly_each(generate: Callable[P, Iterator[T]]) -> Callable[P, Iterator[T]]:
    """A generator that runs in `plain_jax` between what it yields; who consumes it does not."""

    @wraps(generate)
    def sheltered(*args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        items, end = generate(*args, **kwargs), object()
        while True:
            with plain_jax():
                item: Any = next(items, end)
            if item is end:
                return
            yield item

    return sheltered
