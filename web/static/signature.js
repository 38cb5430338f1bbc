// Signing on a screen: strokes in a box become the text of an SVG path in a hidden field.
// Without this the box stays hidden, and the page offers paper alone.

const WIDTH = 600, HEIGHT = 200, LONGEST = 15500;

function set(box) {
  const canvas = box.querySelector("canvas");
  const input = box.querySelector("input[type=hidden]");
  const pen = canvas.getContext("2d");
  let path = input.value, drawing = false, last = null;

  const draw = () => {
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(box).color;
    if (path) pen.stroke(new Path2D(path));
    box.classList.toggle("is-signed", path !== "");
  };
  const place = (event) => {
    const frame = canvas.getBoundingClientRect();
    const inside = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    return [
      inside(((event.clientX - frame.left) / frame.width) * WIDTH, WIDTH),
      inside(((event.clientY - frame.top) / frame.height) * HEIGHT, HEIGHT),
    ];
  };
  const add = (word, [x, y]) => {
    if (path.length > LONGEST) return;
    if (word === "L" && last && Math.abs(last[0] - x) + Math.abs(last[1] - y) < 3) return;
    path += `${word}${x} ${y}`;
    last = [x, y];
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    add("M", place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) add("L", place(one));
    draw();
  });
  const end = () => {
    if (!drawing) return;
    drawing = false;
    input.value = path;
    draw();
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  box.querySelector("[data-wipe]").addEventListener("click", () => {
    path = input.value = "";
    draw();
  });
  box.hidden = false;
  draw();
}

document.querySelectorAll("[data-signature]").forEach(set);
