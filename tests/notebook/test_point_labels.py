"""Names beside points: none over another or over a point, each near its own."""

import numpy as np

from nst_jax import show


def test_names_cover_no_other_name_and_no_point(rng):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(5, 4))
    crowd = 0.5 + 0.05 * rng.normal(size=(9, 2))
    points = {f"a method, {i}": tuple(place) for i, place in enumerate([*crowd, (0.0, 0.0), (1.0, 1.0), (1.0, 0.0)])}
    axes.scatter(*np.transpose(list(points.values())))
    show.label_points(axes, points)
    figure.draw_without_rendering()
    frame, boxes = axes.get_window_extent(), {text.get_text(): text.get_window_extent() for text in axes.texts}
    centres = {name: axes.transData.transform(place) for name, place in points.items()}
    assert set(boxes) == set(points)
    for name, box in boxes.items():
        assert not [other for other in boxes if other != name and box.overlaps(boxes[other])]
        assert not [other for other, (x, y) in centres.items() if box.contains(x, y)]
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1
        x, y = centres[name]
        nearest = np.hypot(x - np.clip(x, box.x0, box.x1), y - np.clip(y, box.y0, box.y1))
        assert nearest < 25  # pixels
    plt.close(figure)


def test_without_a_place_a_name_is_written_all_the_same():
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(1, 1))
    points = {f"a long name of a point, {i}": (0.5, 0.5) for i in range(20)}
    axes.scatter([0.5], [0.5])
    show.label_points(axes, points)
    assert len(axes.texts) == 20
    plt.close(figure)
