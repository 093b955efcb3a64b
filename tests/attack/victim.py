"""What is killed: `python -m tests.attack.victim run|grid FOLDER MATERIAL` begins a run or a grid, or resumes it."""

import sys
from pathlib import Path

import nst_jax as nst
from nst_jax.transfer.run_folder import RunFolder

LAYERS = {"content_layers": "conv1_2", "style_layers": ("conv1_1", "conv1_2")}


def run(folder: Path, material: Path) -> None:
    """A run of two scales, with a checkpoint at every look and a picture each ten evaluations."""
    kept = RunFolder(folder)
    if kept.state == "done":
        return
    settings = {"size": 64, "scales": 2, "steps": 60, "init": "noise", **LAYERS}
    pictures = material / "photo.png", material / "painting.png"
    network = material / "narrow.safetensors"
    job = (
        kept.reopen()
        if kept.begun
        else kept.begin(*pictures, network=network, save_every=10, normalize=False, **settings)
    )
    kept.follow(job, checkpoint_every=1e-3)


def grid(folder: Path, material: Path) -> None:
    """A grid of four runs."""
    nst.grid(
        folder=folder,
        content=material / "photo.png",
        style=material / "painting.png",
        network=material / "narrow.safetensors",
        size=48,
        scales=1,
        steps=25,
        beta=[5.0, 50.0],
        seed=[0, 1],
        init="noise",
        normalize=False,
        **LAYERS,
    ).table().to_csv(folder / "table.csv")


def main() -> int:
    """Say when everything is imported, and begin."""
    what, folder, material = sys.argv[1:4]
    import jax

    jax.numpy.zeros(1).block_until_ready()
    print("ready", flush=True)
    try:
        {"run": run, "grid": grid}[what](Path(folder), Path(material))
    except nst.NSTError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
