// What this device keeps: its enrolment, the shift, how it is set, the number of its last scan, what it was
// told of passes (the bundle), what it saw of them itself since, and the queue.
//
// The queue holds each scan, undo and release by its number until the server has it: `asked` ones were sent
// to be judged there, `decided` ones were judged here. Both are on disk (strict durability) before anything
// is shown. All tabs of the browser share it: what must not happen twice happens within one transaction.

const NAME = "laifang-gate";
const VERSION = 2;
const ALWAYS = Number.MAX_SAFE_INTEGER;

export class Store {
  // Opens the database; rejects where the browser keeps nothing.
  static async open() {
    const database = await new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = ({ oldVersion }) => prepare(request.result, request.transaction, oldVersion);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error("blocked"));
    });
    database.onversionchange = () => database.close();
    const store = new Store(database);
    await store.write(["kept"], (kept) => kept.put(1, "tried"));
    return store;
  }

  constructor(database) {
    this.database = database;
  }

  // Runs `work` in one transaction and resolves with what it returned (or its request's result) once that
  // is on disk.
  write(stores, work) {
    return this.inTransaction(stores, "readwrite", work);
  }

  read(stores, work) {
    return this.inTransaction(stores, "readonly", work);
  }

  inTransaction(names, mode, work, durability = "strict") {
    return new Promise((resolve, reject) => {
      let transaction;
      try {
        transaction = this.database.transaction(names, mode, { durability });
      } catch (error) {
        reject(error);
        return;
      }
      let answer;
      transaction.oncomplete = () => resolve(answer instanceof IDBRequest ? answer.result : answer);
      transaction.onerror = transaction.onabort = () => reject(transaction.error || new Error("aborted"));
      try {
        answer = work(...names.map((name) => transaction.objectStore(name)), (value) => { answer = value; });
      } catch (error) {
        transaction.abort();
        reject(error);
      }
    });
  }

  get(key) {
    return this.read(["kept"], (kept) => kept.get(key));
  }

  set(key, value) {
    return this.write(["kept"], (kept) => void kept.put(value, key));
  }

  remove(key) {
    return this.write(["kept"], (kept) => void kept.delete(key));
  }

  // -- the bundle; it comes again every minute, so it need not be on disk at once

  bundle() {
    return this.read(["bundle"], (bundle) => bundle.get("last"));
  }

  keepBundle(signed) {
    return this.inTransaction(["bundle"], "readwrite", (bundle) => void bundle.put(signed, "last"), "relaxed");
  }

  // What this device saw of a pass itself: {pass, state, before, seq, until}; see deciding.js.
  seen(pass) {
    return this.read(["seen"], (seen) => seen.get(pass));
  }

  allSeen() {
    return this.read(["seen"], (seen) => seen.getAll());
  }

  // -- numbering

  // Gives what is to be asked of the server the next number; resolves with it, or with null where scans
  // wait: then the server does not know yet what they did, and this one must be decided here as well.
  ask(taken) {
    return this.write(["kept", "queue"], (kept, queue, answer) => {
      answer(null);
      queue.index("decided").count(1).onsuccess = ({ target: { result: waiting } }) => {
        if (waiting) return;
        next(kept, (seq) => {
          const numbered = { ...taken, seq, asked: true, decided: 0 };
          queue.put(numbered);
          answer(numbered);
        });
      };
    });
  }

  // Keeps what this device decided, under the number it was asked by or the next one. `judge(seen)`
  // gives {event, state}: what happened, and where the pass stands now or null; nothing may be awaited in it.
  decide(taken, pass, judge) {
    return this.write(["kept", "queue", "seen"], (kept, queue, seen, answer) => {
      seen.get(pass || "-").onsuccess = ({ target: { result: known } }) => {
        const put = (seq) => {
          const { event, state } = judge(known || null);
          const numbered = { ...remains(taken), seq, pass, event, decided: 1 };
          queue.put(numbered);
          if (pass && state) seen.put({ pass, seq, until: ALWAYS, ...state });
          kept.put(event.wall, "lastWall");
          answer(numbered);
        };
        if (taken.seq) put(taken.seq);
        else next(kept, put);
      };
    });
  }

  // The server answered a number. `learn(seen)` gives what to keep of its pass, or null.
  answered(seq, pass = "", learn = null) {
    return this.write(["queue", "seen"], (queue, seen) => {
      queue.delete(seq);
      if (!pass || !learn) return;
      seen.get(pass).onsuccess = ({ target: { result: known } }) => {
        const now = learn(known || null);
        if (now) seen.put({ pass, seq, ...now });
      };
    });
  }

  // Takes a number back that the server never saw, unless a later one was given meanwhile. Says whether.
  takeBack(seq) {
    return this.write(["kept", "queue"], (kept, queue, answer) => {
      const request = kept.get("seq");
      request.onsuccess = () => {
        const last = request.result === seq;
        if (last) {
          kept.put(seq - 1, "seq");
          queue.delete(seq);
        }
        answer(last);
      };
    });
  }

  // Goes on after the number that the server knows, e.g. when the browser's data was cleared.
  notBelow(seq) {
    return this.write(["kept"], (kept) => {
      const request = kept.get("seq");
      request.onsuccess = () => {
        if ((request.result || 0) < seq) kept.put(seq, "seq");
      };
    });
  }

  // -- the queue

  // The first of the queue in the order of their numbers.
  first(most) {
    return this.read(["queue"], (queue) => queue.getAll(undefined, most));
  }

  all() {
    return this.read(["queue"], (queue) => queue.getAll());
  }

  // How many the server does not have yet; one that is being asked of it just now does not count.
  waiting() {
    return this.read(["queue"], (queue) => queue.index("decided").count(1));
  }

  keep(...numbered) {
    return this.write(["queue"], (queue) => numbered.forEach((one) => queue.put(one)));
  }

  // The server has these for good. From its moment `now` on its bundle knows what they did.
  delivered(seqs, now) {
    return this.write(["queue", "seen"], (queue, seen) => {
      seqs.forEach((seq) => {
        queue.get(seq).onsuccess = ({ target: { result: one } }) => {
          queue.delete(seq);
          if (!one || !one.pass) return;
          seen.get(one.pass).onsuccess = ({ target: { result: known } }) => {
            if (known && known.seq <= seq) seen.put({ ...known, until: now });
          };
        };
      });
    });
  }

  // Gives those of the queue for which `isWrong(one)` new numbers, after `above` and all given ones. Under
  // these they were never sent. What corrects them goes on correcting them.
  renumber(isWrong, above = 0) {
    return this.write(["kept", "queue"], (kept, queue) => {
      queue.getAll().onsuccess = ({ target: { result: all } }) => {
        const wrong = all.filter(isWrong);
        kept.get("seq").onsuccess = ({ target: { result: last } }) => {
          let seq = Math.max(last || 0, above);
          const renewed = new Map(wrong.map((one) => [one.seq, (seq += 1)]));
          all.forEach((one) => {
            const { event } = one;
            if (event && renewed.has(event.corrects)) event.corrects = renewed.get(event.corrects);
            if (renewed.has(one.seq)) queue.delete(one.seq);
          });
          all.forEach((one) => {
            const now = renewed.get(one.seq);
            queue.put(now ? { ...one, seq: now, asked: false, sent: false } : one);
          });
          kept.put(seq, "seq");
        };
      };
    });
  }

  // Forgets passes that the bundle tells better by now.
  forgetSeen(before) {
    return this.write(["seen"], (seen) => {
      seen.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        if (cursor.value.until < before) cursor.delete();
        cursor.continue();
      };
    });
  }

  // -- whose device it is

  // Makes this browser the given device. Scans of another one that wait are numbered anew as this one's
  // and say in their note whose they were: none is dropped.
  enrolled(device) {
    return this.write(["kept", "queue", "seen", "bundle"], (kept, queue, seen, bundle) => {
      kept.get("device").onsuccess = ({ target: { result: old } }) => {
        kept.put(device, "device");
        ["shift", "bundleKeys", "operators"].forEach((key) => kept.delete(key));
        if (old && old.id === device.id) return;
        bundle.clear();
        seen.clear();
        queue.getAll().onsuccess = ({ target: { result: all } }) => {
          const renewed = new Map(all.map((one, place) => [one.seq, place + 1]));
          queue.clear();
          all.forEach((one) => queue.put(moved(one, renewed, old)));
          kept.put(all.length, "seq");
        };
      };
    });
  }

  // Forgets all but how the page is set. Refuses (false) while anything waits.
  empty() {
    return this.write(["kept", "queue", "seen", "bundle"], (kept, queue, seen, bundle, answer) => {
      queue.count().onsuccess = ({ target: { result: count } }) => {
        answer(count === 0);
        if (count) return;
        ["device", "shift", "seq", "operators", "place", "lastWall", "offset", "bundleKeys"].forEach((key) => kept.delete(key));
        [seen, bundle].forEach((one) => one.clear());
      };
    });
  }

  // Takes a lease that other tabs respect, for browsers without Web Locks. Says whether.
  lease(name, owner, ms) {
    return this.write(["kept"], (kept, answer) => {
      const key = `lease/${name}`;
      kept.get(key).onsuccess = ({ target: { result: held } }) => {
        const now = Date.now();
        const free = !held || held.owner === owner || held.until < now || held.until > now + 10 * ms;
        if (free) kept.put({ owner, until: now + ms }, key);
        answer(free);
      };
    });
  }
}

// What was scanned stays only as the event tells it, unless the server may have to be asked for it again.
function remains({ act, body, about, boot, wall, mono, asked }) {
  return asked ? { act, body, about, boot, wall, mono, asked } : { act, boot, wall, mono, asked: false };
}

function next(kept, given) {
  kept.get("seq").onsuccess = ({ target: { result: last } }) => {
    const seq = (last || 0) + 1;
    kept.put(seq, "seq");
    given(seq);
  };
}

function moved(one, renewed, old) {
  const from = `${old ? old.id : "?"} #${one.seq}`;
  const event = one.event && {
    ...one.event, corrects: renewed.get(one.event.corrects) || null, note: `${one.event.note} [${from}]`.trim(),
  };
  return { ...one, event, seq: renewed.get(one.seq), asked: false, decided: event ? 1 : 0, sent: false };
}

// Version 1 kept only what was asked of the server and not answered.
function prepare(database, transaction, oldVersion) {
  if (oldVersion < 1) database.createObjectStore("kept");
  database.createObjectStore("queue", { keyPath: "seq" }).createIndex("decided", "decided");
  database.createObjectStore("seen", { keyPath: "pass" });
  database.createObjectStore("bundle");
  if (oldVersion !== 1) return;
  transaction.objectStore("unanswered").getAll().onsuccess = ({ target: { result: all } }) => {
    all.forEach((one) => transaction.objectStore("queue").put({ ...one, asked: true, decided: 0 }));
    database.deleteObjectStore("unanswered");
  };
}
