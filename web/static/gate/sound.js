// What the ear and the hand are told: one sound for each verdict, made here, no files. Can be muted.

// [waveform, [frequency, start, length] ...] in Hz and seconds.
const SOUNDS = {
  in: ["triangle", [784, 0, 0.11], [1175, 0.11, 0.2]],
  out: ["triangle", [1175, 0, 0.11], [784, 0.11, 0.2]],
  hold: ["triangle", [587, 0, 0.16], [587, 0.26, 0.16], [587, 0.52, 0.16]],
  deny: ["square", [165, 0, 0.34], [123, 0.4, 0.5]],
  lost: ["sine", [440, 0, 0.12], [330, 0.16, 0.12], [247, 0.32, 0.3]],
  wait: ["sine", [880, 0, 0.05]],
};
const SHAKES = { in: [70], out: [70], hold: [140, 90, 140], deny: [450], lost: [80, 60, 80, 60, 80], wait: [30] };
const LOUDNESS = { triangle: 0.55, square: 0.22, sine: 0.5 };

export class Sound {
  constructor(muted) {
    this.muted = muted;
    // Browsers are silent until the page was touched once.
    ["pointerdown", "keydown"].forEach((kind) =>
      window.addEventListener(kind, () => this.wake(), { capture: true, passive: true }));
  }

  // Says whether the page was ever touched; browsers that do not tell are tried.
  get wasTouched() {
    return !navigator.userActivation || navigator.userActivation.hasBeenActive;
  }

  wake() {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (this.muted || !Context || !this.wasTouched) return;
    this.context = this.context || new Context();
    if (this.context.state === "suspended") this.context.resume().catch(() => {});
  }

  play(name) {
    if (navigator.vibrate && this.wasTouched) navigator.vibrate(SHAKES[name]);
    this.wake();
    if (this.muted || !this.context) return;
    const [wave, ...notes] = SOUNDS[name];
    const start = this.context.currentTime + 0.01;
    for (const [frequency, after, length] of notes) this.note(wave, frequency, start + after, length);
  }

  note(wave, frequency, at, length) {
    const tone = this.context.createOscillator();
    const volume = this.context.createGain();
    tone.type = wave;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(LOUDNESS[wave], at + 0.012);
    volume.gain.setValueAtTime(LOUDNESS[wave], at + length - 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + length);
    tone.connect(volume).connect(this.context.destination);
    tone.start(at);
    tone.stop(at + length);
  }
}
