"""A worker that does the newest thing asked for: a draft at once, and the whole when nothing else is asked for."""

import atexit
import threading
import weakref
from collections.abc import Callable

REST = 0.5  # seconds without a new wish, after which the whole is made


class Newest:
    """Work in a daemon thread, of which only the newest wish counts.

    Args:
        draft: (); quick, called in the thread for the newest wish.
        whole: (); slow, called when no other wish has come for `rest` seconds.
        failed: (error); called with what either of them raises.
        rest: seconds.
    """

    def __init__(
        self,
        draft: Callable[[], None],
        whole: Callable[[], None],
        failed: Callable[[Exception], None],
        rest: float = REST,
    ):
        self._draft, self._whole, self._failed, self._rest = draft, whole, failed, rest
        self._changed = threading.Condition()
        self._asked = self._done = 0
        self._closed = False
        self._thread = threading.Thread(target=self._work, daemon=True, name="nst_jax studio")

    def ask(self) -> None:
        """Wish for the work to be done as things are now; returns at once."""
        with self._changed:
            self._asked += 1
            if not self._thread.is_alive() and not self._closed:
                _WORKERS.add(self)
                self._thread.start()
            self._changed.notify_all()

    @property
    def asked(self) -> int:
        """The number of wishes so far; a worker that sees another number than at its start is out of date."""
        return self._asked

    @property
    def resting(self) -> bool:
        """Whether the newest wish is fulfilled."""
        return self._asked == self._done or self._closed

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the newest wish is fulfilled, or has failed.

        Args:
            timeout: the longest wait, in seconds; None for no limit.

        Returns:
            Whether it is.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self.resting, timeout)

    def close(self, timeout: float | None = 10) -> None:
        """End the thread after what it is doing."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._asked != self._done)
                if self._closed:
                    return
                wish = self._asked
            try:
                self._draft()
                with self._changed:
                    if self._changed.wait_for(lambda wish=wish: self._closed or self._asked != wish, self._rest):
                        continue
                self._whole()
            except Exception as error:
                self._failed(error)
            with self._changed:
                self._done = wish
                self._changed.notify_all()


_WORKERS: "weakref.WeakSet[Newest]" = weakref.WeakSet()


@atexit.register
def _end_all() -> None:
    # A thread inside XLA while Python shuts down can crash it.
    for worker in list(_WORKERS):
        worker.close()
