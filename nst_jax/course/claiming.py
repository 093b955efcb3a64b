"""What a text says of its own pictures, checked; of somebody else's it is a question, and this answers it."""

from collections.abc import Callable
from pathlib import Path


def claims(*pictures: str, shipped: tuple[str, ...]) -> Callable[[bool, str], None]:
    """The function that checks a notebook's claims: `claim = course.claims(PHOTO, PAINTING, shipped=("a", "b"))`.

    Args:
        pictures: names or paths of the pictures in use.
        shipped: names of those that the text was written for.

    Returns:
        claim(holds, text): of the shipped pictures it raises AssertionError with the text unless it holds; of others it
        prints the text and whether it holds.
    """
    ours = sorted(Path(picture).stem for picture in pictures) == sorted(shipped)

    def claim(holds: bool, text: str) -> None:
        assert holds or not ours, text
        if not ours:
            print(f"{'as with our pair' if holds else 'not with this pair'}: {text}")

    return claim
