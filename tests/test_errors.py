"""What a notebook shows of a failure: the user's own line and the message, without the package's frames."""

import runpy

import pytest

import nst_jax as nst

CELL = """\
import nst_jax as nst

def mine(weights):
    return nst.convert(weights, "author", "gatys", {})

mine(nst.loss_weights(1, 1))
"""


def test_a_notebook_shows_the_users_line_and_the_message(tmp_path):
    cell = tmp_path / "cell.py"
    cell.write_text(CELL)
    with pytest.raises(nst.SettingError) as failure:
        runpy.run_path(str(cell))
    line, message = failure.value._render_traceback_()
    assert line == 'line 4: return nst.convert(weights, "author", "gatys", {})'
    assert message.startswith("SettingError: convention 'gatys' is not known; use one of")


def test_a_failure_that_was_never_raised_is_its_message_alone():
    assert nst.NSTError("p.png: is empty")._render_traceback_() == ["NSTError: p.png: is empty"]
