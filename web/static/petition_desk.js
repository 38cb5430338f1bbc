// The time of a call, counted from the moment the form was opened. Without this the server counts alone.

const timer = document.querySelector("[data-timer]");
if (timer?.dataset.timer) {
  const shown = timer.querySelector("output");
  const opened = performance.now() - Math.max(0, Number(timer.dataset.elapsed ?? 0));
  const draw = () => {
    const seconds = Math.floor((performance.now() - opened) / 1000);
    shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  setInterval(draw, 1000);
}
