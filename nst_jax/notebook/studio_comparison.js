// Two pictures in one place: the one before is cut off to the right of a divider.

function render({ model, el }) {
  const after = picture("The picture");
  const before = picture("The photo");
  before.className = "nst-studio-before";
  const divider = document.createElement("input");
  Object.assign(divider, { type: "range", min: 0, max: 100, value: 50, step: 0.5 });
  divider.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves it its keys
  const frame = document.createElement("div");
  frame.className = "nst-studio-frame";
  frame.append(after, before);
  const label = document.createElement("label");
  label.className = "nst-studio-divider";
  label.append(text("photo"), divider, text("picture"));
  divider.setAttribute("aria-label", "Divider between photo and picture");
  const root = document.createElement("div");
  root.className = "nst-studio-comparison";
  root.append(frame, label);

  function cut() {
    frame.style.setProperty("--divider", `${divider.value}%`);
  }

  function show() {
    for (const [image, name] of [[before, "before"], [after, "after"]]) {
      const shown = image.src;
      image.src = URL.createObjectURL(new Blob([model.get(name)], { type: "image/jpeg" }));
      URL.revokeObjectURL(shown);
    }
    root.style.setProperty("--proportion", model.get("proportion"));
  }

  function drag(event) {
    if (event.buttons !== 1) return;
    const box = frame.getBoundingClientRect();
    divider.value = (100 * (event.clientX - box.left)) / box.width;
    cut();
  }

  divider.addEventListener("input", cut);
  frame.addEventListener("pointerdown", drag);
  frame.addEventListener("pointermove", drag);
  const names = ["before", "after", "proportion"].map((name) => `change:${name}`).join(" ");
  model.on(names, show);
  cut();
  show();
  el.append(root);
  return () => {
    model.off(names, show);
    for (const image of [before, after]) URL.revokeObjectURL(image.src);
  };
}

function picture(alt) {
  const image = document.createElement("img");
  Object.assign(image, { alt, draggable: false });
  return image;
}

function text(words) {
  const made = document.createElement("span");
  made.textContent = words;
  return made;
}

export default { render };
