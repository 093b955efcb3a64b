"""Types as a user's checker sees them: settings are checked, public names are typed."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

import nst_jax as nst
from nst_jax.transfer.settings import Given

pytest.importorskip("pyright", reason="pyright is not installed")
ROOT = Path(__file__).parents[1]


def checked(folder, source):
    """The messages of pyright on a user's file: (line, severity, text)."""
    (folder / "user.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "user.py"]
    (folder / "pyrightconfig.json").write_text(json.dumps({"extraPaths": [str(ROOT)], "include": ["user.py"]}))
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        pytest.skip(f"pyright does not run here: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
    return [(m["range"]["start"]["line"] + 1, m["severity"], m["message"]) for m in found["generalDiagnostics"]]


USER = """import nst_jax as nst
result = nst.stylize("a", "b", beta=3, steps=[50, 20], style_layers={"conv1_1": 1.0}, optimizer=nst.adam())
nst.stylize("a", "b", beta="oops")
nst.stylize("a", "b", betta=3.0)
nst.stylize("a", "b", optimizer="sgd")
reveal_type(result.losses)
reveal_type(nst.gram)
reveal_type(nst.load_network("vgg19-slim"))
objective = nst.build_objective(nst.load_network("vgg19-slim"), None, None, {}, {})
for snapshot in nst.optimize(objective, result.image, nst.lbfgs()):
    reveal_type(snapshot.loss)
""" + "".join(f"reveal_type(nst.{name})\n" for name in sorted(nst.__all__))


def test_wrong_settings_are_errors_and_public_names_are_typed(tmp_path):
    messages = checked(tmp_path, USER)
    errors = {line: text for line, severity, text in messages if severity == "error"}
    assert sorted(errors) == [3, 4, 5], errors
    assert "\"Literal['oops']\"" in errors[3]
    assert "betta" in errors[4]
    revealed = {line: text for line, severity, text in messages if severity == "information"}
    assert "dict[str, " in revealed[6]
    assert "VGG19" in revealed[8]
    assert "float" in revealed[11]
    for i, name in enumerate(sorted(nst.__all__), 12):
        assert "Unknown" not in revealed[i] or name in ("LAYERS",), revealed[i]
        assert not revealed[i].endswith('is "Any"'), revealed[i]


def test_the_package_is_clean():
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable], capture_output=True, text=True, cwd=ROOT
    )
    if "error" not in done.stdout:
        pytest.skip(f"pyright does not run here: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
    assert done.returncode == 0, done.stdout


def test_the_typed_keywords_are_the_settings():
    fields = {field.name: field.type for field in dataclasses.fields(nst.Settings)}
    assert list(Given.__annotations__) == list(fields)
    for name, annotation in Given.__annotations__.items():
        assert annotation.__forward_arg__ == fields[name], name
