"""The live view: a run in a thread, stopped and steered as it runs, and what it leaves without a frontend."""

import asyncio
import base64
import io
import json
import math
import os
import subprocess
import sys
import textwrap
import time
from types import SimpleNamespace

import jax
import numpy as np
import pytest
from PIL import Image

pytest.importorskip("ipywidgets", reason="the views need ipywidgets")
pytest.importorskip("matplotlib", reason="the views need matplotlib")

import nst_jax as nst
from nst_jax.networks.geometry import LAYERS
from nst_jax.notebook.background import pace
from nst_jax.notebook.knobs import Move, Steering, gradient_norms, knobs_of, knobs_of_terms, reweighted
from nst_jax.notebook.live import live, watch
from nst_jax.notebook.live_curves import bursts, colour, curves_png
from nst_jax.notebook.live_panel import LivePanel, kept_by_logarithms, words
from nst_jax.optim import loop
from nst_jax.optim.optimizer import of_optax
from nst_jax.optim.snapshot import TermKey
from tests.support.pictures import picture
from tests.support.weights import random_weights

LAYERED = {"content_layers": "conv2_1", "style_layers": ("conv1_1", "conv2_1")}
# What ipywidgets 7.7 does with the ipykernel of its time.
pytestmark = pytest.mark.filterwarnings("ignore:The `ipykernel.comm.Comm` class:DeprecationWarning")
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def network():
    return nst.VGG19(random_weights(widths=(2, 3), layers=LAYERS[:3]))


@pytest.fixture(scope="module")
def pictures():
    return picture(20, 24), picture(22, 18, seed=1)


@pytest.fixture
def start(network, pictures):
    """Start a small live run; what still runs is stopped at the end of the test."""
    views = []

    def start(**settings):
        small = {"network": network, "size": 24, "scales": 1, "steps": 40, "beta": 1e3, "normalize": False, **LAYERED}
        views.append(live(*pictures, **small | settings))
        return views[-1]

    yield start
    for view in views:
        view.stop()
        view.background.wait()


@pytest.fixture
def objective(network, pictures):
    p, a = pictures
    return nst.build_objective(network, p, a, {"conv2_1": 1.0}, {"conv1_1": 10.0, "conv2_1": 10.0}, tv=1e-3)


def until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def evaluations(view):
    return 0 if view.background.snapshot is None else view.background.snapshot.evaluations


def test_a_live_run_makes_the_picture_that_stylize_makes(start, network, pictures):
    view = start(steps=12, optimizer="lbfgs")
    kept = view.wait()
    small = {"network": network, "size": 24, "scales": 1, "steps": 12, "beta": 1e3, "normalize": False, **LAYERED}
    result = nst.stylize(*pictures, **small)
    np.testing.assert_array_equal(kept.image, result.image)
    assert (kept.evaluations, kept.stopped, view.background.state) == (12, "", "done")
    assert kept.steered == []


def test_the_call_returns_before_the_run_has_begun_and_the_end_says_done(start):
    view = start()
    assert not view.background.ended
    view.wait()
    panel = view._panel
    assert panel.status.value.startswith("Done · 40 evaluations in ")
    assert panel.button.description == "Run again"
    assert panel.bar.value == 1


def test_stop_keeps_the_picture_and_running_again_starts_over(start):
    view = start(steps=10**6)
    until(lambda: evaluations(view) > 3)
    assert "evaluations/s" in view._panel.status.value or evaluations(view) < 10
    view._panel.button.click()
    result = view.wait()
    assert view.background.state == "stopped"
    assert result.stopped == "stopped by hand"
    assert 3 < result.evaluations < 10**6
    np.testing.assert_array_equal(result.image, view.image)
    first = view.background
    view._panel.button.click()
    assert view.background is not first
    until(lambda: evaluations(view) > 3)
    view.start()  # while it runs: nothing
    view.stop()
    assert view.wait().stopped == "stopped by hand"


@pytest.mark.parametrize(
    ("scale", "spent", "stopping", "said"),
    [
        (0, 7, False, "24 px · evaluation 7 of 20 · 10 evaluations/s"),
        (0, 10, False, "24 px · evaluation 10 of 20 · compiling for the next size …"),
        (1, 10, False, "24 px · evaluation 20 of 20 · 10 evaluations/s"),
        (0, 10, True, "Stopping …"),
    ],
)
def test_the_status_says_what_a_run_is_waiting_for(scale, spent, stopping, said):
    done = scale * 10 + spent
    snapshot = SimpleNamespace(scale=scale, size=24, evaluations=done, spent_here=spent, stalled=False)
    snapshot.seconds_here = np.arange(spent) / 10
    plan = SimpleNamespace(work=((10, 144), (10, 576)))
    run = SimpleNamespace(state="running", ended=False, stopping=stopping, snapshot=snapshot, plan=plan)
    assert words(run).startswith(said)


def test_stop_is_answered_at_once(start):
    view = start(steps=10**6)
    until(lambda: evaluations(view) > 3)
    shown = []
    view._panel.status.observe(lambda change: shown.append(change["new"]), "value")
    view._panel.button.click()
    assert "Stopping …" in shown or view.background.ended
    view.wait()
    assert view._panel.status.value.startswith("Stopped, the picture is kept")


def test_awaiting_a_view_leaves_the_event_loop_free_to_stop_it(start):
    view = start(steps=10**6)

    async def cell():
        while evaluations(view) <= 3:
            await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.2, view._panel.button.click)  # as a message from the frontend would
        return await view

    result = asyncio.run(cell())
    assert result.stopped == "stopped by hand"
    np.testing.assert_array_equal(result.image, view.image)


def test_an_interrupt_of_a_cell_that_awaits_stops_the_run(start):
    view = start(steps=10**6)

    async def cell():
        waiting = asyncio.ensure_future(view._ended())
        while evaluations(view) <= 3:
            await asyncio.sleep(0.01)
        waiting.cancel()
        return await waiting

    assert asyncio.run(cell()).stopped == "stopped by hand"


def test_two_views_run_at_once(start):
    views = [start(steps=10**6), start(steps=10**6, seed=1)]
    until(lambda: all(evaluations(view) > 3 for view in views))
    views[0].stop()
    views[0].wait()
    now = evaluations(views[1])
    until(lambda: evaluations(views[1]) > now)
    views[1].stop()
    assert views[1].wait().stopped == "stopped by hand"


def test_a_knob_steers_the_run_at_once_and_compiles_nothing(start):
    compiled = loop._run_chunk._cache_size
    view = start(steps=10**6)
    until(lambda: evaluations(view) > 3)
    weight = view.background.objective.terms[0].weight
    before = compiled()
    events = []

    def listen(event, duration, **_):
        if "compile" in event:
            events.append(event)

    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        for i, (knob, value) in enumerate([("alpha/beta", 0.1), ("tv", 0.0), ("style/conv1_1", 0.9)]):
            view.turn(knob, value)
            until(lambda i=i: len(view.steering.moves) == i + 1)
            now = evaluations(view)
            until(lambda now=now: evaluations(view) > now)
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)
    view.stop()
    result = view.wait()
    assert compiled() == before
    assert events == []
    terms = {term.name: float(term.weight) for term in view.background.objective.terms}
    assert terms["content/conv2_1"] == pytest.approx(float(weight) * 0.1 / 1e-3)
    assert terms["tv"] == 0
    moves = result.steered
    assert [(move["knob"], move["value"]) for move in moves] == [
        ("alpha/beta", pytest.approx(0.1)),
        ("tv", 0.0),
        ("style/conv1_1", pytest.approx(0.9)),
    ]
    assert json.dumps(moves)
    tv = result.losses["tv"]
    at = moves[1]["evaluations"]
    assert tv[at - 1] > 0  # row i belongs to evaluation i + 1
    assert (tv[at:] == 0).all()


def test_a_knob_moves_the_picture_where_its_loss_says(objective, pictures):
    p, _ = pictures

    def unweighted(knob):
        steering = Steering(knobs_of_terms(objective))
        snapshots = nst.optimize(
            objective, np.full_like(p, 0.5), nst.adam(average=0.9), 40, interval=np.inf, steer=steering
        )
        steering.turn("content/conv2_1", knob)
        (snapshot,) = snapshots
        return snapshot.losses["content/conv2_1"][-1] / knob

    assert unweighted(100.0) < 0.8 * unweighted(1.0)


def test_moves_before_the_start_count_from_the_first_evaluation_and_later_scales_add_up(start):
    view = start(steps=6, scales=2, ratio=1.2)
    view.wait()
    view.turn("tv", 1.0)
    view.start()
    result = view.wait()
    assert [move["evaluations"] for move in result.steered] == [0]
    assert result.evaluations == 12
    steering = view.steering
    view.background._steer(view.background.objective, 0)
    assert steering.before == 12


def test_reweighting_multiplies_what_is_named_and_leaves_the_rest(objective):
    turned = reweighted(objective, {"style/conv1_1": 3.0})
    assert jax.tree.structure(turned) == jax.tree.structure(objective)
    before, after = (objective.breakdown(picture(20, 24)), turned.breakdown(picture(20, 24)))
    for name in before:
        factor = 3.0 if name == "style/conv1_1" else 1.0
        np.testing.assert_allclose(after[name], factor * before[name], rtol=1e-6)
    assert turned.terms[0] is objective.terms[0]


def test_knobs_are_those_of_the_terms_that_there_are():
    names = [knob.name for knob in knobs_of(nst.Settings())]
    assert names == [
        "alpha/beta",
        "tv",
        *(f"style/{layer}" for layer in ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")),
    ]
    assert [knob.name for knob in knobs_of(nst.Settings(beta=0, tv=0, content_layers=("conv2_1", "conv4_2")))] == [
        "content/conv2_1",
        "content/conv4_2",
    ]
    more = knobs_of(nst.Settings(beta=0, tv=0, laplacian=30, self_similarity=4))
    assert [(knob.name, knob.value) for knob in more] == [("laplacian", 30.0), ("self_similarity", 4.0)]
    assert knobs_of(nst.Settings(beta=0, laplacian=30, self_similarity=4, content_layers=()))[1:] == more[:1]
    knobs = knobs_of(nst.Settings(alpha=2.0, beta=100.0, style_layers={"conv1_1": 0.3, "conv2_1": 0}))
    assert [(knob.name, knob.value) for knob in knobs] == [("alpha/beta", 0.02), ("tv", 3.0), ("style/conv1_1", 0.3)]


def test_the_limits_of_a_knob_are_those_of_its_slider():
    s = nst.Settings(alpha=2.0, beta=100.0, style_layers={"conv1_1": 0.3, "conv2_1": 0.7})
    knobs = {knob.name: knob for knob in knobs_of(s)}
    limits = {
        "alpha/beta": (2e-5, 20.0),
        "tv": (0.0, 30.0),
        "style/conv1_1": (0.0, 1.0),
        "style/conv2_1": (0.0, 1.4),
    }
    sliders = LivePanel(list(knobs.values()), lambda name, value: None).sliders
    assert sliders.keys() == limits.keys()
    for name, slider in sliders.items():
        assert knobs[name].limits == pytest.approx(limits[name])
        ends = [10**end if knobs[name].logarithmic else end for end in (slider.min, slider.max)]
        assert ends == pytest.approx(limits[name])
        assert slider.value == pytest.approx(knobs[name].value)


def test_a_run_with_a_line_search_is_not_steered(start):
    import optax

    assert nst.adam().steerable
    assert nst.momentum(0.1).steerable
    assert not nst.lbfgs().steerable
    assert not of_optax(optax.lbfgs()).steerable
    view = start(steps=5, optimizer="lbfgs")
    view.turn("tv", 0.5)
    assert view.wait().steered == []
    assert view._panel.knobs.layout.display == "none"


def test_gradient_norms_are_those_of_the_terms_one_by_one(objective):
    x = picture(20, 24, seed=3)
    norms = gradient_norms(objective, x)
    assert set(norms) == {term.name for term in objective.terms}
    for name in [term.name for term in objective.terms]:
        g = jax.grad(lambda x, name=name: objective.breakdown(x)[name])(x)
        np.testing.assert_allclose(norms[name], np.linalg.norm(g), rtol=1e-4)


def test_norms_of_terms_are_computed_on_request(start):
    view = start(steps=10**6)
    until(lambda: evaluations(view) > 1)
    assert view._norms == {}
    view._panel.norms.value = True
    until(lambda: view._norms)
    view.stop()
    view.wait()
    assert set(view._norms) == {"content/conv2_1", "style/conv1_1", "style/conv2_1", "tv"}


def test_a_fault_is_shown_in_one_line_and_raised_by_wait(start, tmp_path):
    view = live(tmp_path / "none.png", tmp_path / "none.png", size=24)
    with pytest.raises(nst.ImageError, match=r"none\.png"):
        view.wait()
    assert view._panel.status.value == "Failed"
    assert "none.png" in view._panel.error.value
    assert "\n" not in view._panel.error.value
    assert view.result is None
    with pytest.raises(nst.SettingError, match="size"):
        live("a.png", "b.png", size=-1)
    with pytest.raises(nst.SettingError, match="no knob"):
        start(steps=1).turn("gamma", 1.0)


def test_a_run_that_diverges_keeps_the_last_good_picture(objective, pictures):
    view = watch(objective, pictures[0], nst.gradient_descent(1e3), steps=50)
    with pytest.raises(nst.DivergedError) as caught:
        view.wait()
    assert "finite" in view._panel.error.value
    if caught.value.snapshot is not None:
        np.testing.assert_array_equal(view.image, caught.value.snapshot.image)
        assert np.isfinite(view.image).all()
    view.start()  # and again
    with pytest.raises(nst.DivergedError):
        view.wait()


def test_a_fault_of_the_program_is_named(pictures):
    view = watch(nst.Objective(None, ()), pictures[0], steps=2)
    with pytest.raises(TypeError):
        view.wait()
    assert "TypeError: " in view._panel.error.value


def test_watch_shows_any_objective_and_gives_the_last_snapshot(objective, pictures):
    view = watch(objective, pictures[0], steps=15)
    snapshot = view.wait()
    *_, last = nst.optimize(objective, pictures[0], nst.adam(average=0.9), 15)
    np.testing.assert_array_equal(snapshot.image, last.image)
    assert set(view._panel.sliders) == {term.name for term in objective.terms}


def test_pace_weighs_evaluations_by_their_pixels(start):
    view = start(steps=8, scales=2, ratio=2.0)
    view.wait()
    background = view.background
    speed, left, done = pace(background.plan, background.snapshot)
    assert (left, done) == (0.0, 1.0)
    assert speed > 0
    (coarse, fine) = background.plan.work
    assert coarse[0] == fine[0] == 8
    assert coarse[1] < fine[1] / 3


def test_a_drag_is_one_mark():
    moves = [Move(n, "tv", "tv", float(n)) for n in (10, 12, 14, 60)] + [Move(61, "alpha/beta", "α/β", 1.0)]
    assert [(move.evaluations, move.knob) for move in bursts(moves, 4)] == [(14, "tv"), (60, "tv"), (61, "alpha/beta")]


def test_curves_are_drawn_from_nothing_from_one_row_and_with_terms_of_weight_zero():
    empty = Image.open(io.BytesIO(curves_png({}, {}, width=300, height=200, density=1)))
    assert empty.size == (300, 200)
    names = ("total", "content", "style", "style/conv1_1", "content/conv4_2", "tv", "gradient_norm")
    terms = {
        "style/conv1_1": TermKey("style", "conv1_1"),
        "content/conv4_2": TermKey("content", "conv4_2"),
        "tv": TermKey("tv", None),
    }
    for rows in (1, 2000):
        losses = {name: np.linspace(2, 1, rows) for name in names} | {"tv": np.zeros(rows)}
        losses |= {"evaluations": np.arange(1, rows + 1), "scale": np.repeat([128, 256], (rows - rows // 2, rows // 2))}
        drawn = curves_png(
            losses, terms, [Move(0, "tv", "tv", 0.0)], {"tv": [(1, 0.0)]}, width=300, height=200, density=1
        )
        assert np.asarray(Image.open(io.BytesIO(drawn))).std() > np.asarray(empty).std()
    first, last, content = (TermKey("style", "conv1_1"), TermKey("style", "conv5_1"), TermKey("content", "conv4_2"))
    assert colour(first) != colour(last) != colour(content)
    assert colour(TermKey("temporal", None)) not in map(colour, (first, last, content))


def outputs_of(view, monkeypatch):
    """What displaying the view publishes: bundles in order."""
    import IPython.display

    bundles = []

    class Handle:
        def update(self, bundle, raw, metadata):
            bundles.append(bundle)

    def display(bundle, raw, metadata, display_id):
        bundles.append(bundle)
        return Handle()

    monkeypatch.setattr(IPython.display, "display", display)
    view._ipython_display_()
    return bundles


def test_without_a_frontend_showing_it_waits_and_leaves_a_picture(start, monkeypatch):
    pytest.importorskip("IPython")
    view = start(steps=5)
    (bundle,) = outputs_of(view, monkeypatch)
    assert view.background.state == "done"
    assert WIDGET not in bundle
    assert bundle["text/plain"].startswith("Done · 5 evaluations")
    sheet = Image.open(io.BytesIO(base64.b64decode(bundle["image/jpeg"])))
    assert sheet.height == 380
    assert sheet.width > 900


def test_with_a_frontend_it_shows_at_once_and_leaves_the_picture_at_the_end(start, monkeypatch):
    pytest.importorskip("IPython")
    monkeypatch.setattr("nst_jax.notebook.live.headless", lambda: False)
    monkeypatch.setattr("nst_jax.notebook.widgets.headless", lambda: False)
    view = start(steps=10**6)
    bundles = outputs_of(view, monkeypatch)
    assert not view.background.ended
    view.stop()
    view.wait()
    live, before, after = bundles
    assert live[WIDGET]["model_id"] == view.widget.model_id
    assert "<img" not in before["text/html"]
    assert '<img alt="the picture, and its losses against evaluations: Stopped' in after["text/html"]
    assert "data:image/jpeg;base64," in after["text/html"]


def test_python_ends_soon_while_a_run_goes_on(tmp_path):
    program = """
        import time, numpy as np, nst_jax as nst
        from nst_jax.networks.geometry import LAYERS
        from nst_jax.notebook.live import watch
        from tests.support.pictures import picture
        from tests.support.weights import random_weights
        network = nst.VGG19(random_weights(widths=(2, 3), layers=LAYERS[:3]))
        x = picture(16, 16)
        view = watch(nst.build_objective(network, x, x, {}, {"conv1_1": 1.0}), x * 0.5, steps=10**6)
        while view.image is None:
            time.sleep(0.05)
        print("running", flush=True)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ},
    )
    assert (done.returncode, done.stdout.strip()) == (0, "running"), done.stderr


def test_the_package_is_imported_without_widgets_and_plots():
    program = "import sys, nst_jax; assert not {'ipywidgets', 'matplotlib', 'jax'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_a_cell_that_is_run_again_stops_the_run_it_started_before(start, monkeypatch):
    cell = ["a"]
    monkeypatch.setattr("nst_jax.notebook.live.running_cell", lambda: cell[0])
    first = start(steps=10**6)
    cell[0] = "b"
    other = start(steps=10**6)  # of another cell: both keep running
    time.sleep(0.2)
    assert not first.background.ended
    cell[0] = "a"
    start(steps=1).wait()
    first.background.wait()
    assert first.background.state == "stopped"
    assert not other.background.ended
    other.stop()


@pytest.mark.parametrize("value", [0.02, 1 / 3, 1e-7, 7e9, 0.1, 5.0, 1.0, 1e3])
def test_the_slider_of_a_ratio_starts_where_logarithm_and_power_leave_it(value):
    """Else the browser's first message is a move that nobody made."""
    kept = kept_by_logarithms(value)
    assert 10.0 ** math.log10(kept) == kept
    assert kept == pytest.approx(value, rel=1e-12)
