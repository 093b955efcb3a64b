"""Powers of covariance matrices."""

import numpy as np
from jaxtyping import Float


def power(C: Float[np.ndarray, "N N"], exponent: float, cut: float = 0.0) -> Float[np.ndarray, "N N"]:
    """C^exponent of a symmetric matrix, by its eigenvalues; those below 0, which are rounding, count as 0.

    Args:
        C: [N, N].
        exponent: negative only for a matrix of full rank, or with a cut.
        cut: eigenvalues up to this share of the largest are left out: their directions are mapped to 0.

    Returns:
        [N, N].
    """
    eigenvalues, Q = np.linalg.eigh((C + C.T) / 2)
    eigenvalues = np.maximum(eigenvalues, 0)
    if cut:
        kept = eigenvalues > cut * eigenvalues[-1]
        eigenvalues, Q = eigenvalues[kept], Q[:, kept]
    return (Q * eigenvalues**exponent) @ Q.T
