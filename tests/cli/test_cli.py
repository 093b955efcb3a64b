"""The command line: answers in time, one line a fault, and the words that a run says."""

import os
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import _parser, main
from nst_jax.cli.options import layers
from nst_jax.images.bundled import BUNDLED
from nst_jax.images.remote import REMOTE
from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.networks.sources import NETWORKS, SOURCES
from nst_jax.transfer.job import OPTIMIZERS
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.fixture
def files(tmp_path):
    nst.save_image(tmp_path / "photo.png", picture(60, 80))
    nst.save_image(tmp_path / "painting.png", picture(70, 50, 1))
    write_weights(tmp_path / "narrow.safetensors", random_weights(layers=LAYERS[:4]), {})
    return tmp_path


def arguments(files, *more):
    shallow = ["--content-layers", "conv2_2", "--style-layers", "conv1_1", "conv2_1"]
    network = ["--network", str(files / "narrow.safetensors")]
    pictures = [str(files / "photo.png"), str(files / "painting.png")]
    return ["stylize", *pictures, "-o", str(files / "out.png"), *network, "--size", "64", *shallow, *more]


def test_stylize_says_what_is_coming_and_what_came(files, capsys):
    assert main(arguments(files, "--steps", "8", "--scales", "2")) == 0
    said = capsys.readouterr().out
    assert "network narrow (caffe colours), avg pooling; 64 × 48 pixels, scales 32 → 64, 16 evaluations; on" in said
    assert "estimate: " in said
    assert "memory: " in said
    assert f"{files / 'out.png'}: made with narrow (caffe colours) in" in said
    assert "16 evaluations, loss " in said
    assert nst.load_image(files / "out.png").shape == (48, 64, 3)


def test_a_budget_that_nothing_fits_is_refused_before_the_run(files, capsys):
    assert main(arguments(files, "--memory", "1MB")) == 2
    said = capsys.readouterr()
    assert "memory=1MB: a picture of 64 × 48 needs " in said.err
    assert "; give memory=" in said.err
    assert "estimate" not in said.out


@pytest.fixture
def regions(files):
    """A mask, a map of two colours, and a second painting."""
    mask = np.zeros((60, 80, 3), np.float32)
    mask[:, :40] = 1
    nst.save_image(files / "mask.png", mask)
    nst.save_image(files / "map.png", mask * [1, 0, 0] + (1 - mask) * [0, 0, 1])
    nst.save_image(files / "other.png", picture(40, 60, 2))
    return files


@pytest.mark.parametrize(
    ("options", "given"),
    [
        (["--style", "painting", "other", "--style-weights", "1", "3"], {"style": [("painting", 1.0), ("other", 3.0)]}),
        (["painting", "--region", "mask", "other"], {"style": "painting", "regions": [("mask", "other")]}),
        (
            ["--map", "map", "--legend", "red=painting", "blue=none"],
            {"regions": ("map", {"red": "painting", "blue": None})},
        ),
        (
            ["painting", "--style-scale", "0.5", "--colour", "content"],
            {"style": "painting", "style_scale": 0.5, "colour": "content"},
        ),
        (["painting", "--statistic", "wasserstein"], {"style": "painting", "statistic": "wasserstein"}),
    ],
)
def test_styles_regions_and_colours_are_the_same_on_the_command_line_and_in_python(regions, options, given):
    def path(name):
        file = regions / f"{name}.png"
        return file if isinstance(name, str) and file.exists() else name

    def found(value):
        if isinstance(value, dict):
            return {key: path(each) for key, each in value.items()}
        return type(value)(map(found, value)) if isinstance(value, list | tuple) else path(value)

    words = [word.replace(name, str(path(name))) for word in options for name in [word.rpartition("=")[2]]]
    _, _, _, *rest = arguments(regions, "--steps", "4", "--scales", "1")
    assert main(["stylize", str(regions / "photo.png"), *words, *rest]) == 0
    result = nst.stylize(
        regions / "photo.png", network=regions / "narrow.safetensors", size=64, steps=4, scales=1,
        content_layers=("conv2_2",), style_layers=("conv1_1", "conv2_1"),
        **{name: found(value) for name, value in given.items()},
    )  # fmt: skip
    np.testing.assert_array_equal(
        nst.load_image(regions / "out.png"), np.rint(result.image * 255).astype(np.float32) / 255
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--style", "a", "--style-weights", "1", "2"], "--style-weights: 2 numbers for 1 painting; give one each"),
        (["vortex", "--style", "mosaic"], "give the paintings either as STYLE or with --style, not both"),
        (["--region", "mask.png"], "--region mask.png: give MASK STYLE, or MASK STYLE and the mask of the style"),
        (["--map", "map.png"], "--map and --legend belong together"),
        (["--map", "chelsea", "--legend", "red"], "--legend red: give COLOUR=STYLE, such as red=vortex, or red=none"),
        (
            ["--map", "m", "--legend", "red=vortex", "--region", "m", "vortex"],
            "either as --region or as --map, not both",
        ),
        (["--region", "nowhere.png", "vortex"], "nowhere.png: no such file"),
        (["vortex", "--style-scale", "1", "2"], "style_scale: 2 numbers for 1 style picture"),
        (["vortex", "--style-weights", "0"], "the weight of a style is 0.0; give a number above 0"),
    ],
)
def test_options_of_styles_and_regions_that_make_no_sense_are_named(tmp_path, options, words, capsys):
    assert main(["stylize", "chelsea", *options, "-o", str(tmp_path / "out.png"), "--size", "64"]) == 2
    assert words in capsys.readouterr().err


def test_the_picture_does_not_replace_a_mask_or_a_painting_that_is_read(regions, capsys):
    for name in ("mask.png", "other.png"):
        before = (regions / name).read_bytes()
        call = [
            "stylize",
            str(regions / "photo.png"),
            "--region",
            str(regions / "mask.png"),
            str(regions / "other.png"),
        ]
        assert main([*call, "-o", str(regions / name), "--size", "64"]) == 2
        assert "would write over what this command reads" in capsys.readouterr().err
        assert (regions / name).read_bytes() == before


def test_the_command_line_and_the_function_make_the_same_picture(files):
    assert (
        main(arguments(files, "--steps", "5", "--beta", "50", "--no-normalize", "--seed", "3", "--init", "noise")) == 0
    )
    result = nst.stylize(
        files / "photo.png", files / "painting.png", network=files / "narrow.safetensors", size=64, steps=5, beta=50.0,
        normalize=False, seed=3, init="noise", content_layers=("conv2_2",), style_layers=("conv1_1", "conv2_1"),
    )  # fmt: skip
    np.testing.assert_array_equal(
        nst.load_image(files / "out.png"), np.rint(result.image * 255).astype(np.float32) / 255
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({1: "nowhere.png"}, "nowhere.png: no such file; check the path"),
        ({4: "out.xyz"}, "out.xyz: its ending names no format"),
        ({6: "vgg16"}, "network 'vgg16' is not known"),
        ({6: "nowhere.h5"}, "nowhere.h5: no such file of weights"),
        ({8: "0"}, "size=0: give a whole number"),
        ({8: "1"}, "photo.png, at size 1: 1 × 1 pixels is too small for conv2_1, which needs 2 × 2"),
        ({10: "conv2_2=x"}, "layers conv2_2=x: give names, or name=weight with a number"),
        ({10: "relu4_2"}, "there is no layer relu4_2; conv4_2, taken after its ReLU, is its name here"),
    ],
)
def test_faults_are_one_line_and_status_2(files, capsys, change, message):
    given = arguments(files)
    for place, value in change.items():
        given[place] = value
    assert main(given) == 2
    error = capsys.readouterr().err
    assert error.startswith("nst_jax: ")
    assert message in error
    assert len(error.splitlines()) == 1
    assert not (files / "out.png").exists()


def test_commas_separate_layers_too():
    assert layers(["conv1_1,conv2_1", "conv3_1"]) == ("conv1_1", "conv2_1", "conv3_1")
    assert layers(["conv1_1=2,conv2_1"]) == {"conv1_1": 2.0, "conv2_1": 1.0}


def test_an_option_under_its_old_name_counts_and_names_the_new_one(capsys):
    def colours(*words):
        return _parser().parse_args(["stylize", "a.png", "b.png", *words]).colours

    assert colours() is None
    assert colours("--weights-colours", "imagenet") == "imagenet"
    assert capsys.readouterr().out == ""
    assert colours("--colours", "caffe") == "caffe"
    assert capsys.readouterr().out == "note: --colours is now --weights-colours\n"
    with pytest.raises(SystemExit):
        main(["stylize", "--help"])
    assert "--colours" not in capsys.readouterr().out


def test_a_picture_needs_somewhere_to_go(files, capsys):
    given = arguments(files)
    del given[3:5]
    assert main(given) == 2
    assert "where should the picture go? Give -o OUT, or --run FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (["--help"], 0),
        (["stylize", "--help"], 0),
        (["stylize", "nowhere.png", "x.png", "-o", "o.png"], 2),
        (["fetch"], 0),
    ],
)
def test_help_and_faults_do_not_wait_for_jax(given, status):
    """Within a second on an idle machine; here, that nothing heavy is imported, and a bound that a busy one keeps."""
    code = f"import atexit, runpy, sys; sys.argv[1:] = {given!r}; atexit.register(lambda: print('jax' in sys.modules));"
    code += "runpy.run_module('nst_jax', run_name='__main__')"
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert time.perf_counter() - start < 5
    assert done.returncode == status
    assert done.stdout.splitlines()[-1] == "False"


def test_help_tells_every_default(capsys):
    with pytest.raises(SystemExit):
        main(["stylize", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for words in (
        "[vgg19-slim]",
        "[512]",
        "[50]",
        "[conv4_2]",
        "default conv1_1, conv2_1, …, conv5_1",
        "default lbfgs",
    ):
        assert words in said


def test_fetch_lists_what_is_known_with_licence_and_address(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path))
    assert main(["fetch"]) == 0
    said = capsys.readouterr().out
    bundled_too = len(NETWORKS) + len(BUNDLED)
    assert len(said.splitlines()) == bundled_too + len(SOURCES) + len(REMOTE)
    assert "photo by Andreas Praefcke; CC BY 3.0; https://raw.githubusercontent.com/jcjohnson/neural-style/" in said
    assert "Creative Commons Attribution" in said
    assert list(tmp_path.iterdir()) == []


def test_a_picture_in_copyright_is_fetched_only_on_request(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path))
    assert main(["fetch", "femme_nue_assise"]) == 2
    error = capsys.readouterr().err
    assert "in copyright in much of the world" in error
    assert "fetch femme_nue_assise --accept-copyright" in error
    assert main(["fetch", "mona_lisa"]) == 2
    assert "picture 'mona_lisa' is not known; use one of astronaut, coffee" in capsys.readouterr().err


def test_a_known_picture_is_named_instead_of_a_file(capsys, monkeypatch, tmp_path):
    """From the cache, where its hash is checked; a damaged one is removed and named."""
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path))
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "scream.jpg").write_bytes(b"damaged")
    assert main(["stylize", "scream", "scream", "-o", str(tmp_path / "o.png")]) == 2
    assert "scream.jpg: its sha256 is" in capsys.readouterr().err
    assert list((tmp_path / "pictures").iterdir()) == []


def test_the_known_pictures_are_those_at_hand(shared):
    """Every address and hash agrees with the list that came with the pictures, and every hash with its file."""
    import csv

    from nst_jax.files import sha256

    with open(shared / "images" / "manifest.tsv", newline="") as file:
        rows = {row["sha256"]: row for row in csv.DictReader(file, delimiter="\t")}
    for known in REMOTE.values():
        row = rows[known.sha256]
        assert (known.repository, known.commit, known.path) == (row["repo"], row["commit"], row["path"])
        if not row["name"].startswith("(none)"):
            assert sha256(shared / "images" / row["name"]) == known.sha256


def test_doctor_reports_and_finds_known_faults(capsys, monkeypatch):
    from nst_jax.cli import doctor

    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "jaxlib" in said
    assert "device" in said
    assert said.endswith("no known fault\n")
    real = doctor.version
    monkeypatch.setattr(doctor, "version", lambda package: "0.10.2" if package in ("jax", "jaxlib") else real(package))
    assert main(["doctor"]) == 2
    assert "jaxlib 0.10.2: wrong results and crashes on the CPU (jax#39103" in capsys.readouterr().out
    odd = {"jax": "0.11.1", "jaxlib": "0.11.1", "flax": "0.12.9"}
    monkeypatch.setattr(doctor, "version", lambda package: odd.get(package) or real(package))
    assert main(["doctor"]) == 2
    assert "flax 0.12.9 does not import with jax 0.11" in capsys.readouterr().out


def test_the_estimate_grows_with_the_work_and_shrinks_with_what_is_done(files):
    from nst_jax.transfer.estimate import estimate
    from nst_jax.transfer.job import prepare
    from nst_jax.transfer.run import run

    settings = {"network": nst.VGG19(random_weights()), "size": 256, "scales": 1}
    short, long = (prepare(picture(200, 256), picture(200, 256, 1), **settings, steps=n) for n in (20, 20_000))
    assert estimate(long).seconds > 50 * estimate(short).seconds
    assert estimate(short).bytes > 30 * 2 * 200 * 256 * 3 * 4  # at least the optimiser's memory
    *_, snapshot = run(short)
    assert estimate(short, snapshot.checkpoint()).seconds == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("steps", "tried"), [(1, 1), (3, 2), (40, 4), (20_000, 6)])
def test_the_estimate_spends_a_tenth_of_the_run_or_two_evaluations(monkeypatch, steps, tried):
    from nst_jax.transfer import estimate
    from nst_jax.transfer.job import prepare

    spent, optimize = [], estimate.optimize_on

    def counted(*how):
        spent.append(how[-1])
        return optimize(*how[:-1], 1)

    monkeypatch.setattr(estimate, "optimize_on", counted)
    network = nst.VGG19(random_weights())
    estimate.estimate(prepare(picture(32, 32), picture(32, 32, 1), network=network, size=32, scales=1, steps=steps))
    assert spent == [tried]


@pytest.mark.parametrize("kept_in_a_folder", [False, True])
def test_a_run_that_diverges_leaves_its_last_good_picture(files, capsys, monkeypatch, kept_in_a_folder):
    monkeypatch.setitem(OPTIMIZERS, "adam", lambda: nst.gradient_descent(1e30))
    more = ["--run", str(files / "run")] if kept_in_a_folder else []
    assert main(arguments(files, "--scales", "1", "--optimizer", "adam", *more)) == 2
    assert "the last good picture is kept" in capsys.readouterr().err.splitlines()[-1]
    assert nst.load_image(files / "out.png").std() > 0.05
    assert not kept_in_a_folder or (files / "run" / "result.png").read_bytes() == (files / "out.png").read_bytes()


def test_where_the_picture_goes_is_checked_before_anything_is_computed(files, capsys):
    for out, message in (
        (files, "its ending names no format"),
        (files / "photo.png" / "x.png", "cannot be written; choose another folder"),
        (files / "folder.png", "is a folder; name the picture to write in it"),
    ):
        (files / "folder.png").mkdir(exist_ok=True)
        given = arguments(files, "--run", str(files / "run"))
        given[4] = str(out)
        assert main(given) == 2
        assert message in capsys.readouterr().err
    assert not (files / "run").exists()


def test_a_console_without_unicode_is_no_reason_to_stop(files):
    given = [sys.executable, "-m", "nst_jax", *arguments(files, "--steps", "2", "--scales", "2")]
    done = subprocess.run(given, capture_output=True, env=os.environ | {"PYTHONIOENCODING": "cp1252"})
    assert done.returncode == 0, done.stderr
    assert b"scales 32 ? 64" in done.stdout


def test_no_command_writes_over_what_it_reads(files, capsys):
    photo = (files / "photo.png").read_bytes()
    (files / "linked.png").symlink_to(files / "photo.png")
    for out in ("photo.png", "painting.png", "linked.png"):
        given = arguments(files)
        given[4] = str(files / out)
        assert main(given) == 2
        assert "would write over what this command reads" in capsys.readouterr().err
    assert main([*arguments(files), "--init", str(files / "out.png")]) == 2  # which does not exist
    assert main([*arguments(files, "--steps", "2", "--scales", "1"), "--run", str(files / "run")]) == 0
    assert main(["compare", str(files / "run"), "-o", str(files / "run" / "result.png")]) == 2
    assert "would write over" in capsys.readouterr().err
    assert (files / "photo.png").read_bytes() == photo


def test_no_run_replaces_a_picture_that_it_reads(files, capsys):
    run = files / "own"
    (run / "pictures").mkdir(parents=True)
    for place in (run / "result.png", run / "pictures" / "a.png"):
        place.write_bytes((files / "photo.png").read_bytes())
        given = arguments(files)
        given[1] = str(place)
        assert main([*given, "--run", str(run)]) == 2
        assert "would be replaced by the run" in capsys.readouterr().err
    sheet = files / "figures" / "sheet-arxiv-1-author.jpg"
    nst.save_image(sheet, picture(40, 40))
    figure = ["figure", "arxiv-1", "-o", str(files / "figures"), "--pictures", f"neckarfront={sheet}"]
    assert main(figure) == 2
    assert "would write over what this command reads" in capsys.readouterr().err


def test_what_cannot_be_written_at_the_end_is_refused_at_the_start(files, capsys, monkeypatch):
    given = arguments(files)
    for out, message in (
        ("x" * 300 + ".png", "File name too long); choose another name"),
        ("photo.png/a.png", "cannot be written"),
    ):
        given[4] = str(files / out)
        assert main(given) == 2
        assert message in capsys.readouterr().err
    long = files / ("ä" * 120 + ".png")  # 244 bytes: with a temporary name's ending it would be too long
    given[4] = str(long)
    assert main(given) == 0
    assert long.exists()
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1000))
    given[4] = str(files / "b.png")
    capsys.readouterr()
    assert main(given) == 2
    assert "0 MB are free, and up to 0 MB are to be written; free some space" in capsys.readouterr().err
    assert not (files / "b.png").exists()


def test_settings_without_effect_say_so_and_what_was_chosen_is_named(files, capsys):
    assert main([*arguments(files), "--seed", "3", "--save-every", "2"]) == 0
    said = capsys.readouterr().out
    assert "note: seed has no effect unless init is noise" in said
    assert "note: --save-every has no effect without --run" in said
    assert "photo.png in the style of painting.png" in said
    assert main([*arguments(files), "--beta", "0"]) == 0
    assert "note: the style has no weight, so the painting changes nothing" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["1_0", "\u0661\u0662", "1" * 40, "ten", "1.5"])
def test_numbers_are_written_in_the_digits_0_to_9(files, capsys, text):
    with pytest.raises(SystemExit):
        main([*arguments(files), "--seed", text])
    assert "is not a whole number" in capsys.readouterr().err
    assert main([*arguments(files), "--size", "100000"]) == 2
    assert "size=100000: give a whole number from 1 up, 30,000 at most" in capsys.readouterr().err


def test_a_name_with_a_line_break_is_one_line(capsys):
    assert main(["stylize", "no\nwhere.png", "vortex", "-o", "a.png"]) == 2
    assert capsys.readouterr().err == r"nst_jax: no\nwhere.png: no such file; check the path" + "\n"


def test_a_reader_that_has_enough_ends_the_command_quietly():
    command = f"{sys.executable} -m nst_jax fetch | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.returncode == 0
