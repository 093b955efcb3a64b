"""The studio as an application: on loopback, behind a token, without code; the command that serves it."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.notebook import studio_server
from nst_jax.notebook.studio_server import LOOPBACK, serve
from tests.support.jupyterlab import PATIENCE, served_studio


@pytest.fixture
def address(tmp_path):
    """The address of a studio that the command serves."""
    # A user's configuration that would open the server.
    (tmp_path / "voila.json").write_text(
        json.dumps({"Voila": {"ip": "0.0.0.0", "token": ""}, "VoilaConfiguration": {"strip_sources": False}})
    )
    with served_studio(tmp_path, "coffee", "vortex", "--size", "256") as address:
        yield address


def get(url, **headers):
    """Status, headers and text of a page."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read().decode(), answer.url
    except urllib.error.HTTPError as error:
        return error.code, error.headers, "", url


def test_only_who_has_the_token_gets_the_page_and_it_shows_no_code(address):
    host, token = re.fullmatch(rf"(http://{re.escape(LOOPBACK)}:\d+)/\?token=([\w-]{{32}})", address).groups()
    _, _, text, where = get(host + "/")
    assert "/login" in where
    assert "nst-studio" not in text
    for wrong in (f"{host}/?token=x", f"{host}/api/kernels", f"{host}/voila/files/studio.ipynb"):
        status, _, text, where = get(wrong)
        assert status in (403, 404) or "/login" in where, wrong
        assert "nst.studio" not in text
    status, headers, text, where = get(address)
    assert status == 200
    assert "/login" not in where
    assert "widget-view+json" in text
    assert "nst.studio" not in text
    assert "import nst_jax" not in text
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Permissions-Policy"].startswith("camera=(self), microphone=()")
    status, _, text, _ = get(f"{host}/voila/files/studio.ipynb?token={token}")
    assert status in (403, 404)


def test_it_listens_at_loopback_alone(address):
    port = int(re.search(r":(\d+)/", address).group(1))
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("needs /proc")
    listening = table.read_text()
    places = {line.split()[1] for line in listening.splitlines()[1:] if line.split()[3] == "0A"}
    assert [place for place in places if place.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


def test_a_file_is_found_from_the_kernels_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nst.save_image("cat.png", nst.load_image("coffee", 32))
    assert studio_server._given("cat.png") == str(tmp_path / "cat.png")
    assert studio_server._given("coffee") == "coffee"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ip": "everywhere"}, "ip='everywhere': give the address"),
        ({"ip": "192.0.2.1"}, "192.0.2.1:0: .*choose another"),
        ({"port": 70_000}, "port=70000: give a number"),
    ],
)
def test_where_nothing_can_listen_is_one_line(given, said, monkeypatch):
    monkeypatch.setattr(studio_server, "find_spec", lambda name: True)
    with pytest.raises(nst.SettingError, match=said):
        serve("coffee", ["vortex"], **given)


def test_without_voila_the_remedy_is_said(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(studio_server, "find_spec", lambda name: None)
    assert main(["studio"]) == 2
    assert 'pip install "nst_jax[studio]"' in capsys.readouterr().err
    assert main(["studio", str(tmp_path / "cat.png")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_styles_that_the_page_could_not_begin_with_are_refused_before_it_is_served(capsys):
    for styles, said in (
        (["vortex", "dabs", "vortex"], "vortex: is given twice"),
        (["vortex"] * 6, "6 styles: give 5"),
    ):
        assert main(["studio", "chelsea", *styles]) == 2
        assert said in capsys.readouterr().err
