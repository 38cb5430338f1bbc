// What this device keeps: its enrolment, the shift, how it is set, the number of its last scan, and the
// scan that is on its way. What numbers a scan is on disk (strict durability) before the scan is sent.

const NAME = "laifang-gate";
const VERSION = 1;

export class Store {
  // Opens the database; rejects where the browser keeps nothing.
  static async open() {
    const database = await new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("kept");
        request.result.createObjectStore("unanswered", { keyPath: "seq" });
      };
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

  inTransaction(names, mode, work) {
    return new Promise((resolve, reject) => {
      let transaction;
      try {
        transaction = this.database.transaction(names, mode, { durability: "strict" });
      } catch (error) {
        reject(error);
        return;
      }
      let answer;
      transaction.oncomplete = () => resolve(answer instanceof IDBRequest ? answer.result : answer);
      transaction.onerror = transaction.onabort = () => reject(transaction.error || new Error("aborted"));
      answer = work(...names.map((name) => transaction.objectStore(name)), (value) => { answer = value; });
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

  // Gives a scan the next number and keeps it until it is answered; resolves with the numbered scan.
  number(scan) {
    return this.write(["kept", "unanswered"], (kept, unanswered, answer) => {
      const request = kept.get("seq");
      request.onsuccess = () => {
        const numbered = { ...scan, seq: (request.result || 0) + 1 };
        kept.put(numbered.seq, "seq");
        unanswered.put(numbered);
        answer(numbered);
      };
    });
  }

  keep(numbered) {
    return this.write(["unanswered"], (unanswered) => void unanswered.put(numbered));
  }

  answered(seq) {
    return this.write(["unanswered"], (unanswered) => void unanswered.delete(seq));
  }

  // Takes a number back that the server never saw, unless a later one was given meanwhile. Says whether.
  takeBack(seq) {
    return this.write(["kept", "unanswered"], (kept, unanswered, answer) => {
      const request = kept.get("seq");
      request.onsuccess = () => {
        const last = request.result === seq;
        if (last) {
          kept.put(seq - 1, "seq");
          unanswered.delete(seq);
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

  unanswered() {
    return this.read(["unanswered"], (unanswered) => unanswered.getAll());
  }

  // Forgets the enrolment and all that belongs to it; how the page is set stays.
  forget() {
    return this.write(["kept", "unanswered"], (kept, unanswered) => {
      ["device", "shift", "seq"].forEach((key) => kept.delete(key));
      unanswered.clear();
    });
  }
}
