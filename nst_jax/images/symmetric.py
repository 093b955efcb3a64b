"""Powers of covariance matrices."""

import numpy as np
from jaxtyping import Float


def power(C: Float[np.ndarray, "N N"], exponent: float) -> Float[np.ndarray, "N N"]:
    """C^exponent of a symmetric matrix, by its eigenvalues; those below 0, which are rounding, count as 0.

    Args:
        C: [N, N].
        exponent: negative only for a matrix of full rank.

    Returns:
        [N, N].
    """
    eigenvalues, Q = np.linalg.eigh((C + C.T) / 2)
    return (Q * np.maximum(eigenvalues, 0) ** exponent) @ Q.T
