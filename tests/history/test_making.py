"""The frame of the history: methods by name, their parameters, `make`, grids and the command line."""

import subprocess
import sys
from dataclasses import fields, replace
from typing import Literal

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.history.parameters import OF_EVERY_METHOD, checked, parameters_of
from nst_jax.research.combinations import name_of
from tests.support.pictures import picture


def veil(p, a, *, seed: int, depth: float = 0.5, passes: int = 1, tones: tuple[float, ...] = (0.2, 0.8),
         how: Literal["plain", "odd"] = "plain", sharp: bool = False, progress: bool = False):  # fmt: skip
    """A picture under a veil.

    Args:
        p: the photo.
        a: the painting.
        seed: of the noise.
        depth: of the veil,
            in [0, 1].
        passes: how often.
        tones: dark and light.
        how: in which way.
        sharp: whether it is.
        progress: show a bar.

    Returns:
        depth: not a parameter.
    """
    ground = 0.5 if a is None else a.mean((0, 1))
    return p + depth * (ground - p) + 0.01 * seed


VEIL = nst.Method("veil", veil, 2026, "nobody", "a veil", "optional")


@pytest.fixture
def files(tmp_path):
    nst.save_image(tmp_path / "photo.png", picture(60, 80))
    nst.save_image(tmp_path / "painting.png", picture(70, 50, 1))
    return tmp_path


@pytest.fixture
def known(monkeypatch):
    for painting in ("needed", "none", "optional"):
        monkeypatch.setitem(nst.METHODS, f"veil-{painting}", replace(VEIL, name=f"veil-{painting}", painting=painting))


def test_parameters_are_read_from_signature_and_docstring():
    described = {each.name: (each.default, dict(each.metadata)) for each in fields(parameters_of(VEIL))}
    assert list(described) == ["depth", "passes", "tones", "how", "sharp"]
    depth = {
        "meaning": "of the veil, in [0, 1]",
        "kind": float,
        "choices": (),
        "many": False,
        "option": None,
        "formerly": (),
    }
    assert described["depth"] == (0.5, depth)
    assert [described[name][1]["kind"] for name in ("passes", "tones", "how", "sharp")] == [int, float, str, bool]
    assert described["tones"][1]["many"]
    assert described["how"][1]["choices"] == ("plain", "odd")
    assert described["sharp"][1]["meaning"] == "whether it is"


def test_values_are_checked_and_defaults_filled_in():
    values = checked(VEIL, {"depth": 1, "tones": [np.float32(0.5)]})
    assert values == {"depth": 1.0, "passes": 1, "tones": (0.5,), "how": "plain", "sharp": False}
    assert type(values["depth"]) is float
    assert type(values["tones"][0]) is float


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"dept": 1}, "veil has no parameter dept; there are depth, passes, tones, how, sharp"),
        ({"depth": "1"}, "veil: depth='1': give a number"),
        ({"depth": True}, "depth=True: give a number"),
        ({"depth": float("nan")}, "depth=nan: give a number"),
        ({"passes": 1.5}, "passes=1.5: give a whole number"),
        ({"tones": []}, r"tones=\[\]: give a number, or several"),
        ({"how": "loud"}, "how='loud': give plain or odd"),
        ({"sharp": 1}, "sharp=1: give True or False"),
    ],
)
def test_wrong_parameters_are_named(given, words):
    with pytest.raises(nst.SettingError, match=words):
        nst.make(VEIL, picture(20, 20), **given)


def test_make_gives_a_result_that_says_what_it_was_made_from(files):
    result = nst.make(VEIL, files / "photo.png", files / "painting.png", size=40, seed=3, depth=0.25)
    p, a = nst.load_image(files / "photo.png", 40), nst.load_image(files / "painting.png", 40)
    np.testing.assert_allclose(result.image, np.clip(p + 0.25 * (a.mean((0, 1)) - p) + 0.03, 0, 1), atol=1e-6)
    assert result.loss is None
    assert result.settings["method"] == "veil"
    assert (result.settings["size"], result.settings["seed"], result.settings["depth"]) == (40, 3, 0.25)
    assert list(result.inputs) == ["content", "style"]
    result.save(files / "run")
    assert nst.RunFolder(files / "run").state == "done"


def test_the_painting_is_never_enlarged_and_the_photo_is(files):
    seen = {}

    def look(p, a, *, seed: int):
        seen.update(p=p.shape, a=a.shape)
        return p

    nst.make(replace(VEIL, make=look), files / "photo.png", files / "painting.png", size=160)
    assert seen == {"p": (120, 160, 3), "a": (70, 50, 3)}


def test_what_is_transparent_stays_so():
    x = np.concatenate([picture(20, 20), np.ones((20, 20, 1), np.float32)], axis=-1)
    x[:, :10] = [1, 0, 0, 0]  # red that nobody sees
    result = nst.make(VEIL, x, size=20, depth=0.0)
    assert result.alpha is not None
    np.testing.assert_array_equal(result.alpha, x[..., 3:])
    np.testing.assert_allclose(
        result.image[:, :10], np.broadcast_to(x[:, 10:, :3].mean((0, 1)), (20, 10, 3)), atol=1e-5
    )
    with pytest.raises(nst.ImageError, match="transparent everywhere"):
        nst.make(VEIL, np.zeros((20, 20, 4), np.float32))


@pytest.mark.parametrize(
    ("method", "style", "words"),
    [
        ("veil-needed", None, "veil-needed needs a painting; give one after the photo"),
        ("veil-none", picture(20, 20, 1), "veil-none takes no painting; leave it out"),
        ("vail", None, "method 'vail' is not known; use one of "),
    ],
)
def test_a_painting_too_many_or_too_few_and_unknown_methods_are_named(known, method, style, words):
    with pytest.raises(nst.SettingError, match=words):
        nst.make(method, picture(20, 20), style)


def test_what_is_no_picture_is_refused():
    for x in (np.full((4, 4, 3), np.nan), np.zeros((4, 4))[None, :, :, None, None]):
        with pytest.raises(nst.ImageError, match="what veil made"):
            nst.make(replace(VEIL, make=lambda p, a, *, seed: x), picture(20, 20))  # noqa: B023


def test_a_grid_holds_methods_with_a_painting_and_without(known, files):
    pictures = {"content": str(files / "photo.png"), "style": str(files / "painting.png")}
    methods = ["veil-none", "veil-needed", "veil-optional"]
    runs = nst.grid(nst.make, folder=files / "runs", method=methods, size=48, depth=0.1, **pictures)
    table = runs.table()
    assert list(table.state) == ["done"] * 3
    assert list(table.method) == methods
    assert table.loss.isna().all()
    assert table[["content_distance", "structure_distance"]].notna().all().all()
    assert list(table.style_distance.isna()) == list(table.colour_distance.isna()) == [True, False, False]
    assert runs.sheet(columns="method").text.startswith("1 × 3 pictures")
    again = nst.grid(nst.make, folder=files / "runs", method=methods, size=48, depth=0.1, **pictures)
    assert again.table().equals(table)
    two = nst.grid(
        nst.make, folder=files / "runs", method=["veil-none", "veil-needed"], size=48, depth=0.1,
        content=pictures["content"], style=[pictures["style"], pictures["content"]],
    )  # fmt: skip
    assert [run.factors["style"] for run in two.runs] == [None, pictures["style"], pictures["content"]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": ["veil-needed"]}, "veil-needed needs a painting"),
        ({"method": VEIL}, "method: give it by its name"),
        ({"depht": 1}, "no parameter depht"),
        ({"size": 0}, "size=0"),
        ({"content": "nowhere.png"}, "nowhere.png: there is no such content"),
    ],
)
def test_a_grid_refuses_before_any_run(known, files, changes, words):
    axes = {"method": "veil-none", "content": str(files / "photo.png")} | changes
    with pytest.raises(nst.NSTError, match=words):
        nst.grid(nst.make, folder=files / "runs", **axes)
    assert not (files / "runs").exists()


def test_the_folder_of_a_run_depends_on_bytes_and_values(known, files):
    def name(**changes):
        return name_of(nst.make, {"method": "veil-none", "content": str(files / "photo.png")} | changes, {})

    copy = files / "copy.png"
    copy.write_bytes((files / "photo.png").read_bytes())
    assert name() == name(content=copy) == name(depth=0.5) == name(size=512, progress=True)
    others = [name(depth=0.6), name(seed=1), name(content=files / "painting.png"), name(method="veil-optional")]
    assert len({name(), *others}) == 5


def test_a_referee_without_a_painting_scores_the_photo_alone():
    p, x = picture(40, 40), picture(40, 40, 3)
    scores, with_painting = nst.Referee(p)(x), nst.Referee(p, picture(40, 40, 1))(x)
    assert scores["structure"] == with_painting["structure"]
    assert scores["content"] > 0
    assert np.isnan(scores["style"])
    assert np.isnan(scores["colour"])
    assert nst.Referee(p)(p)["content"] == 0


def test_the_command_line_writes_what_python_makes_and_compares_it(files, capsys, monkeypatch):
    photo, out = str(files / "photo.png"), str(files / "out.png")
    options = ["--size", "60", "--seed", "2", "--sizes", "20", "8", "--shape", "dot"]
    assert main(["history", "haeberli", photo, "-o", out, *options, "--run", str(files / "run")]) == 0
    assert f"{out} and {files / 'run'}: made by haeberli in " in capsys.readouterr().out
    result = nst.make("haeberli", photo, size=60, seed=2, sizes=(20, 8), shape="dot")
    np.testing.assert_array_equal(nst.load_image(out), np.rint(result.image * 255).astype(np.float32) / 255)
    nst.make(VEIL, photo, files / "painting.png", size=60).save(files / "other")
    assert main(["compare", str(files / "run"), str(files / "other")]) == 0
    said = capsys.readouterr().out
    assert "haeberli" in said
    assert "veil" in said
    assert "NaN" in said


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["haeberli", "PHOTO", "-o", "PHOTO"], "would write over what this command reads"),
        (["haeberli", "PHOTO"], "where should the picture go?"),
        (["haeberli", "PHOTO", "PAINTING", "-o", "OUT"], "haeberli takes no painting"),
        (["veil-needed", "PHOTO", "-o", "OUT"], "veil-needed needs a painting"),
        (["haeberli", "nowhere.png", "-o", "OUT"], "nowhere.png: no such file"),
        (["haeberli", "PHOTO", "-o", "out.xyz"], "out.xyz"),
        (["haeberli", "PHOTO", "-o", "OUT", "--coverage", "-1"], "coverage=-1: give a number from 0 to 30"),
        ([], "which method? Give one of haeberli"),
    ],
)
def test_the_command_line_refuses_in_one_line(known, files, words, fault, capsys):
    places = {name.upper(): str(files / f"{name}.png") for name in ("photo", "painting", "out")}
    before = (files / "photo.png").read_bytes()
    assert main(["history", *(places.get(word, word) for word in words)]) == 2
    said = capsys.readouterr().err
    assert fault in said
    assert said.count("\n") == 1
    assert (files / "photo.png").read_bytes() == before
    assert not (files / "out.png").exists()


def test_a_run_is_not_written_over(files, capsys):
    nst.make(VEIL, files / "photo.png").save(files / "run")
    assert main(["history", "haeberli", str(files / "photo.png"), "--run", str(files / "run")]) == 2
    assert "holds a run already" in capsys.readouterr().err


def test_the_list_and_the_help_say_what_there_is(capsys):
    assert main(["history", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(nst.METHODS)
    assert [line.split()[0] for line in lines[1:]] == [
        each.name for each in sorted(nst.METHODS.values(), key=lambda each: (each.year, each.name))
    ]
    with pytest.raises(SystemExit):
        main(["history", "haeberli", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "length of a dab, in widths; dots are round [3.5]" in said


def test_the_list_of_methods_imports_nothing_heavy():
    program = (
        "import sys, nst_jax; nst_jax.METHODS; print([m for m in ('jax', 'scipy', 'skimage') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.parametrize("name", list(nst.METHODS))
def test_every_method_describes_its_parameters(name):
    method = nst.METHODS[name]
    assert method.name == name
    taken = {
        "content",
        "style",
        "size",
        "seed",
        "progress",
        "out",
        "run",
        "method",
        "command",
        "list",
        *OF_EVERY_METHOD,
    }
    for each in fields(parameters_of(method)):
        assert each.metadata["meaning"], f"{name}: {each.name} has no line in the docstring"
        assert each.name not in taken
    assert checked(method, {}) == {each.name: each.default for each in fields(parameters_of(method))}
