"""The exercise on preprocessing: what goes into the network."""

import jax.numpy as jnp
import numpy as np

from .model import Exercise, Mistake, pictures, uniform

CAFFE_MEANS = np.array([103.939, 116.779, 123.68], np.float32)  # blue, green, red


def preprocess(x):
    bgr = 255 * x[..., ::-1]
    return bgr - jnp.array([103.939, 116.779, 123.68])


PREPROCESS = Exercise(
    "preprocess",
    pictures(lambda seed, h, w: {"x": uniform(seed, h, w)}),
    lambda x: 255 * x[..., ::-1] - CAFFE_MEANS,
    preprocess,
    (
        "Caffe's VGG was trained on pictures in another range and with colours in another order, their mean taken "
        "away.",
        "Three steps: RGB to BGR on the last axis, [0, 1] to [0, 255], minus (103.939, 116.779, 123.68) in BGR order.",
        "x[..., ::-1] reverses the colours. Multiply by 255, then subtract the three means as one array: blue's is "
        "the smallest and comes first.",
    ),
    (
        Mistake(
            "not_swapped",
            lambda x: 255 * x - CAFFE_MEANS,
            "The colours are still RGB, and red loses the mean of blue. Reverse the last axis first: x[..., ::-1].",
        ),
        Mistake(
            "rgb_throughout",
            lambda x: 255 * x - CAFFE_MEANS[::-1],
            "Each colour has its own mean, but the order is still RGB; the network expects blue first.",
        ),
        Mistake(
            "means_reversed",
            lambda x: 255 * x[..., ::-1] - CAFFE_MEANS[::-1],
            "The colours are BGR but the means are in RGB order: 103.939 belongs to blue, which comes first.",
        ),
        Mistake(
            "no_255",
            lambda x: x[..., ::-1] - CAFFE_MEANS,
            "The picture is still in [0, 1], so the means swamp it. Multiply by 255 first.",
        ),
        Mistake(
            "no_means",
            lambda x: 255 * x[..., ::-1],
            "The means are not subtracted.",
        ),
        Mistake(
            "means_added",
            lambda x: 255 * x[..., ::-1] + CAFFE_MEANS,
            "The means are added. Subtract them.",
        ),
        Mistake(
            "unit_range",
            lambda x: x[..., ::-1] - CAFFE_MEANS / 255,
            "This is the right picture divided by 255. The network was trained on the range of 0 to 255.",
        ),
        Mistake(
            "times_256",
            lambda x: 256 * x[..., ::-1] - CAFFE_MEANS,
            "The factor is 256. White is 255.",
        ),
        Mistake(
            "means_before_255",
            lambda x: 255 * (x[..., ::-1] - CAFFE_MEANS),
            "The means are subtracted before the picture is multiplied by 255: they are in the range of 0 to 255.",
        ),
        Mistake(
            "torchvision",
            lambda x: (x - np.array([0.485, 0.456, 0.406], np.float32)) / np.array([0.229, 0.224, 0.225], np.float32),
            "This is torchvision's preprocessing: RGB, minus its means, divided by its deviations. Caffe's VGG wants "
            "BGR, 0 to 255, minus (103.939, 116.779, 123.68), and no division.",
        ),
        Mistake(
            "torchvision_means",
            lambda x: 255 * (x[..., ::-1] - np.array([0.406, 0.456, 0.485], np.float32)),
            "These are torchvision's means times 255. Caffe's are (103.939, 116.779, 123.68).",
        ),
        Mistake(
            "symmetric",
            lambda x: 2 * x - 1,
            "This is the range of -1 to 1, as other networks want it. Caffe's VGG wants BGR, 0 to 255, minus its "
            "means.",
        ),
        Mistake(
            "upside_down",
            lambda x: 255 * x[::-1] - CAFFE_MEANS,
            "x[::-1] turns the picture upside down. Colour is the last axis: x[..., ::-1].",
        ),
        Mistake(
            "mirrored",
            lambda x: 255 * x[:, ::-1] - CAFFE_MEANS,
            "x[:, ::-1] mirrors the picture. Colour is the last axis: x[..., ::-1].",
        ),
        Mistake(
            "rounded",
            lambda x: np.uint8(255 * x[..., ::-1]) - CAFFE_MEANS,
            "The picture is rounded to whole numbers (uint8) on the way. Stay with floats: a rounded picture has no "
            "gradient.",
        ),
        Mistake(
            "clipped",
            lambda x: np.clip(255 * x[..., ::-1] - CAFFE_MEANS, 0, 255),
            "Values below 0 are cut off. After the means are subtracted, about half of them are negative, rightly.",
        ),
        Mistake(
            "channels_first",
            lambda x: (255 * x[..., ::-1] - CAFFE_MEANS).transpose(2, 0, 1),
            "The numbers are right, but as [3, h, w], PyTorch's layout. Here pictures are [h, w, 3].",
        ),
        Mistake(
            "all_reversed",
            lambda x: 255 * x[::-1, ::-1, ::-1] - CAFFE_MEANS,
            "All three axes are reversed, as np.flip(x) does, which turns the picture around too. Colour is the last "
            "axis: x[..., ::-1].",
        ),
        Mistake(
            "own_means",
            lambda x: 255 * (x[..., ::-1] - x[..., ::-1].mean((0, 1))),
            "The means of this picture are subtracted. Those of the pictures that the network was trained on are "
            "meant: 103.939, 116.779, 123.68, the same for every picture.",
        ),
    ),
)
