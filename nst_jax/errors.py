"""What a user can get wrong, as exceptions whose message is one line: the input, the fault, the remedy."""


class NSTError(Exception):
    """Base of every failure that a user can cause; the command line prints the message and exits 2."""


class ImageError(NSTError):
    """A picture cannot be read, written or used at this size."""


class WeightsError(NSTError):
    """A network's weights are missing, damaged, or of a layout that is not known."""


class DownloadError(NSTError):
    """A file cannot be downloaded, or is not the file expected."""


class SettingError(NSTError):
    """A setting has a value that means nothing, or names something that does not exist."""


class RunError(NSTError):
    """A run's folder cannot be used: nothing to resume, other inputs, a file that changed."""


class DivergedError(NSTError):
    """The loss or its gradient became infinite or not a number.

    Attributes: `evaluation`, the number of the evaluation at which it happened (1 is the first);
    `frame`, the last good frame, whose picture is kept (None where the first evaluation failed);
    `look`, `result`: the same for a whole run of several scales, where `stylize` raised it.
    """

    def __init__(self, message: str, evaluation: int, frame=None):
        super().__init__(message)
        self.evaluation, self.frame = evaluation, frame
        self.look = self.result = None
