"""Known pictures: downloaded once, checked, kept; and those in copyright."""

import dataclasses
import hashlib

import pytest

import nst_jax as nst
from nst_jax.images import remote
from tests.support.pictures import picture


@pytest.fixture
def served(server, tmp_path, monkeypatch):
    """A picture on the server that replaces the Scream and the Femme nue assise."""
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path / "cache"))
    path = tmp_path / "served" / "a.png"
    nst.save_image(path, picture(20, 30))
    hash = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(remote.RemotePicture, "url", property(lambda known: f"{server.url}/{known.path}"))
    for name in ("scream", "femme_nue_assise"):
        here = dataclasses.replace(remote.REMOTE[name], path="a.png", sha256=hash)
        monkeypatch.setitem(remote.REMOTE, name, here)
    return path


def test_a_picture_is_downloaded_once(served, server):
    path = nst.picture("scream")
    assert path.read_bytes() == served.read_bytes()
    served.unlink()
    assert nst.picture("scream") == path
    assert server.asked == ["/a.png"]
    assert nst.load_image(path).shape == (20, 30, 3)


def test_a_picture_that_changed_at_its_source_is_not_kept(served, tmp_path):
    nst.save_image(served, picture(20, 30, 5))
    with pytest.raises(nst.DownloadError, match=r"not the one expected: .* or use a picture of your own"):
        nst.picture("scream")
    assert list((tmp_path / "cache" / "pictures").iterdir()) == []


def test_copyright_is_a_choice(served):
    with pytest.raises(nst.SettingError, match="in copyright in much of the world"):
        nst.picture("femme_nue_assise")
    assert nst.picture("femme_nue_assise", accept_copyright=True).is_file()


def test_fetch_goes_on_after_a_failure_and_tells_of_it(served, server, capsys):
    from nst_jax.cli.main import main

    assert main(["fetch", "neckarfront", "scream"]) == 2
    said = capsys.readouterr()
    assert "tubingen.jpg: cannot be downloaded (HTTP 404)" in said.err
    assert "scream.png; Edvard Munch; public domain" in said.out


def test_every_known_picture_says_whose_it_is():
    for name, known in remote.REMOTE.items():
        assert known.credit, name
        assert known.licence, name
        assert len(known.sha256) == 64
        assert len(known.commit) == 40
