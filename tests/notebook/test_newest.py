"""The worker of the studio: only the newest wish counts."""

import threading

import pytest

from nst_jax.notebook.newest import Newest


@pytest.fixture
def log():
    return []


@pytest.fixture
def start():
    """Make workers, and end them with the test."""
    workers = []

    def start(draft, whole, failed=None, rest=0.05):
        workers.append(Newest(draft, whole, failed or (lambda error: None), rest))
        return workers[-1]

    yield start
    for worker in workers:
        worker.close()


def test_a_wish_makes_a_draft_and_then_the_whole(start, log):
    worker = start(lambda: log.append("draft"), lambda: log.append("whole"))
    assert worker.resting
    worker.ask()
    assert worker.wait(30)
    assert log == ["draft", "whole"]
    worker.ask()
    assert worker.wait(30)
    assert log == ["draft", "whole"] * 2


def test_wishes_that_come_while_it_works_are_one(start, log):
    began, goes_on = threading.Event(), threading.Event()

    def draft():
        log.append("draft")
        began.set()
        assert goes_on.wait(30)

    worker = start(draft, lambda: log.append("whole"))
    worker.ask()
    assert began.wait(30)
    for _ in range(5):
        worker.ask()
    goes_on.set()
    assert worker.wait(30)
    assert log == ["draft", "draft", "whole"]


def test_a_wish_before_it_rests_puts_the_whole_off(start, log):
    drafts = threading.Semaphore(0)
    worker = start(lambda: (log.append("draft"), drafts.release()), lambda: log.append("whole"), rest=1.0)
    for _ in range(3):
        worker.ask()
        assert drafts.acquire(timeout=30)
    assert worker.wait(30)
    assert log == ["draft"] * 3 + ["whole"]


def test_a_failure_is_told_and_the_next_wish_is_served(start, log):
    wrong = [ValueError("once")]

    def draft():
        if wrong:
            raise wrong.pop()
        log.append("draft")

    worker = start(draft, lambda: log.append("whole"), failed=lambda error: log.append(str(error)))
    worker.ask()
    assert worker.wait(30)
    worker.ask()
    assert worker.wait(30)
    assert log == ["once", "draft", "whole"]


def test_a_closed_worker_does_nothing_more(start, log):
    worker = start(lambda: log.append("draft"), lambda: log.append("whole"), rest=30)
    worker.ask()
    worker.close()
    worker.ask()
    assert worker.wait(1)
    assert "whole" not in log
