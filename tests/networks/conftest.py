"""Fixtures of tests of networks: a cache of their own."""

import pytest


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # pip finds nothing, at once
    return tmp_path / "cache" / "networks"
