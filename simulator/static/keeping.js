// Keeps what is shown up to date: many calls at once look only once more.
import { tell } from "./shared.js";

let load = async () => undefined;
let loading = null, again = false;
export function refresh() { // resolves once what is shown is at least as new as the call
  again = true;
  loading ??= loadAll().finally(() => { loading = null; });
  return loading;
}

async function loadAll() {
  try {
    while (again) { again = false; await load(); }
  } catch {
    tell("The simulator does not answer.");
  }
}

// What looks; `again` says that somebody else was chosen meanwhile.
export function keep(loader) { load = loader; }
export function lookAgain() { again = true; }
