// The controls of the studio. What is done here goes to Python as a message {do: …}; Python answers by traits, which
// are shown. Every text is set as text, never as HTML: files may have any name.

const PART = 2 ** 20; // bytes of a file in one message: larger ones may close the connection
const PAUSE = 80; // milliseconds between two messages of one slider

function render({ model, el }) {
  const send = (message, buffers = []) => model.send(message, undefined, buffers);
  const numbers = {}; // what sliders are called → its timer and value

  // A slider says at once that it moves, then at most every `PAUSE`, and where it rests.
  function slid(key, message) {
    const last = (numbers[key] ??= { timer: null, waiting: null });
    if (last.timer !== null) {
      last.waiting = message;
      return;
    }
    send(message);
    last.timer = setTimeout(() => {
      const { waiting } = last;
      Object.assign(last, { timer: null, waiting: null });
      if (waiting) slid(key, waiting);
    }, PAUSE);
  }

  // Photo
  const photos = labelled("select", "Photo", {});
  photos.input.addEventListener("change", () => send({ do: "photo", name: photos.input.value }));
  const photoFile = filePicker("Own photo …", "photo");
  const photoGroup = group("Photo", row(photos.root, photoFile));

  // Styles
  const list = element("ul", { class: "nst-studio-styles" });
  const more = labelled("select", "Add a style", {});
  more.input.addEventListener("change", () => {
    if (more.input.value) send({ do: "style", name: more.input.value });
    more.input.value = "";
  });
  const styleFile = filePicker("Own style …", "style");
  const styleGroup = group("Styles, mixed by their sliders", list, row(more.root, styleFile));
  styleGroup.dataset.drop = "style";

  // Settings
  const strength = labelled("input", "Strength", { type: "range", min: 0, max: 1, step: 0.02 });
  strength.input.addEventListener("input", () => set("strength", Number(strength.input.value)));
  const scale = labelled("input", "Stroke size", { type: "range", min: 0, step: 1 });
  scale.input.addEventListener("input", () => set("style_scale", model.get("choices").style_scale[scale.input.value][0]));
  const colour = labelled("select", "Colours", {});
  colour.input.addEventListener("change", () => set("colour", colour.input.value));
  const size = labelled("select", "Size", {});
  size.input.addEventListener("change", () => set("size", Number(size.input.value)));
  const settingsGroup = group("Settings", strength.root, scale.root, row(colour.root, size.root));

  function set(name, value) {
    slid(name, { do: "set", name, value });
  }

  // What the picture is for
  const modes = ["styles", "refine", "compare", "camera"];
  const words = { styles: "Brush styles", refine: "Refine", compare: "Compare", camera: "Camera" };
  const modeButtons = modes.map((mode) => button(words[mode], () => send({ do: "mode", mode })));
  const marks = element("input", { type: "checkbox" });
  marks.addEventListener("change", () => send({ do: "marks", shown: marks.checked }));
  const marked = element("label", {}, marks, " Show where it is brushed");
  const refine = button("Refine here", () => send({ do: "refine" }));
  const stop = button("Stop", () => send({ do: "stop" }));
  const undo = button("Undo refinement", () => send({ do: "undo" }));
  const bar = element("progress", { max: 1, value: 0, "aria-label": "Refinement" });
  const detail = element("div", { class: "nst-studio-detail" });
  const pictureGroup = group("Picture", row(...modeButtons), marked, row(refine, stop, undo), row(bar, detail));

  // Status, and what is kept
  const status = element("div", { role: "status", class: "nst-studio-status" });
  const save = button("Save", () => send({ do: "save" }));
  const download = button("Download", () => send({ do: "download" }));
  const controls = element("fieldset", { class: "nst-studio-controls" }, photoGroup, styleGroup, settingsGroup);
  const root = element("div", { class: "nst-studio-panel", role: "region", "aria-label": "Studio" },
    controls, pictureGroup, row(save, download), status);
  for (const each of root.querySelectorAll("button, input, select")) quiet(each);

  function filePicker(text, kind) {
    const input = element("input", { type: "file", accept: model.get("limits").accept, class: "nst-studio-file" });
    input.addEventListener("change", () => {
      if (input.files.length) upload(input.files[0], kind, input.files[0].name);
      input.value = "";
    });
    return element("label", { class: "nst-studio-button" }, text, input);
  }

  async function upload(file, kind, name) {
    const most = model.get("limits").bytes;
    const id = `${Date.now()}-${Math.random()}`;
    const about = { do: "upload", id, kind, name, size: file.size };
    if (file.size === 0 || file.size > most) return send(about); // Python says why not
    for (let at = 0; at < file.size; at += PART) {
      send({ ...about, at }, [await file.slice(at, at + PART).arrayBuffer()]);
    }
  }

  // A file may be dropped anywhere on the studio: on the styles it is a style, elsewhere the photo.
  function over(event) {
    const whole = root.closest(".nst-studio") ?? root;
    if (!whole.contains(event.target) || !event.dataTransfer?.types.includes("Files")) return null;
    event.preventDefault();
    return event.target.closest("[data-drop]")?.dataset.drop ?? "photo";
  }

  function dropped(event) {
    const kind = over(event);
    const [file] = event.dataTransfer?.files ?? [];
    if (kind && file && !model.get("busy")) upload(file, kind, file.name);
  }

  // A frame of this studio's camera becomes the photo.
  function taken(event) {
    if (root.closest(".nst-studio")?.contains(event.target)) upload(event.detail, "photo", "webcam");
  }

  function showStyles() {
    const styles = model.get("styles");
    const rows = [...list.children];
    if (rows.map((each) => each.dataset.name).join("\n") !== styles.map((each) => each.name).join("\n")) {
      const focused = list.contains(document.activeElement);
      list.replaceChildren(...styles.map(styleRow));
      if (focused) more.input.focus(); // what had the focus was removed
    }
    styles.forEach(({ weight }, i) => move(list.children[i].querySelector("input"), weight));
    const names = styles.map((each) => each.name);
    const left = model.get("known_styles").filter((name) => !names.includes(name));
    fill(more.input, [["", "choose …"], ...left.map((name) => [name, name])], "");
    more.input.disabled = styles.length >= model.get("most_styles");
  }

  function styleRow({ name, thumbnail }, i) {
    const slider = labelled("input", name, { type: "range", min: 0, max: 1, step: 0.02 });
    slider.input.setAttribute("aria-label", `Share of ${name}`);
    slider.input.addEventListener("input", () => slid(`style ${i}`, { do: "weigh", i, weight: Number(slider.input.value) }));
    const remove = button("×", () => send({ do: "remove", i }));
    remove.setAttribute("aria-label", `Remove ${name}`);
    const image = element("img", { alt: "", src: thumbnail });
    const made = element("li", {}, image, slider.root, remove);
    made.dataset.name = name;
    for (const each of made.querySelectorAll("button, input")) quiet(each);
    return made;
  }

  function show() {
    const { style_scale: scales, colour: colours, size: sizes } = model.get("choices");
    const settings = model.get("settings");
    const photo = model.get("photo");
    const known = model.get("photos");
    fill(photos.input, [...(known.includes(photo) ? [] : [photo]), ...known].map((name) => [name, name]), photo);
    fill(colour.input, colours, settings.colour);
    fill(size.input, sizes, settings.size);
    scale.input.max = scales.length - 1;
    const at = scales.findIndex(([value]) => value === settings.style_scale);
    move(scale.input, at);
    scale.input.setAttribute("aria-valuetext", scales[at]?.[1] ?? "");
    scale.value.textContent = scales[at]?.[1] ?? "";
    move(strength.input, settings.strength);
    strength.value.textContent = settings.strength.toFixed(2);
    const unused = model.get("unused");
    const knobs = { strength: strength.input, style_scale: scale.input, size: size.input };
    for (const [name, input] of Object.entries(knobs)) input.disabled = unused.includes(name);
    showStyles();
    const [mode, busy] = [model.get("mode"), model.get("busy")];
    modes.forEach((each, i) => {
      modeButtons[i].setAttribute("aria-pressed", each === mode);
      modeButtons[i].disabled = busy;
    });
    const waited = document.activeElement;
    controls.disabled = busy;
    refine.disabled = busy || !model.get("brushed");
    stop.disabled = !busy;
    undo.disabled = busy || model.get("undoable") === 0;
    if (waited === refine && busy) stop.focus(); // what has the focus would lose it
    if (waited === stop && !busy) refine.focus();
    for (const each of [save, download]) each.disabled = busy || mode === "camera"; // whose picture is not the photo's
    for (const each of [refine, stop, undo, bar]) each.hidden = mode !== "refine";
    marked.hidden = mode === "compare" || mode === "camera";
    marks.checked = model.get("marks");
    bar.value = model.get("progress");
    detail.textContent = model.get("detail");
    if (status.textContent !== model.get("status")) status.textContent = model.get("status");
  }

  function received(message, buffers) {
    if (message.do !== "download") return;
    const address = URL.createObjectURL(new Blob([buffers[0]], { type: "application/zip" }));
    element("a", { href: address, download: "studio.zip" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  const listening = new AbortController();
  document.addEventListener("dragover", over, { signal: listening.signal });
  document.addEventListener("drop", dropped, { signal: listening.signal });
  document.addEventListener("nst-studio-taken", taken, { signal: listening.signal });
  model.on("change", show);
  model.on("msg:custom", received);
  show();
  el.append(root);
  return () => {
    listening.abort();
    model.off("change", show);
    model.off("msg:custom", received);
  };
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function button(text, click) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", click);
  return made;
}

function labelled(tag, text, attributes) {
  const input = element(tag, attributes);
  const value = element("span", { class: "nst-studio-value", "aria-hidden": "true" });
  const root = element("label", { class: "nst-studio-labelled" }, element("span", {}, text), input, value);
  return { root, input, value };
}

function group(text, ...children) {
  return element("div", { role: "group", "aria-label": text }, element("h3", { "aria-hidden": "true" }, text), ...children);
}

function row(...children) {
  return element("div", { class: "nst-studio-row" }, ...children);
}

// JupyterLab takes a key for its own unless the element that has the focus says so.
function quiet(each) {
  each.dataset.lmSuppressShortcuts = "true";
}

// A slider in somebody's hand stays where it is.
function move(slider, value) {
  if (!slider.matches(":active")) slider.value = value;
}

function fill(select, options, chosen) {
  const wanted = options.map(([value, text]) => `${value}\n${text}`).join("\n\n");
  if (select.dataset.options !== wanted) {
    select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
    select.dataset.options = wanted;
  }
  select.value = chosen;
}

export default { render };
