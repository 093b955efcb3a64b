"""The studio: choose a photo, mix styles, brush where they go, refine a part, compare, save."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from ..errors import NSTError, SettingError
from ..feedforward.choices import SIZES
from ..feedforward.composition import (
    Composition,
    Labels,
    Source,
    composed,
    painted,
    photo_at,
    refined,
    undone,
    with_labels,
    with_photo,
    with_settings,
    with_style,
    with_weight,
    without_style,
)
from ..feedforward.live import live, mixture
from ..feedforward.refining import Refining, refining
from ..feedforward.saving import save_composition, zipped
from ..images.bundled import PHOTOS, STYLES
from ..images.picture import Picture, bytes8
from ..images.sheets import contact_sheet
from ..images.uploads import Uploads, plain_name, read_upload
from ..transfer.compiled import give_up_programs
from ..transfer.result import Result
from .background import Background, Plan, plan_of_job
from .knobs import Steering
from .live_panel import clock, line
from .newest import Newest
from .studio_camera import Frames, frames_in_words, without_effect
from .studio_sources import given, listed, thumbnail
from .studio_widgets import KEEP, MODES, StudioWidgets
from .widgets import Output, Shown, headless, jpeg, outputs, running_cell

PREVIEW = 256  # pixels, longest side of what follows a slider


def studio(
    content: str | Path | Picture = "chelsea",
    style: str | Path | Picture | list[str] = "vortex",
    *,
    size: int = 512,
    folder: str | Path = "studio",
) -> "Studio":
    """Paint by hand: a photo, styles mixed on sliders, brushes, refinements; a widget for JupyterLab and Voilà.

    It shows a preview at 256 pixels, then the whole picture when the sliders rest. Nothing is written before Save.

    Args:
        content: the photo to begin with: a file, the name of a known picture, or an array [h, w, 3] in [0, 1].
        style: the style to begin with, likewise, or several in a list.
        size: longest side of the picture, in pixels: 256, 512, 768 or 1024.
        folder: where pictures are saved, each in a folder of its own.

    Returns:
        The studio; everything that its controls do is also a method.

    Raises:
        ImageError: for what is not a picture.
        SettingError: for another size, or too many styles.
        NSTError: if ipywidgets or anywidget is not installed.
    """
    _size(size)
    composition = Composition(given(content, "photo"))
    for i, each in enumerate(style if isinstance(style, list | tuple) else [style], 1):
        composition = with_style(composition, given(each, f"style {i}"))
    return Studio(composition, size, Path(folder))


# The last studio that each cell made: the cell, run again, ends it.
_of_cell: WeakValueDictionary[str, "Studio"] = WeakValueDictionary()


class Studio:
    """The widget of `studio`.

    Attributes:
        widget: for a layout of your own.
        widgets: its parts.
        composition: what the picture is made from, now.
        size: longest side of the picture, in pixels.
        picture: [h, w, 3], as it is shown; a preview may be smaller.
        mode: what is seen: "styles", "refine", "compare" or "camera".
        status: what the status line says.
    """

    def __init__(self, composition: Composition, size: int, folder: Path):
        if (cell := running_cell()) is not None:
            if (before := _of_cell.get(cell)) is not None:
                before.close()
            _of_cell[cell] = self
        self.composition, self.size, self.folder = composition, size, folder
        self.mode, self.status = MODES[0], ""
        self.picture: Picture = composition.photo.draft
        self._whole: tuple[Composition, Result] | None = None  # what was painted last at full size, and from what
        self._shown: list[Shown] = []
        self._base: Picture = self.picture
        self._run: Background[Result] | None = None
        self._refining: Refining | None = None
        self._lock = threading.RLock()
        self._uploads = Uploads()
        self._newest = Newest(self._paint_draft, self._paint_whole, self._failed)
        self._put_off, self._painted = False, ""  # painting while the camera is seen; what was said of it
        self.widgets = StudioWidgets(self._received, composition, self._brushed)
        self._frames = Frames(self._paint_frame, self.widgets.camera.send)
        self.widget = self.widgets.root
        self._ask()

    # What the controls do

    def choose_photo(self, photo: str | Source) -> None:
        """Another photo: a known picture by its name, or a `Source`."""
        chosen = listed(photo) if isinstance(photo, str) else photo
        if self.mode == "camera":
            self.mode = MODES[0]
        self._change(lambda c: with_photo(c, chosen), canvases=True)

    def add_style(self, style: str | Source, weight: float = 1.0) -> None:
        """One more style: a known picture by its name, or a `Source`."""
        chosen = listed(style) if isinstance(style, str) else style
        self._change(lambda c: with_style(c, chosen, weight), canvases=True)

    def remove_style(self, i: int) -> None:
        """Remove the i-th style, from 0."""
        self._change(lambda c: without_style(c, i), canvases=True)

    def weigh(self, i: int, weight: float) -> None:
        """Another share of the i-th style, from 0."""
        self._change(lambda c: with_weight(c, i, weight))

    def set(self, **settings: Any) -> None:
        """Other strength, style_scale, colour or size."""
        if "size" in settings:
            self.size = _size(settings.pop("size"))
        self._change(lambda c: with_settings(c, **settings))

    def upload(self, name: str, data: bytes, kind: str = "photo") -> None:
        """A picture from elsewhere, as photo or as style; its name is shown by letters and digits alone."""
        source = Source(self._free(plain_name(name)), read_upload(name, data))
        (self.choose_photo if kind == "photo" else self.add_style)(source)

    def show(self, mode: str) -> None:
        """What is seen: "styles" to brush styles, "refine" to brush what is refined, "compare", or "camera"."""
        if mode not in MODES:
            raise SettingError(f"mode {mode!r}: use one of {', '.join(MODES)}")
        before, self.mode = self.mode, mode
        if mode == "camera":
            self._say(frames_in_words(self.composition))
        elif before == "camera":
            self._say(self._painted if self._newest.resting and not self._put_off else "Painting …")
        else:
            self._show()
        self._catch_up()

    def refine(self) -> None:
        """Optimise what is brushed in "refine"; returns at once."""
        with self._lock:
            if self.refining:
                return
            self._catch_up()
            self._refining = None
            self._run = Background(self._plan, Steering(()), self._follow)
        self._say("Preparing the refinement …")
        self._run.start()

    def stop(self) -> None:
        """Stop refining; what was reached is kept."""
        if self._run is not None:
            self._run.stop()

    def undo(self) -> None:
        """Take the last refinement back."""
        with self._lock:
            self.composition = undone(self.composition)
            self.picture = composed(self._base, self.composition.refinements)
        self._say("The last refinement is taken back.")

    def save(self) -> Path:
        """Write picture, manifest, and the pictures and masks it was made from; waits for the picture.

        Returns:
            The folder.

        Raises:
            NSTError: if nothing is painted, or the folder cannot be written.
        """
        self.wait()
        folder = save_composition(self.folder, *self._made())
        self._say(f"Saved in {folder}.")
        return folder

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the picture is painted, and a refinement has ended."""
        if self._run is not None:
            self._run.wait(timeout)
        self._catch_up(even_so=True)
        self._newest.wait(timeout)

    def close(self) -> None:
        """End what is going on, and give the widgets up."""
        self.stop()
        self._newest.close()
        self._frames.close()
        self.widgets.close()

    @property
    def refining(self) -> bool:
        """Whether the optimiser runs."""
        return self._run is not None and not self._run.ended

    # Painting, in the thread of `Newest`

    def _paint_draft(self) -> None:
        self._paint(PREVIEW, draft=True)

    def _paint_whole(self) -> None:
        if not self.refining:
            give_up_programs()
        self._paint(self.size, draft=False)

    def _paint(self, size: int, draft: bool) -> None:
        with self._lock:
            c, asked = self.composition, self._newest.asked
        result = painted(c, size, draft)
        base = photo_at(c, size) if result is None else result.image
        with self._lock:
            if self._newest.asked != asked:
                return
            self._base = base
            if not draft:
                self._whole = None if result is None else (c, result)
            if not self.refining:
                self.picture = composed(base, self.composition.refinements)
        h, w, _ = base.shape
        if draft and result is not None:
            self._show(detail="Preview")
            return
        self._painted = "No style has a share: move a slider, or brush a style."
        if result is not None:
            notes = "".join(f" Note: {note}." for note in result.notes)
            self._painted = f"Painted, {w} × {h}, in {clock(result.seconds)}.{notes}"
        if self.mode != "camera":
            self._say(self._painted)
        if result is not None:
            self._keep()

    def _failed(self, error: Exception) -> None:
        self._say(f"⚠ {line(error)}")

    # The camera, whose frames are painted in a thread of theirs

    def _paint_frame(self, frame: Picture) -> Picture:
        with self._lock:
            c = self.composition
        return live(c, frame)

    # Refining, in the thread of its run

    def _plan(self) -> Plan[Result]:
        self._newest.wait()
        with self._lock:
            c, picture = self.composition, composed(self._base, self.composition.refinements)
        self._refining = refining(c, picture, self.widgets.canvases.refiner.labels)
        return plan_of_job(self._refining.job)

    def _follow(self, run: Background[Result]) -> None:
        made = self._refining
        if made is not None and run.snapshot is not None:
            self.picture = made.pasted(run.snapshot.image)
        if not run.ended:
            steps = sum(made.job.steps) if made is not None else 1
            done = 0 if run.snapshot is None else run.snapshot.evaluations
            detail = f"evaluation {done} of {steps}" if done else "compiling …"
            self._say("Refining what is brushed …", detail=detail, progress=done / steps)
            return
        if made is not None and run.snapshot is not None and (result := run.result) is not None:
            described = {
                "settings": result.settings,
                "evaluations": result.evaluations,
                "seconds": round(result.seconds, 3),
                "loss": result.loss,
                "stopped": result.stopped,
            }
            with self._lock:
                self.composition = refined(self.composition, made.refinement(run.snapshot.image, described))
                self.picture = composed(self._base, self.composition.refinements)
            stopped = " It was stopped." if run.state == "stopped" else ""
            self._say(f"Refined in {result.evaluations} evaluations, {clock(result.seconds)}.{stopped}")
            self._keep()
        if run.error is not None:
            self._failed(run.error)

    # State and widgets

    def _change(self, change: Callable[[Composition], Composition], canvases: bool = False) -> None:
        with self._lock:
            self.composition = change(self.composition)
            if canvases:
                self.widgets.set_canvases(self.composition)
            self._ask()

    def _ask(self) -> None:
        """Ask for the picture; while the camera is seen, its frames are painted instead."""
        self._put_off = self.mode == "camera"
        if self._put_off:
            self._say(frames_in_words(self.composition))
        else:
            self._newest.ask()
            self._say("Painting …")

    def _catch_up(self, even_so: bool = False) -> None:
        """Ask for the picture that was put off, unless the camera is seen."""
        if self._put_off and (even_so or self.mode != "camera"):
            self._put_off = False
            self._newest.ask()

    def _brushed(self, labels: Labels | None) -> None:
        """The styles' canvas has other labels; None if those of the refiner changed."""
        if labels is None:
            self._show()
        else:
            self._change(lambda c: with_labels(c, labels))

    def _say(self, status: str, **more: Any) -> None:
        self.status = status
        self._show(**more)

    def _show(self, detail: str = "", progress: float = 0.0) -> None:
        """Bring the widgets up to date; called in any thread."""
        with self._lock:
            c = self.composition
            self.widgets.show(
                photos=list(PHOTOS),
                known_styles=list(STYLES),
                photo=c.photo.name,
                styles=[
                    {"name": each.source.name, "weight": each.weight, "thumbnail": thumbnail(each.source)}
                    for each in c.styles
                ],
                settings={
                    "strength": c.strength,
                    "style_scale": c.style_scale,
                    "colour": c.colour,
                    "size": self.size,
                },
                unused=without_effect(c) if self.mode == "camera" else [],
                mode=self.mode,
                busy=self.refining,
                undoable=len(c.refinements),
                status=self.status,
                detail=detail,
                progress=progress,
            )
            self.widgets.camera.painted_in = ", ".join(mixture(c))
            self.widgets.show_pictures(self.mode, c.photo.draft, self.picture)

    def _received(self, message: Mapping[str, Any], buffers: list[Any]) -> None:
        """What was done in the browser; a fault is said in the status line."""
        try:
            self._do(message, buffers)
        except NSTError as error:
            self._failed(error)
        except (KeyError, TypeError, ValueError) as error:  # not a message of ours
            self._failed(SettingError(f"the browser sent what is not known here ({error!r}); load the page again"))

    def _do(self, message: Mapping[str, Any], buffers: list[Any]) -> None:
        what = message["do"]
        if self.refining and what not in ("stop", "marks"):
            return
        if what == "upload":
            if (file := self._uploads.receive(message, buffers)) is not None:
                self._say(f"Reading {plain_name(file.name)} …")
                self._later(lambda: self.upload(file.name, file.data, file.kind))
        elif what == "frame":
            self._frames.receive(message, buffers)
        elif what == "save":
            self._later(self.save)
        elif what == "download":
            self._later(self._download)
        else:
            {
                "photo": lambda: self.choose_photo(str(message["name"])),
                "style": lambda: self.add_style(str(message["name"])),
                "remove": lambda: self.remove_style(int(message["i"])),
                "weigh": lambda: self.weigh(int(message["i"]), message["weight"]),
                "set": lambda: self.set(**{str(message["name"]): message["value"]}),
                "marks": lambda: self.widgets.show_marks(bool(message["shown"])),
                "mode": lambda: self.show(str(message["mode"])),
                "refine": self.refine,
                "stop": self.stop,
                "undo": self.undo,
            }[what]()

    def _later(self, work: Callable[[], Any]) -> None:
        """Do what takes a while in a thread, so that the kernel hears the next message."""

        def run():
            try:
                work()
            except Exception as error:
                self._failed(error)

        threading.Thread(target=run, daemon=True, name="nst_jax studio").start()

    def _download(self) -> None:
        self.wait()
        self.widgets.panel.send({"do": "download"}, buffers=[zipped(*self._made())])
        self._say("The browser downloads studio.zip.")

    def _made(self) -> tuple[Composition, Result]:
        """What was painted last at full size, with its refinements, and from what: a slider may have moved since.

        Raises:
            SettingError: if nothing is painted.
        """
        with self._lock:
            whole, refinements = self._whole, self.composition.refinements
        if whole is None:
            raise SettingError("nothing is painted; move the slider of a style, or brush one")
        c, result = whole
        return replace(c, refinements=refinements), replace(result, image=composed(result.image, refinements))

    def _free(self, name: str) -> str:
        """The name, with a number if it is taken."""
        taken = {*PHOTOS, *STYLES, KEEP, *(each.source.name for each in self.composition.styles)}
        return next(each for each in (name, *(f"{name} {n}" for n in range(2, 100))) if each not in taken)

    def sheet(self) -> bytes:
        """Photo and picture side by side, as a JPEG: what a notebook shows without its kernel."""
        both = [self.composition.photo.draft, np.asarray(self.picture)]
        return jpeg(bytes8(contact_sheet([both], columns=("photo", "picture"), width=360)), quality=85)

    def _ipython_display_(self) -> None:
        if headless():
            self.wait()
        self._shown.append(Shown(self._outputs()))

    def _outputs(self) -> list[Output]:
        return outputs(f"studio: {self.status}", self.widget, self.sheet(), f"photo and picture; {self.status}")

    def _keep(self) -> None:
        """Bring what the notebook keeps up to date."""
        for shown in self._shown:
            shown.keep(self._outputs())


def _size(size: Any) -> int:
    """A size that is offered.

    Raises:
        SettingError: for another.
    """
    if size not in SIZES:
        raise SettingError(f"size={size!r}: use one of {', '.join(map(str, SIZES))}")
    return int(size)
