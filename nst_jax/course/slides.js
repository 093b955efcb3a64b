// A slide is laid out beside (text left, figures right) or below one another, whichever shows more of it; what is still
// too full is drawn smaller, until all of it can be seen. The page begins with WIDE and HIGH, its size in pixels.

function scaled(box) {
  let scale = 1;
  for (let i = 0; i < 16; i++) {
    box.style.width = `${WIDE / scale}px`;
    box.style.transform = `scale(${scale})`;
    const need = Math.max(box.scrollHeight * scale / HIGH, box.scrollWidth * scale / WIDE);
    if (need <= 1.001) break;
    scale *= Math.max(0.9, 1 / need);
  }
  return scale;
}

// Area of the figures, and the scale of the text.
function worth(box, scale) {
  const area = [...box.querySelectorAll(".shown img")].reduce((sum, img) => {
    const shown = Math.min(img.clientWidth / img.naturalWidth, img.clientHeight / img.naturalHeight);
    return sum + shown ** 2 * img.naturalWidth * img.naturalHeight;
  }, 0);
  return scale * (1 + area * scale ** 2 / (WIDE * HIGH));
}

function fit(slide) {
  const box = slide && slide.querySelector(".fitted");
  if (!box) return;
  let best = scaled(box);
  if (box.querySelector(".text") && box.querySelector(".shown")) {
    const beside = worth(box, best);
    box.classList.add("below");
    const scale = scaled(box);
    if (worth(box, scale) > beside && scale >= Math.min(best, 0.75)) {
      best = scale;
    } else {
      box.classList.remove("below");
      best = scaled(box);
    }
  }
  slide.dataset.scale = best.toFixed(3);
}

Reveal.on("ready", event => fit(event.currentSlide));
Reveal.on("slidechanged", event => fit(event.currentSlide));
document.addEventListener("toggle", () => fit(Reveal.getCurrentSlide()), true);  // an answer of a quiz was opened
Reveal.initialize({
  width: WIDE, height: HIGH, margin: 0, center: false, hash: true, controls: true, progress: true, slideNumber: "c/t",
  transition: "none", backgroundTransition: "none",
});
