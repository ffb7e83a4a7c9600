// Everything the page asks of the server over HTTP. Errors become Fault, with the server's sentence.

export class Fault extends Error {
  constructor(status, error) {
    super(error.message);
    this.status = status;
    this.id = error.id;
    this.details = error.details;
  }
}

const UNREACHABLE = { id: "unreachable", message: "连不上服务器，正在等待恢复。", details: {} };

const LONGEST_MS = 15000;
const URGENT_MS = 3000; // whoever asks for an emergency line asks again

async function ask(method, path, body, within = LONGEST_MS) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal: AbortSignal.timeout(within),
    });
  } catch {
    throw new Fault(0, UNREACHABLE);
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({ error: UNREACHABLE }));
  if (!response.ok) throw new Fault(response.status, answer.error);
  return answer;
}

const path = (...parts) => ["/api/v1", ...parts.map(encodeURIComponent)].join("/");

export const signIn = (user, password) => ask("POST", path("session"), { user, password });
export const whoAmI = () => ask("GET", path("session"));
export const signOut = () => ask("DELETE", path("session"));
export const centre = () => ask("GET", path("centre"));
export const orders = () => ask("GET", `${path("work-orders")}?limit=50`);
export const order = (id) => ask("GET", path("work-orders", id));
export const edit = (id, words) => ask("PATCH", path("work-orders", id), words);
export const submit = (id) => ask("POST", path("work-orders", id, "submit"));
export const targets = () => ask("GET", path("targets"));
export const move = (call, wish) => ask("POST", path("calls", call, "moves"), wish, URGENT_MS);
export const steer = (call, move, key) => ask("POST", path("calls", call, "moves", move, key), undefined, URGENT_MS);
export const supervise = (call, mode) => ask("POST", path("calls", call, "supervise"), { mode });
export const takeOver = (call) => ask("POST", path("calls", call, "take-over"));
export const callbacks = () => ask("GET", `${path("callbacks")}?open=true&limit=200`);
export const claim = (call) => ask("POST", path("callbacks", call, "claim"));
export const release = (call) => ask("POST", path("callbacks", call, "release"));
export const decline = (call) => ask("POST", path("callbacks", call, "decline"));
export const dial = (call) => ask("POST", path("callbacks", call, "dial"));
export const tried = (call, outcome) => ask("POST", path("callbacks", call, "attempt"), { outcome });
export const nuisance = () => ask("GET", `${path("nuisance")}?standing=true&limit=100`);
export const refusals = () => ask("GET", `${path("nuisance", "calls")}?limit=20`);
export const refuse = (wish) => ask("POST", path("nuisance"), wish);
export const allow = (id) => ask("DELETE", path("nuisance", id));
export const reveal = (id) => ask("POST", path("nuisance", id, "reveal"));
export const transcript = (call) => ask("GET", path("calls", call, "transcript"));
export const recording = (call) => path("calls", call, "recording");
