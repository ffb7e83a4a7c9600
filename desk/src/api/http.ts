// How the page asks the server. What it refuses comes as a Fault with the server's own sentence.

export class Fault extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export const LONGEST_MS = 15_000;
/** Whoever asks for an emergency line asks again. */
export const URGENT_MS = 3_000;

const SENDING_MS = 60_000;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

function unreachable(): Fault {
  return new Fault(0, "unreachable", "连不上服务器，正在等待恢复。");
}

/** Ask with JSON and get JSON (null for 204). Throws Fault, also when nobody answers in time. */
export async function ask<Answer>(
  method: Method,
  path: string,
  body?: unknown,
  withinMs: number = LONGEST_MS,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json", ...headers };
    init.body = JSON.stringify(body);
  }
  return answered<Answer>(path, init, withinMs);
}

/** Send a file; its type says what it is, "application/octet-stream" when the browser cannot tell. */
export async function send<Answer>(
  method: Method,
  path: string,
  file: Blob,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type = file.type || "application/octet-stream";
  return answered<Answer>(path, { method, headers: { "Content-Type": type, ...headers }, body: file }, SENDING_MS);
}

async function answered<Answer>(path: string, init: RequestInit, withinMs: number): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: "same-origin", signal: AbortSignal.timeout(withinMs) });
  } catch {
    throw unreachable();
  }
  if (response.status === 204) return null as Answer;
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer as Answer;
  const error = answer?.error;
  if (!error) throw unreachable();
  throw new Fault(response.status, error.id, error.message, error.details);
}

/** An address under /api/v1, each part made safe. */
export function at(...parts: string[]): string {
  return ["/api/v1", ...parts.map(encodeURIComponent)].join("/");
}
