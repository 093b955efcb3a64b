"""Exercises on the layers of VGG-19: shapes, receptive fields, parameters."""

from ...networks.geometry import LAYERS, block, opens_block
from .model import Case, Exercise, Mistake

WIDTHS = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}  # N of the layers of each block


def feature_shape(layer, h, w):
    block = int(layer[4])  # 4 for conv4_2
    N = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}[block]
    halvings = block - 1
    return h // 2**halvings, w // 2**halvings, N


def receptive_field(layer):
    block, last = int(layer[4]), int(layer[6])
    convolutions = {1: 2, 2: 2, 3: 4, 4: 4, 5: 4}
    field, step = 1, 1  # pixels that one unit sees, and pixels between neighbouring units
    for b in range(1, block + 1):
        if b > 1:
            field += step  # a pooling of 2 × 2 sees one unit more ...
            step *= 2  # ... and its outputs are twice as far apart
        for _ in range(last if b == block else convolutions[b]):
            field += 2 * step  # a 3 × 3 convolution sees one unit more on either side
    return field


def parameters(layer):
    widths = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}
    block, number = int(layer[4]), int(layer[6])
    N = widths[block]
    if layer == "conv1_1":
        C = 3
    elif number == 1:
        C = widths[block - 1]
    else:
        C = N
    return 3 * 3 * C * N + N  # kernel, bias


def _layers(layers):
    return tuple(Case({"layer": layer}, {}) for layer in layers)


def _halved(layer, h, w, times, N=None):
    return h // 2**times, w // 2**times, N or WIDTHS[block(layer)]


def _unpadded(layer, h, w):
    for name in LAYERS[: LAYERS.index(layer) + 1]:
        if opens_block(name):
            h, w = h // 2, w // 2
        h, w = h - 2, w - 2
    return h, w, WIDTHS[block(layer)]


def _width_before(layer):
    return WIDTHS[max(1, block(layer) - 1)]


FEATURE_SHAPE = Exercise(
    "feature_shape",
    tuple(
        Case({"layer": layer, "h": h, "w": w}, {"h": h, "w": w})
        for layer, h, w in (
            ("conv4_2", 224, 224),
            ("conv1_2", 225, 300),
            ("conv2_1", 97, 130),
            ("conv3_4", 75, 101),
            ("conv5_1", 350, 233),
            ("conv4_1", 161, 500),
            ("conv2_2", 64, 64),
        )
    ),
    lambda layer, h, w: _halved(layer, h, w, block(layer) - 1),
    feature_shape,
    (
        "Which steps of the network change the size? Count them between the picture and the layer.",
        "A 3 × 3 convolution with padding keeps the size; each pooling halves it and drops an odd edge. conv4_2 comes "
        "after three poolings. The filters are 64, 128, 256, 512 and 512 in blocks 1 to 5.",
        "block = int(layer[4]); divide h and w by 2 ** (block - 1) with //; look N up by the block.",
    ),
    (
        Mistake(
            "pooling_too_many",
            lambda layer, h, w: _halved(layer, h, w, block(layer)),
            "The size is halved B times, as by `h >> block`. A pooling stands before each block from the second on, so "
            "convB_i comes after B - 1 of them.",
        ),
        Mistake(
            "pooling_too_few",
            lambda layer, h, w: _halved(layer, h, w, max(0, block(layer) - 2)),
            "One pooling too few: convB_i comes after B - 1 of them.",
        ),
        Mistake(
            "shifted_once_too_often",
            lambda layer, h, w: (h >> block(layer), w >> block(layer), 64 << block(layer)),
            "`h >> block` halves B times and `64 << block` doubles B times. convB_i comes after B - 1 poolings; the "
            "filters double B - 1 times too, up to 512.",
        ),
        Mistake(
            "brackets",
            lambda layer, h, w: (h // 2 ** block(layer) - 1, w // 2 ** block(layer) - 1, WIDTHS[block(layer)]),
            "Brackets are missing: `2 ** block - 1` takes 1 off at the end. Write `2 ** (block - 1)`.",
        ),
        Mistake(
            "product_for_power",
            lambda layer, h, w: (h // 2 * (block(layer) - 1), w // 2 * (block(layer) - 1), WIDTHS[block(layer)]),
            "`h // 2 * (block - 1)` halves once and multiplies. Each of the B - 1 poolings halves: "
            "`h // 2 ** (block - 1)`.",
        ),
        Mistake(
            "never_pooled",
            lambda layer, h, w: _halved(layer, h, w, 0),
            "The size of the picture is kept. Each of the B - 1 poolings before convB_i halves it.",
        ),
        Mistake(
            "every_layer_halves",
            lambda layer, h, w: _halved(layer, h, w, LAYERS.index(layer)),
            "Every convolution is taken to halve the size. They are padded and keep it; only poolings halve.",
        ),
        Mistake(
            "rounded_up",
            lambda layer, h, w: (*(-(-n // 2 ** (block(layer) - 1)) for n in (h, w)), WIDTHS[block(layer)]),
            "Odd sizes are rounded up. The pooling drops an odd edge: //.",
        ),
        Mistake(
            "not_rounded",
            lambda layer, h, w: (h / 2 ** (block(layer) - 1), w / 2 ** (block(layer) - 1), WIDTHS[block(layer)]),
            "There are no fractions of a position: the pooling drops an odd edge. Use //, not /.",
        ),
        Mistake(
            "exchanged",
            lambda layer, h, w: _halved(layer, w, h, block(layer) - 1),
            "Height and width are exchanged: [h, w, N].",
        ),
        Mistake(
            "channels_first",
            lambda layer, h, w: (WIDTHS[block(layer)], *_halved(layer, h, w, block(layer) - 1)[:2]),
            "The numbers are right, as [N, h, w], PyTorch's order. Here it is [h, w, N].",
        ),
        Mistake(
            "ever_wider",
            lambda layer, h, w: _halved(layer, h, w, block(layer) - 1, 64 * 2 ** (block(layer) - 1)),
            "The filters double once too often: block 5 has 512, as block 4.",
        ),
        Mistake(
            "width_before",
            lambda layer, h, w: _halved(layer, h, w, block(layer) - 1, _width_before(layer)),
            "N is the width of the block before. The first convolution of a block widens already.",
        ),
        Mistake(
            "unpadded",
            _unpadded,
            "Every convolution is taken to lose a border of one pixel. VGG pads, so that a 3 × 3 convolution keeps "
            "the size.",
        ),
        Mistake(
            "no_filters",
            lambda layer, h, w: _halved(layer, h, w, block(layer) - 1)[:2],
            "Height and width are right; N, the number of filters, is missing.",
        ),
        Mistake(
            "flat",
            lambda layer, h, w: ((h >> block(layer) - 1) * (w >> block(layer) - 1), WIDTHS[block(layer)]),
            "This is the paper's matrix, M positions by N filters. Here h and w stay apart: [h, w, N].",
        ),
    ),
)


def _field(layer, convolution=2, pooling=1, stride=2, most=4):
    """The receptive field with another rule for a convolution or a pooling, or with `most` convolutions a block."""
    field = step = 1
    for name in LAYERS[: LAYERS.index(layer) + 1]:
        if opens_block(name):
            field, step = field + pooling * step, stride * step
        if block(name) == block(layer) or int(name[6]) <= most:
            field += convolution * step
    return field


def _depth(layer):
    return LAYERS.index(layer) + 1


def _previous(layer, function):
    """The function's value at the layer before; 1 before the first."""
    return function(LAYERS[_depth(layer) - 2]) if _depth(layer) > 1 else 1


RECEPTIVE_FIELD = Exercise(
    "receptive_field",
    _layers(LAYERS),
    _field,
    receptive_field,
    (
        "Start with one unit and go up from the picture: by how many pixels does each step widen what it sees?",
        "Keep two numbers: `field`, in pixels, and `step`, the pixels between neighbouring units. A 3 × 3 convolution "
        "adds 2 steps; a 2 × 2 pooling adds 1 step, and then doubles the step.",
        "conv1_1: 3. conv1_2: 5. The pooling: 6, and the step is 2. conv2_1: 6 + 2·2 = 10. Continue in a loop.",
    ),
    (
        Mistake(
            "no_stride",
            lambda layer: _field(layer, stride=1),
            "Poolings widen the field by a pixel but do not double the step: after each, one unit farther is twice as "
            "many pixels farther.",
        ),
        Mistake(
            "no_poolings",
            lambda layer: _field(layer, pooling=0, stride=1),
            "Only convolutions are counted, 2 pixels each. Poolings widen the field too, and double the step.",
        ),
        Mistake(
            "pooling_sees_one",
            lambda layer: _field(layer, pooling=0),
            "The steps double correctly, but a pooling of 2 × 2 also sees one unit more.",
        ),
        Mistake(
            "pooling_after_stride",
            lambda layer: _field(layer, pooling=2),
            "The step is doubled before the pooling's own unit is added. It is a neighbour at the finer scale: add, "
            "then double. (A 3 × 3 pooling would give this too.)",
        ),
        Mistake(
            "after_pooling",
            lambda layer: _field(layer) + 2 ** (block(layer) - 1),
            "A pooling after the layer is counted too. The field is that of the layer itself.",
        ),
        Mistake(
            "one_early",
            lambda layer: _previous(layer, _field),
            "The layer's own convolution is missing: conv1_1 sees 3 pixels.",
        ),
        Mistake(
            "convolution_of_three",
            lambda layer: _field(layer, convolution=3),
            "Each 3 × 3 convolution adds 3 steps. It adds 2, one on either side: the one in the middle is there "
            "already.",
        ),
        Mistake(
            "convolution_of_one",
            lambda layer: _field(layer, convolution=1),
            "Each 3 × 3 convolution adds one step. It adds one on either side: 2.",
        ),
        Mistake(
            "from_zero",
            lambda layer: _field(layer) - 1,
            "One pixel too few: begin with 1, since a unit of the picture sees itself.",
        ),
        Mistake(
            "radius",
            lambda layer: _field(layer) // 2,
            "This is the way from the middle to the edge. The field is the whole side.",
        ),
        Mistake(
            "two_a_block",
            lambda layer: _field(layer, most=2),
            "Right up to conv3_4: every block before the layer's counts as two convolutions. Blocks 3, 4 and 5 have "
            "four.",
        ),
        Mistake(
            "three_a_block",
            lambda layer: _field(layer, most=3),
            "Right up to conv3_4: blocks 3, 4 and 5 count as three convolutions, as in VGG-16. VGG-19 has four.",
        ),
        Mistake(
            "step",
            lambda layer: 2 ** (block(layer) - 1),
            "This is the step, the pixels between neighbouring units. The field is the other of the two numbers.",
        ),
        Mistake(
            "field_and_step",
            lambda layer: (_field(layer), 2 ** (block(layer) - 1)),
            "Field and step come back. Return the field alone.",
        ),
        Mistake("area", lambda layer: _field(layer) ** 2, "This is the area of the field. Give its side."),
        Mistake(
            "three_to_the_depth",
            lambda layer: 3 ** _depth(layer),
            "The field is multiplied by 3 at each convolution. Neighbouring windows overlap: it adds 2 steps.",
        ),
    ),
)


def _widths(layer):
    """C, N of the layer."""
    number = LAYERS.index(layer)
    return 3 if number == 0 else WIDTHS[block(LAYERS[number - 1])], WIDTHS[block(layer)]


def _count(layer, area=9, bias=True):
    C, N = _widths(layer)
    return area * C * N + bias * N


PARAMETERS = Exercise(
    "parameters",
    _layers(("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_4", "conv4_1", "conv5_1", "conv5_4")),
    _count,
    parameters,
    (
        "One filter looks at a window of 3 × 3 positions in all C channels of the layer before, and adds one number.",
        "A kernel [3, 3, C, N] and a bias [N]. C is N of the layer before, and 3 for conv1_1, which sees the picture.",
        "9 * C * N + N, where C is the width of the block before if the name ends in _1 (3 for conv1_1), else N.",
    ),
    (
        Mistake("no_bias", lambda layer: _count(layer, bias=False), "The biases are missing: N more."),
        Mistake(
            "no_channels",
            lambda layer: 9 * _widths(layer)[1] + _widths(layer)[1],
            "Each filter has a window for each of the C channels that it sees: [3, 3, C, N].",
        ),
        Mistake(
            "three_for_nine",
            lambda layer: _count(layer, area=3),
            "The window counts as 3. It is 3 × 3 = 9.",
        ),
        Mistake(
            "no_window",
            lambda layer: _count(layer, area=1),
            "The window of 3 × 3 is missing: this would be a 1 × 1 convolution.",
        ),
        Mistake(
            "own_width",
            lambda layer: 9 * _widths(layer)[1] ** 2 + _widths(layer)[1],
            "C is taken as N. For the first convolution of a block it is the width of the block before, and 3 for "
            "conv1_1.",
        ),
        Mistake(
            "grey_picture",
            lambda layer: _count(layer) if layer != "conv1_1" else 9 * 64 + 64,
            "Everything is right except conv1_1: it sees the picture's 3 colours.",
        ),
        Mistake(
            "colours_everywhere",
            lambda layer: 27 * _widths(layer)[1] + _widths(layer)[1],
            "C is taken as 3 everywhere. Only conv1_1 sees the picture; the others see the filters of the layer "
            "before.",
        ),
        Mistake(
            "bias_of_input",
            lambda layer: 9 * _widths(layer)[0] * _widths(layer)[1] + _widths(layer)[0],
            "There are as many biases as filters, N, not as channels that come in.",
        ),
        Mistake(
            "bias_per_window",
            lambda layer: 9 * (_widths(layer)[0] + 1) * _widths(layer)[1],
            "Each filter has one bias, not one for each of its 9 places: 9 C N + N.",
        ),
        Mistake(
            "bias_of_one",
            lambda layer: _count(layer, bias=False) + 1,
            "Each filter has its own bias: N of them, not 1.",
        ),
        Mistake(
            "up_to_here",
            lambda layer: sum(map(_count, LAYERS[: _depth(layer)])),
            "These are the parameters of all layers up to this one. Count this one alone.",
        ),
    ),
)
