"""The joint statistics of wavelet coefficients by which Portilla and Simoncelli (2000) describe a texture."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Complex, Float

from .steerable import cropped, filters, inverse, level_shape, padded

TINY = 1e-12  # added to squares, so that moduli have a gradient at 0


@partial(jax.jit, static_argnames=("scales", "orientations", "lags"))
def joint_statistics(
    z: Float[Array, "C h w"], scales: int = 4, orientations: int = 4, lags: int = 7
) -> dict[str, Array]:
    """What Portilla and Simoncelli measure, for all channels together.

    Bands are those of the steerable pyramid, with B_i the complex band i of a scale: C K of them, for C channels and K
    orientations. Their moduli |B_i| less the mean, and their parents, the bands of the next coarser scale interpolated
    to this one, are correlated within a scale and across two. A parent's phase is doubled, P² / |P|, so that it turns
    as fast as its child's. Means are over all positions of the torus.

    Args:
        z: [C, h, w]; sides divisible by 2^scales.
        scales: S.
        orientations: K.
        lags: side of the square of shifts of autocorrelations, odd; levels too small for it have a smaller one.

    Returns:
        Arrays by name, S of those with "/s" (0 is the finest), S + 1 where s = S is the low-pass:
            moments [C, 4]: mean, variance, skewness, kurtosis of the pixels.
            colours [C (C + 1) / 2, C + C (C + 1) / 2]: means of z_i z_j z_k and z_i z_j z_k z_l over the pixels.
            high [C, C]: covariance of the high-pass.
            moments of lows/s [C, 2]: skewness and kurtosis of what is coarser than the upper edge of scale s.
            autocorrelation of lows/s [C, n, n]: its autocovariance.
            autocorrelation of moduli/s [C K, n, n]: autocovariance of |B_i|.
            mean moduli/s [C K]: means of |B_i|.
            moduli/s [C K, C K]: covariance of |B_i| and |B_j|.
            real parts/s [C K, C K]: covariance of Re B_i and Re B_j.
            moduli of parents/s [C K, C K]: covariance of |B_i| and |P_j|, for s < S − 1.
            phases of parents/s [C K, 2 C K]: covariance of Re B_i with the real and imaginary parts of P_j² / |P_j|.

    Departs from the paper: it is of grey pictures. Here the bands of all channels are cousins of one another, and the
    joint third and fourth moments keep colours together. The low-pass has no neighbours as parents.

    Source: Portilla and Simoncelli, "A Parametric Texture Model Based on Joint Statistics of Complex Wavelet
    Coefficients", International Journal of Computer Vision 40, 2000.
    """
    h, w = z.shape[-2:]
    passes = filters(h, w, scales, orientations)
    mean = z.mean((-2, -1))
    Z = jnp.fft.fft2(z, norm="forward")
    high = inverse(Z * passes.high).real
    pairs = jnp.stack([z[i] * z[j] for i in range(len(z)) for j in range(i + 1)])
    S = {
        "moments": jnp.stack([mean, *_moments(z)], -1),
        "colours": _covariance(pairs, jnp.concatenate([z, pairs])),
        "high": _covariance(high, high),
    }
    bands = [_bands(Z, mask) for mask in passes.analytic]  # S of [C K, h_s, w_s], in frequency
    for s, low in enumerate(passes.lows):
        spectrum = cropped(Z, low.shape) * low**2
        x = inverse(spectrum).real
        S[f"moments of lows/{s}"] = jnp.stack(_moments(x)[1:], -1)
        S[f"autocorrelation of lows/{s}"] = _autocovariance(abs(spectrum) ** 2, lags)
    for s, spectrum in enumerate(bands):
        B = inverse(spectrum)
        modulus = _modulus(B)
        mean_modulus = modulus.mean((-2, -1))
        modulus -= mean_modulus[:, None, None]
        power = abs(jnp.fft.fft2(modulus, norm="forward")) ** 2
        S[f"mean moduli/{s}"] = mean_modulus
        S[f"autocorrelation of moduli/{s}"] = _autocovariance(power, lags)
        S[f"moduli/{s}"] = _covariance(modulus, modulus)
        S[f"real parts/{s}"] = _covariance(B.real, B.real)
        if s + 1 < scales:
            P = inverse(padded(bands[s + 1], level_shape(h, w, s)))
            moduli = _modulus(P)
            doubled = P**2 / moduli
            S[f"moduli of parents/{s}"] = _covariance(modulus, moduli - moduli.mean((-2, -1), keepdims=True))
            S[f"phases of parents/{s}"] = _covariance(B.real, jnp.concatenate([doubled.real, doubled.imag]))
    return S


def _bands(Z: Complex[Array, "C h w"], mask: np.ndarray) -> Complex[Array, "CK h_s w_s"]:
    spectrum = cropped(Z, mask.shape[1:])[:, None] * mask
    return spectrum.reshape(-1, *mask.shape[1:])


def _modulus(B: Complex[Array, "n h w"]) -> Float[Array, "n h w"]:
    return jnp.sqrt(B.real**2 + B.imag**2 + TINY)


def _covariance(f: Float[Array, "n h w"], g: Float[Array, "m h w"]) -> Float[Array, "n m"]:
    """Means of products; the covariance of maps that have mean 0."""
    return jnp.einsum("nyx,myx->nm", f, g, precision="highest") / (f.shape[1] * f.shape[2])


def _moments(x: Float[Array, "C h w"]) -> tuple[Array, Array, Array]:
    """Variance, skewness E (x − μ)³ / σ³ and kurtosis E (x − μ)⁴ / σ⁴ of each channel."""
    centred = x - x.mean((-2, -1), keepdims=True)
    variance, third, fourth = ((centred**k).mean((-2, -1)) for k in (2, 3, 4))
    floored = variance + TINY
    return variance, third / floored**1.5, fourth / floored**2


def _autocovariance(power: Float[Array, "n h w"], lags: int) -> Float[Array, "n l l"]:
    """Σ_k power(k) cos(2π k·(dy, dx)) at the shifts −l//2 … l//2, l the largest odd number ≤ `lags` and the sides.

    The coefficient of frequency 0 is left out: the mean does not count.
    """
    h, w = power.shape[-2:]
    power = power.at[:, 0, 0].set(0)
    side = min(lags, (min(h, w) - 1) // 2 * 2 + 1)
    shifts = np.arange(side) - side // 2
    (cy, sy), (cx, sx) = (_waves(shifts, n) for n in (h, w))

    def transform(rows: np.ndarray, columns: np.ndarray) -> Array:
        return jnp.einsum("ay,nyx,bx->nab", rows, power, columns, precision="highest")

    return transform(cy, cx) - transform(sy, sx)


def _waves(shifts: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    phase = 2 * np.pi * np.outer(shifts, np.fft.fftfreq(n))  # [l, n]
    return np.cos(phase).astype(np.float32), np.sin(phase).astype(np.float32)
