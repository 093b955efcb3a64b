// The canvas of `paint_mask`. `labels` holds a byte per pixel of the picture, row by row: the number of its region, or 0.
// Strokes change the labels, and the canvas shows them; Python gets them, compressed, when a stroke ends.

const UNDOABLE = 30; // changes
const BLACK = opaque("#000000");
const NARROWEST = 512; // CSS pixels of a smaller picture, so that there is room to paint
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = "keys"; // in place of a pointer's number

async function render({ model, el }) {
  const width = model.get("width");
  const height = model.get("height");
  const regions = model.get("regions");
  const palette = new Uint32Array([0, ...regions.map((region) => opaque(region.colour))]);
  let labels = await unpack(model.get("labels"));
  let past = [];
  let chosen = 1; // the region that the brush paints; 0 erases
  let stroke = null; // { pointer, label, x, y, before } while the brush is down
  let held = [width / 2, height / 2]; // where the arrow keys hold the brush
  let sent = null;
  let sending = Promise.resolve();

  const picture = element("img", { alt: "", draggable: "false" });
  const canvas = element("canvas", {
    width, height, tabindex: 0, role: "application", "aria-label": "Picture to paint on",
    title: "Keys: arrows move the brush, Space paints a spot, Shift with arrows a line; " +
      `1 to ${regions.length} choose a region, 0 erases, [ and ] change the brush, Ctrl+Z undoes`,
  });
  const context = canvas.getContext("2d");
  const ring = element("div", { class: "nst-mask-ring", hidden: "" });
  const frame = element("div", { class: "nst-mask-frame" }, picture, canvas, ring);
  frame.style.setProperty("--width", `${Math.max(width, NARROWEST)}px`);
  frame.style.setProperty("--proportion", width / height);

  const choices = [...regions.keys()].map((i) => choice(i + 1, `${i + 1} ${regions[i].name}`, regions[i].colour));
  choices.unshift(choice(0, "Erase"));
  const brush = element("input", { type: "range", min: 2, max: Math.ceil(Math.max(width, height) / 3), step: 1 });
  brush.value = Math.ceil(Math.max(width, height) / 12);
  const undoing = button("Undo", undo);
  const filling = button("Fill the rest", () => change(() => labels.map((label) => label || chosen)));
  const shares = element("output", { "aria-live": "polite" });
  const here = element("span", { "aria-hidden": "true" });
  const place = element("output", { "aria-live": "polite" }); // of the brush, moved by keys
  const root = element(
    "div", { class: "nst-mask" },
    element(
      "div", { class: "nst-mask-tools" },
      element("div", { role: "group", "aria-label": "Region" }, ...choices.slice(1), choices[0]),
      element("label", {}, "Brush ", brush),
      element("div", {}, undoing, button("Clear", () => change(() => new Uint8Array(labels.length))), filling),
    ),
    frame,
    element("div", { class: "nst-mask-words" }, shares, here, place),
  );

  // JupyterLab takes a key for its own unless the element that has the focus says so.
  for (const each of root.querySelectorAll("button, input, canvas")) each.dataset.lmSuppressShortcuts = "true";

  function choice(label, text, colour) {
    const made = button(text, () => choose(label));
    if (colour) {
      const swatch = element("span", { class: "nst-mask-swatch" });
      swatch.style.background = colour;
      made.prepend(swatch);
    }
    return made;
  }

  function choose(label) {
    chosen = label;
    choices.forEach((made, i) => made.setAttribute("aria-pressed", i === label));
    filling.disabled = label === 0;
  }

  // Regions have a dark line around them: their colours may be those of the picture.
  function outlined(x, y) {
    const at = y * width + x;
    return (x > 0 && labels[at] !== labels[at - 1]) || (y > 0 && labels[at] !== labels[at - width]);
  }

  function draw(left = 0, top = 0, right = width, bottom = height) {
    if (left >= right || top >= bottom) return;
    const image = context.createImageData(right - left, bottom - top);
    const pixels = new Uint32Array(image.data.buffer);
    let i = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) pixels[i++] = outlined(x, y) ? BLACK : palette[labels[y * width + x]];
    }
    context.putImageData(image, left, top);
  }

  function showPicture() {
    const shown = picture.src;
    picture.src = URL.createObjectURL(new Blob([model.get("picture")], { type: "image/jpeg" }));
    URL.revokeObjectURL(shown);
  }

  function showOpacity() {
    canvas.style.opacity = model.get("opacity");
  }

  function describe() {
    const counts = new Array(regions.length + 1).fill(0);
    for (const label of labels) counts[label]++;
    const share = (label) => `${Math.round((100 * counts[label]) / labels.length)} %`;
    const painted = regions.map((region, i) => `${i + 1} ${region.name} ${share(i + 1)}`);
    shares.textContent = [...painted, `unpainted ${share(0)}`].join(" · ");
    undoing.disabled = past.length === 0;
  }

  function show() {
    draw();
    describe();
  }

  // One change after another, in the order in which they were made, however long each takes to compress.
  function send() {
    const bytes = labels.slice();
    sending = sending.then(async () => {
      sent = await pack(bytes);
      model.set("labels", sent);
      model.save_changes();
    });
  }

  function remember(before) {
    past = [...past.slice(1 - UNDOABLE), before];
  }

  function change(changed) {
    remember(labels);
    labels = changed();
    show();
    send();
  }

  function undo() {
    if (past.length === 0 || stroke) return;
    labels = past.pop();
    show();
    send();
  }

  // By Python, or by another view of this canvas.
  async function receive() {
    if (model.get("labels") === sent) return;
    const received = await unpack(model.get("labels"));
    remember(labels);
    labels = received;
    show();
  }

  // In pixels of the picture.
  function position(event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  }

  function hover(event) {
    const [x, y] = position(event);
    const name = named(x, y);
    here.textContent = name && `here: ${name}`;
    place.textContent = "";
    showRing(x, y);
  }

  function named(x, y) {
    const label = labels[Math.floor(y) * width + Math.floor(x)];
    return label ? `${label} ${regions[label - 1].name}` : "";
  }

  function showRing(x, y) {
    ring.hidden = false;
    ring.style.left = `${(100 * x) / width}%`;
    ring.style.top = `${(100 * y) / height}%`;
    ring.style.width = `${(100 * brush.value) / width}%`;
  }

  function hideRing() {
    ring.hidden = true;
    here.textContent = place.textContent = "";
  }

  function paint(x, y) {
    const radius = brush.value / 2;
    const [left, right] = span(stroke.x, x, radius, width);
    const [top, bottom] = span(stroke.y, y, radius, height);
    const [dx, dy] = [x - stroke.x, y - stroke.y];
    const length2 = dx ** 2 + dy ** 2 || 1;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const [px, py] = [column + 0.5 - stroke.x, row + 0.5 - stroke.y];
        const along = Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
        const distance2 = (px - along * dx) ** 2 + (py - along * dy) ** 2;
        if (distance2 <= radius ** 2) labels[row * width + column] = stroke.label;
      }
    }
    [stroke.x, stroke.y] = [x, y];
    draw(left, top, Math.min(width, right + 1), Math.min(height, bottom + 1)); // with the line around it
  }

  function down(event) {
    const eraser = event.button === 5; // the other end of a pen
    if (stroke || (event.button !== 0 && !eraser)) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    begin(event.pointerId, eraser ? 0 : chosen, ...position(event));
  }

  function begin(pointer, label, x, y) {
    stroke = { pointer, label, x, y, before: labels.slice() };
    paint(x, y);
  }

  function move(event) {
    hover(event);
    if (event.pointerId !== stroke?.pointer) return;
    if (event.buttons === 0) end(event.pointerId); // it was released where nobody saw it
    else paint(...position(event));
  }

  function up(event) {
    end(event.pointerId);
  }

  function end(pointer) {
    if (pointer !== stroke?.pointer) return;
    const { before } = stroke;
    stroke = null;
    if (labels.every((label, i) => label === before[i])) return;
    remember(before);
    describe();
    send();
  }

  function key(event) {
    const number = Number(event.key);
    if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.target === canvas && (event.key in ARROWS || event.key === " ")) paintByKey(event);
    else if (event.key.trim() && number in choices) choose(number);
    else if (event.key === "[") brush.value = Math.round(brush.value / 1.25) - 1;
    else if (event.key === "]") brush.value = Math.round(brush.value * 1.25) + 1;
    else return;
    event.preventDefault();
  }

  // Space paints a spot; an arrow moves the brush, and with Shift paints until Shift is released.
  function paintByKey(event) {
    if (stroke && stroke.pointer !== KEYS) return;
    const from = held;
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    const step = Math.max(1, brush.value / 4);
    held = [Math.min(width - 1, Math.max(0, from[0] + dx * step)), Math.min(height - 1, Math.max(0, from[1] + dy * step))];
    if (!stroke && (event.shiftKey || event.key === " ")) begin(KEYS, chosen, ...from);
    if (stroke) paint(...held);
    if (!event.shiftKey) end(KEYS);
    showRing(...held);
    const [x, y] = [held[0] / width, held[1] / height].map((share) => Math.round(100 * share));
    place.textContent = `brush at ${x} %, ${y} %: ${named(...held) || "unpainted"}`;
  }

  function released(event) {
    if (event.key === "Shift") end(KEYS);
  }

  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", hideRing);
  canvas.addEventListener("keyup", released);
  canvas.addEventListener("blur", () => {
    end(KEYS);
    hideRing();
  });
  root.addEventListener("keydown", key);
  model.on("change:labels", receive);
  model.on("change:picture", showPicture);
  model.on("change:opacity", showOpacity);
  showPicture();
  showOpacity();
  choose(1);
  show();
  el.append(root);
  return () => {
    model.off("change:labels", receive);
    model.off("change:picture", showPicture);
    model.off("change:opacity", showOpacity);
    URL.revokeObjectURL(picture.src);
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

// "#rrggbb" as the four bytes of a canvas's pixel.
function opaque(colour) {
  const channels = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return new Uint32Array(new Uint8Array([...channels, 255]).buffer)[0];
}

// The pixels, from and to, that a brush may reach on its way from a to b.
function span(a, b, radius, size) {
  return [Math.max(0, Math.floor(Math.min(a, b) - radius)), Math.min(size, Math.ceil(Math.max(a, b) + radius))];
}

async function pack(bytes) {
  return new DataView(await through(bytes, new CompressionStream("deflate")));
}

async function unpack(bytes) {
  return new Uint8Array(await through(bytes, new DecompressionStream("deflate")));
}

function through(bytes, transform) {
  return new Response(new Blob([bytes]).stream().pipeThrough(transform)).arrayBuffer();
}

export default { render };
