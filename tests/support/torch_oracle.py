"""VGG-19 and the paper's losses in plain PyTorch, written apart from the package: an oracle for the tests."""

import numpy as np
import torch
import torch.nn.functional as F


class TorchVGG:
    """Features of the layers of VGG-19 from the same weights (HWIO kernels) for a picture [1, 3, h, w] in [0, 1]."""

    def __init__(self, weights, pool="avg", padding="zero"):
        self.weights = {name: torch.from_numpy(np.array(array, np.float32)) for name, array in weights.items()}
        self.names = sorted({name.split(".")[0] for name in weights if name.startswith("conv")})
        self.kernels = {n: self.weights[f"{n}.kernel"].permute(3, 2, 0, 1).contiguous() for n in self.names}
        self.pool = F.avg_pool2d if pool == "avg" else F.max_pool2d
        self.padding = padding

    def __call__(self, x, deepest=None):
        pre = self.weights["preprocess.kernel"].reshape(3, 3).T[:, :, None, None]
        x = F.conv2d(x, pre, self.weights["preprocess.bias"])
        features = {}
        for name in self.names:
            if name != "conv1_1" and name.endswith("_1"):
                x = self.pool(x, 2)
            bias = self.weights[f"{name}.bias"]
            if self.padding == "reflect":
                x = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), self.kernels[name], bias)
            else:
                x = F.conv2d(x, self.kernels[name], bias, padding=1)
            x = torch.relu(x)
            features[name] = x
            if name == deepest:
                break
        return features


def to_torch(image):
    """[h, w, 3] → [1, 3, h, w]"""
    return torch.from_numpy(np.array(image, np.float32)).permute(2, 0, 1)[None].contiguous()


def gram(f):
    f = f.flatten(2)[0]
    return f @ f.T


class TorchObjective:
    """Σ content weight · ½ Σ (F − P)² + Σ style weight · Σ (G/M − A/M_a)² / (4 N²), the paper's terms."""

    def __init__(self, vgg, content, style, content_weights, style_weights):
        self.vgg, self.content_weights, self.style_weights = vgg, content_weights, style_weights
        self.deepest = max([*content_weights, *style_weights])
        with torch.no_grad():
            P = vgg(to_torch(content), self.deepest)
            A = vgg(to_torch(style), self.deepest)
        self.P = {layer: P[layer] for layer in content_weights}
        self.A = {layer: gram(A[layer]) / A[layer][0, 0].numel() for layer in style_weights}

    def __call__(self, x):
        features = self.vgg(x, self.deepest)
        loss = 0.0
        for layer, w in self.content_weights.items():
            loss = loss + w * 0.5 * ((features[layer] - self.P[layer]) ** 2).sum()
        for layer, w in self.style_weights.items():
            f = features[layer]
            N, M = f.shape[1], f[0, 0].numel()
            loss = loss + w * ((gram(f) / M - self.A[layer]) ** 2).sum() / (4 * N**2)
        return loss
