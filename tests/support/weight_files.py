"""Files of weights in every layout that they are published in, from weights under this package's names."""

import h5py
import numpy as np
import pytest
from safetensors.numpy import save_file

from nst_jax.networks.formats import TORCHVISION
from nst_jax.networks.geometry import LAYERS


def write_h5(path, weights, *, newer=False, layers=LAYERS):
    """As Keras writes: a group a layer, whose attribute `weight_names` lists its arrays in order."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"input_1", *(f"block{l[4]}_conv{l[6]}".encode() for l in layers)]
        file.create_group("input_1").attrs["weight_names"] = []
        for layer in layers:
            name = f"block{layer[4]}_conv{layer[6]}"
            kernel, bias = ("kernel:0", "bias:0") if newer else (f"{name}_W_1:0", f"{name}_b_1:0")
            group = file.create_group(name)
            names = [f"{name}/{part}" if newer else part for part in (kernel, bias)]
            group.attrs["weight_names"] = [n.encode() for n in names]
            group[names[0]], group[names[1]] = weights[f"{layer}.kernel"], weights[f"{layer}.bias"]
    return path


def torch_layout(weights, name_of):
    """OIHW kernels as .weight, and biases."""
    arrays = {}
    for layer in LAYERS:
        arrays[f"{name_of(layer)}.weight"] = np.ascontiguousarray(weights[f"{layer}.kernel"].transpose(3, 2, 0, 1))
        arrays[f"{name_of(layer)}.bias"] = weights[f"{layer}.bias"]
    return arrays


def torchvision_name(layer):
    return f"features.{TORCHVISION[layer]}"


def write_hub(path, weights):
    classifier = {"pre_logits.fc1.weight": np.zeros((2, 2), np.float32), "head.fc.bias": np.zeros(3, np.float32)}
    save_file(torch_layout(weights, torchvision_name) | classifier, path)
    return path


def write_pth(path, weights, name_of=torchvision_name):
    torch = pytest.importorskip("torch", reason="PyTorch, which writes and reads .pth files, is not installed")
    torch.save({name: torch.from_numpy(array) for name, array in torch_layout(weights, name_of).items()}, path)
    return path


def vgg16(weights, name_of, ending):
    """The layers of VGG-16 under the names of torchvision's list or another's."""
    places = (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)
    layers = [layer for layer in LAYERS if not layer.endswith("_4")]
    names = {layer: f"features.{place}" for layer, place in zip(layers, places, strict=True)}
    return {
        f"{(names[layer] if name_of is None else name_of(layer))}.{ending[part]}": weights[f"{layer}.{part}"]
        for layer in layers
        for part in ("kernel", "bias")
    }


def write_codes(path, weights, layers=LAYERS):
    """A file of the published codes' layout, in PyTorch's older format; returns the weights that it holds."""
    torch = pytest.importorskip("torch", reason="PyTorch writes the file")
    state, held = {}, dict(weights)
    for layer in layers:
        kernel = weights[f"{layer}.kernel"]
        table = np.quantile(kernel, np.linspace(0, 1, 256)).astype(np.float32)
        codes = np.abs(kernel[..., None] - table).argmin(-1).astype(np.uint8)
        name = f"block{layer[4]}_conv{layer[6]}"
        state[f"{name}_W_q"] = torch.from_numpy(np.ascontiguousarray(codes.transpose(3, 2, 0, 1)))
        state[f"{name}_W_table"] = torch.from_numpy(table)
        state[f"{name}_b"] = torch.from_numpy(weights[f"{layer}.bias"])
        held[f"{layer}.kernel"] = table[codes]
    torch.save(state, path, _use_new_zipfile_serialization=False)
    return held


class Trap:
    """Executes code if it is ever unpickled."""

    def __reduce__(self):
        return exec, ("raise SystemExit('unpickled')",)
