// The camera of the studio: a frame goes to Python as a small JPEG, comes back painted, is drawn, and then the next one
// goes. What is seen is mirrored; the photo that is taken is not.

const PATIENCE = 15_000; // milliseconds without an answer, after which another frame is sent
const LONGEST = 1536; // pixels of a photo
const SHOWN = 2; // seconds over which frames are counted
const FAULTS = {
  NotAllowedError: "The browser was not allowed to use the camera; allow it beside the page's address, then start again.",
  NotFoundError: "There is no camera; connect one, or choose a file.",
  NotReadableError: "The camera is used by another program; close that, then start again.",
};

function render({ model, el }) {
  const own = crypto.getRandomValues(new Uint32Array(1))[0].toString(36); // every view of the widget hears all answers
  let [stream, sent, number, drawn, waiting] = [null, null, 0, [], null];

  const video = element("video", { muted: "", playsinline: "", hidden: "", "aria-label": "The camera, as in a mirror" });
  video.muted = true;
  const painted = element("canvas", { role: "img", width: 4, height: 3 });
  const taken = element("canvas", {}); // the frame that was sent last, larger
  const small = element("canvas", {});
  const viewfinder = element("div", { class: "nst-studio-viewfinder" }, painted, video);
  const toggle = button("Start the camera", () => (stream ? stop() : start()));
  const take = button("Use this frame as photo", use);
  const rate = element("span", { class: "nst-studio-rate" });
  const status = element("div", { role: "status", class: "nst-studio-status" });
  const hint = element("div", {}, "Seen as in a mirror, and the photo as others see you. No frame is kept.");
  const root = element("div", { class: "nst-studio-camera", role: "region", "aria-label": "Camera" },
    viewfinder, element("div", { class: "nst-studio-row" }, toggle, take, rate), hint, status);
  root.style.setProperty("--proportion", 4 / 3);
  take.disabled = true;
  for (const each of [toggle, take]) each.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves them their keys

  async function start() {
    say("");
    if (!navigator.mediaDevices?.getUserMedia) {
      return say(window.isSecureContext
        ? "This browser offers no camera; choose a file."
        : "A browser gives its camera to pages on this machine or over https alone; choose a file.");
    }
    toggle.disabled = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, facingMode: "user" } });
      sent = null; // an answer that is still on its way begins no second loop
      if (!root.isConnected) return release();
      video.srcObject = stream;
      await video.play();
    } catch (error) {
      release();
      return say(FAULTS[error.name] ?? `The camera cannot be used (${error.name}); choose a file.`);
    } finally {
      toggle.disabled = false;
      toggle.focus(); // which it lost
    }
    stream.getTracks()[0].addEventListener("ended", () => {
      stop();
      say("The camera has gone; connect it, then start again.");
    });
    toggle.textContent = "Stop the camera";
    video.hidden = false;
    drawn = [];
    send();
  }

  // The answer to a frame that is on its way is still drawn: what is seen is then what can be taken.
  function stop() {
    release();
    toggle.textContent = "Start the camera";
    video.hidden = true;
    rate.textContent = "";
  }

  function release() {
    clearTimeout(waiting);
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
  }

  async function send() {
    const longest = Math.max(video.videoWidth, video.videoHeight);
    copy(video, taken, Math.min(1, LONGEST / longest));
    copy(video, small, Math.min(1, model.get("side") / longest));
    const mine = (sent = { id: `${own}-${++number}`, at: performance.now() });
    const frame = await (await encoded(small, 0.85)).arrayBuffer();
    if (sent !== mine) return; // the camera was stopped and started meanwhile
    model.send({ do: "frame", id: mine.id }, undefined, [frame]);
    if (stream) waiting = setTimeout(send, PATIENCE);
  }

  async function received(message, buffers) {
    if (message.do !== "frame" || message.id !== sent?.id) return;
    clearTimeout(waiting);
    if (message.fault) {
      stop();
      return say(message.fault);
    }
    const image = await createImageBitmap(new Blob([buffers[0]], { type: "image/jpeg" }));
    if (message.id !== sent?.id) return image.close();
    copy(image, painted, 1);
    image.close();
    root.style.setProperty("--proportion", painted.width / painted.height);
    take.disabled = false;
    if (!stream) return;
    count();
    waiting = setTimeout(send, Math.max(0, sent.at + 1000 / model.get("most") - performance.now()));
  }

  function count() {
    const now = performance.now();
    drawn = [...drawn.filter((at) => at > now - 1000 * SHOWN), now];
    if (drawn.length < 2) return;
    const frames = (1000 * (drawn.length - 1)) / (now - drawn[0]);
    rate.textContent = `${frames.toFixed(1)} frames a second`;
  }

  async function use() {
    const photo = await encoded(taken, 0.92);
    root.dispatchEvent(new CustomEvent("nst-studio-taken", { detail: photo, bubbles: true }));
  }

  function describe() {
    const styles = model.get("painted_in");
    painted.setAttribute("aria-label", styles ? `The camera's picture, painted in ${styles}` : "The camera's picture");
  }

  function say(words) {
    status.textContent = words;
  }

  model.on("msg:custom", received);
  model.on("change:painted_in", describe);
  describe();
  el.append(root);
  return () => {
    release();
    model.off("msg:custom", received);
    model.off("change:painted_in", describe);
  };
}

function copy(image, canvas, scale) {
  const [width, height] = [image.videoWidth ?? image.width, image.videoHeight ?? image.height];
  [canvas.width, canvas.height] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
}

function encoded(canvas, quality) {
  return new Promise((made) => canvas.toBlob(made, "image/jpeg", quality));
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

export default { render };
