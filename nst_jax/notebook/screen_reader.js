// What ipywidgets leaves without a name gets one: the handles of sliders, with the value that stands beside them (that
// of a logarithmic slider would be read as its exponent), and pictures.
function name(part, text) {
  const image = part.matches("img") ? part : part.querySelector("img");
  if (image && image.alt !== text) image.alt = text;
  const readout = part.querySelector(".widget-readout");
  for (const handle of part.querySelectorAll("[role=slider]")) {
    const value = readout && readout.textContent.trim();
    const said = { "aria-label": text, ...(value ? { "aria-valuetext": value } : {}) };
    for (const [key, each] of Object.entries(said)) {
      if (handle.getAttribute(key) !== each) handle.setAttribute(key, each);
    }
  }
}

export default {
  render({ model, el }) {
    el.style.display = "none";
    let root;
    const say = () => {
      for (const [mark, text] of Object.entries(model.get("names"))) {
        for (const part of root ? root.querySelectorAll(`.${mark}`) : []) name(part, text);
      }
    };
    const observer = new MutationObserver(say);
    const watched = { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-valuetext"] };
    let waiting = requestAnimationFrame(function attached() {
      if (!el.isConnected) return (waiting = requestAnimationFrame(attached));
      root = el.closest(".jp-OutputArea-output") ?? document.body;
      observer.observe(root, watched);
      say();
    });
    model.on("change:names", say);
    return () => {
      cancelAnimationFrame(waiting);
      observer.disconnect();
      model.off("change:names", say);
    };
  },
};
