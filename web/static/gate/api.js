// The server, as the gate asks it. Every answer is either what was asked, or a `Refusal` (the server said
// no, and stored nothing), or `NoAnswer` (whether it got the request is not known).

const ROOT = "/gate/api";

export class NoAnswer extends Error {}

export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `${status}`);
    this.status = status;
    this.code = problem.code || "";
    // The server is there but could not do it now: the same request may be sent again.
    this.again = status === 503 || status === 429;
    this.leaves = status === 401;
  }
}

export class Api {
  constructor() {
    this.device = "";
    this.shift = "";
  }

  enrol(code) {
    return this.send("POST", "/enrol", { code });
  }

  operators() {
    return this.send("GET", "/operators");
  }

  beginShift(operator, pin) {
    return this.send("POST", "/shift", { operator, pin });
  }

  endShift() {
    return this.send("POST", "/shift/end");
  }

  // `waiting` and `bundle` are told to whoever looks after the devices.
  state(patience = 5000, { waiting = 0, bundle = 0 } = {}) {
    return this.send("GET", `/state?waiting=${waiting}&bundle=${bundle}`, undefined, patience);
  }

  // `mark` is of the bundle that is held: where it still holds the server only says so.
  bundle(mark = "") {
    return this.send("GET", `/bundle?held=${mark}`, undefined, 30000);
  }

  // Small photos of the holders of these passes, sealed.
  faces(passes) {
    return this.send("GET", `/faces?passes=${passes.join()}`, undefined, 30000);
  }

  // What was decided here, with this device's clocks as it sends. Nobody need be on duty for this.
  upload(events, waiting, boot) {
    const sent = { wall: Date.now(), mono: Math.round(performance.now()), boot };
    return this.send("POST", "/events", { waiting, sent, events }, 30000);
  }

  // `numbered` is a scan, undo or override with its number, as the store keeps it.
  act({ act, body, seq, boot, wall, mono }, patience = 4000) {
    return this.send("POST", `/${act}`, { ...body, seq, boot, wall, mono }, patience);
  }

  async send(method, path, body, patience = 10000) {
    const headers = { accept: "application/json" };
    if (this.device) headers["x-gate-device"] = this.device;
    if (this.shift) headers["x-gate-shift"] = this.shift;
    if (body !== undefined) headers["content-type"] = "application/json";
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    try {
      const answer = await fetch(ROOT + path, {
        method, headers, signal: stop.signal, cache: "no-store", credentials: "same-origin", redirect: "error",
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (answer.status === 204) return null;
      const kind = answer.headers.get("content-type") || "";
      // What is not JSON came from something in between: a proxy, a hotel's sign-in page.
      if (!kind.includes("json")) throw new NoAnswer(`${answer.status}`);
      const read = await answer.json();
      if (answer.ok) return read;
      if (answer.status >= 500 && answer.status !== 503) throw new NoAnswer(read.detail || `${answer.status}`);
      throw new Refusal(answer.status, read);
    } catch (error) {
      throw error instanceof Refusal || error instanceof NoAnswer ? error : new NoAnswer(String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

// Whether the server is reached. It is asked again every few seconds, sooner while it is not.
export class Line {
  // `changed(isOpen)`; `state(answer)` with each state; `left(refusal)` when the device or shift is over.
  // `report()` gives what is told with each question.
  constructor(api, { changed, state, left, report = () => ({}) }) {
    this.api = api;
    this.report = report;
    this.tell = { changed, state, left };
    this.isOpen = true;
    this.asking = null;
    ["online", "focus"].forEach((kind) => window.addEventListener(kind, () => this.on && this.ask()));
    window.addEventListener("offline", () => this.on && this.lose());
    document.addEventListener("visibilitychange", () => this.on && !document.hidden && this.ask());
  }

  start() {
    this.on = true;
    return this.ask();
  }

  stop() {
    this.on = false;
    clearTimeout(this.timer);
  }

  lose() {
    if (this.isOpen) {
      this.isOpen = false;
      this.since = Date.now();
      this.tell.changed(false);
    }
    this.later();
  }

  // Asks the server once; resolves with whether it answered.
  ask(patience) {
    if (this.asking) return this.asking;
    clearTimeout(this.timer);
    const device = this.api.device;
    this.asking = this.api.state(patience, this.report()).then(
      (state) => {
        const was = this.isOpen;
        this.isOpen = true;
        this.tell.state(state);
        if (!was) this.tell.changed(true);
        return true;
      },
      (error) => {
        if (error.leaves && this.api.device === device && this.on) this.tell.left(error);
        else if (!(error instanceof Refusal)) this.lose();
        return error instanceof Refusal;
      },
    ).finally(() => {
      this.asking = null;
      this.later();
    });
    return this.asking;
  }

  later(ms = this.isOpen ? 10000 : 2000) {
    clearTimeout(this.timer);
    if (this.on) this.timer = setTimeout(() => this.ask(), ms);
  }
}
