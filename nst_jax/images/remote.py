"""Pictures elsewhere: pinned to a commit, checked by their hash, kept in a cache, with credit and licence."""

from dataclasses import dataclass
from pathlib import Path

from ..download import cache_folder, check_hash, download
from ..errors import DownloadError


@dataclass(frozen=True)
class RemotePicture:
    """A picture in a public repository.

    Attributes:
        title: what it shows.
        credit: who made it.
        licence: under which it is published.
        repository: owner/name.
        commit: that it is pinned to.
        path: in the repository.
        sha256: of the file.
        restricted: why it is downloaded only on request; "" if it is not.
    """

    title: str
    credit: str
    licence: str
    repository: str
    commit: str
    path: str
    sha256: str
    restricted: str = ""

    @property
    def url(self) -> str:
        """Where the file is downloaded from."""
        return f"https://raw.githubusercontent.com/{self.repository}/{self.commit}/{self.path}"


PUBLIC_DOMAIN = "public domain"

REMOTE = {
    "neckarfront": RemotePicture(
        "Tübingen, Neckarfront",
        "photo by Andreas Praefcke",
        "CC BY 3.0",
        "jcjohnson/neural-style",
        "07c4b8299f8fbdafec0c514fc820ff1d7ff62e46",
        "examples/inputs/tubingen.jpg",
        "e67d1869f01fd805385c681a80d9ebcf0f70ea4a5fe6127f0606bb1c7f4bf506",
    ),
    "starry_night": RemotePicture(
        "The Starry Night, 1889",
        "Vincent van Gogh",
        PUBLIC_DOMAIN,
        "jcjohnson/neural-style",
        "07c4b8299f8fbdafec0c514fc820ff1d7ff62e46",
        "examples/inputs/starry_night_google.jpg",
        "c31741a09141c2e2d07fc7aa6bdf135c369b804f9433e43fa3ceac19386d1ee6",
    ),
    "starry_night_author": RemotePicture(
        "The Starry Night, 1889, the paper's author's own file",
        "Vincent van Gogh",
        PUBLIC_DOMAIN,
        "leongatys/PytorchNeuralStyleTransfer",
        "be6c8e2b35568669a5a0ac10b66c912207ad355d",
        "Images/vangogh_starry_night.jpg",
        "228bebf0dd424ea4f740d8d88a67f2960424c166e638086c1ec529260d2e3832",
    ),
    "shipwreck": RemotePicture(
        "The Shipwreck of the Minotaur, about 1810",
        "J. M. W. Turner",
        PUBLIC_DOMAIN,
        "leongatys/NeuralImageSynthesis",
        "cced0b978fe603569033b2c7f04460839e4d82c4",
        "Images/ControlPaper/suppfig7_style2.jpg",
        "bfce18023277b00b16f4eaf79c4535257cdb5e89b2569cc543a93a473a81098a",
    ),
    "scream": RemotePicture(
        "The Scream, 1893",
        "Edvard Munch",
        PUBLIC_DOMAIN,
        "jcjohnson/neural-style",
        "07c4b8299f8fbdafec0c514fc820ff1d7ff62e46",
        "examples/inputs/the_scream.jpg",
        "f3075cddeb974a9ee1d6418f7f33fd05185a7ac7dcb4288bd2805d499a9dcaee",
    ),
    "composition_vii": RemotePicture(
        "Composition VII, 1913",
        "Wassily Kandinsky",
        PUBLIC_DOMAIN,
        "jcjohnson/fast-neural-style",
        "813c83441953ead2adb3f65f4cc2d5599d735fa7",
        "images/styles/composition_vii.jpg",
        "8f992ed4aecd6dd56972d7bc8166761de7c94e670ee6effa8fd05f3daeb33409",
    ),
    "great_wave": RemotePicture(
        "The Great Wave off Kanagawa, about 1831",
        "Katsushika Hokusai",
        PUBLIC_DOMAIN,
        "jcjohnson/fast-neural-style",
        "813c83441953ead2adb3f65f4cc2d5599d735fa7",
        "images/styles/wave.jpg",
        "14bcf58a39b7095168f27756d76d0c615bb8954acc5eae9e62c66a9684c2ee2b",
    ),
    "rhone": RemotePicture(
        "Starry Night Over the Rhône, 1888",
        "Vincent van Gogh",
        PUBLIC_DOMAIN,
        "leongatys/NeuralImageSynthesis",
        "cced0b978fe603569033b2c7f04460839e4d82c4",
        "Images/ControlPaper/fig3_style1.jpg",
        "8095d9e9a60e32ff9095debda8db3aaa2e4556efbd7a928437df4385f2bc326d",
    ),
    "straw_hat": RemotePicture(
        "Self-Portrait with a Straw Hat, 1887",
        "Vincent van Gogh",
        PUBLIC_DOMAIN,
        "gordicaleksa/pytorch-neural-style-transfer",
        "a244dc61797f920a62146d98de92384352a4d3a2",
        "data/style-images/vg_self.jpg",
        "5f20d17cecdf061f35f8e45047205fc379f4f0ebedb9453d9d7c66b1dd2c0592",
    ),
    "tahiti": RemotePicture(
        "Tahitian scene",
        "Paul Gauguin",
        PUBLIC_DOMAIN,
        "gordicaleksa/pytorch-neural-style-transfer",
        "a244dc61797f920a62146d98de92384352a4d3a2",
        "data/style-images/tahiti_guaguin.jpg",
        "8486376e546d9940485bdfc6a2317e3829e232467f6a74c6659098f5ec64d0e6",
    ),
    "femme_nue_assise": RemotePicture(
        "Femme nue assise, 1910",
        "Pablo Picasso",
        "in copyright where it lasts for the painter's life and 70 years, until the end of 2043",
        "naoto0804/pytorch-AdaIN",
        "47950d0e6656a95a80a4b105c4c0f58d38ef785c",
        "input/style/picasso_seated_nude_hr.jpg",
        "1abed3eccf5807d04b9fc803033edbd626bd7531c262af7e8d2f1fe3a0bafdea",
        restricted="it is in copyright in much of the world; fetch it where the law lets you, and do not pass it on",
    ),
}


def cached_file(name: str) -> Path:
    """Where the cache keeps the picture, or would keep it."""
    return cache_folder() / "pictures" / f"{name}{Path(REMOTE[name].path).suffix}"


def fetched(name: str) -> Path:
    """The file of a picture of `REMOTE`, downloaded once and checked.

    Args:
        name: of the picture.

    Returns:
        The file in the cache.

    Raises:
        DownloadError: if it cannot be downloaded, or the file in the cache has changed, which is then removed.
    """
    known, path = REMOTE[name], cached_file(name)
    if not path.is_file():
        download(known.url, f"sha256:{known.sha256}", path, otherwise="use a picture of your own")
        return path
    try:
        check_hash(path, f"sha256:{known.sha256}")
    except DownloadError:
        path.unlink()
        raise
    return path
