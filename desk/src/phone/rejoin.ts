// Which call this browser was talking on: a page that was loaded anew, or another tab, answers it by
// itself when the caller, who was kept for it, rings again.

interface Talk {
  call: string;
  /** When it ended here, in ms; null: the page went away in the middle of it. */
  overAt: number | null;
}

const KEPT = "hotline.phone.talk";
const BACK_WITHIN_MS = 40_000; // a caller is kept for 30 s

export function rememberTalk(call: string | null | undefined, overAt: number | null): void {
  if (call) localStorage.setItem(KEPT, JSON.stringify({ call, overAt } satisfies Talk));
}

/** The agent hung up: whoever comes back rings. */
export function forgetTalk(): void {
  localStorage.removeItem(KEPT);
}

/** Whether that call was talked on here, and did not end long ago. */
export function isMine(call: string | null | undefined, nowMs: number): boolean {
  const kept = localStorage.getItem(KEPT);
  if (!call || kept === null) return false;
  const talk = JSON.parse(kept) as Talk;
  return talk.call === call && (talk.overAt === null || nowMs - talk.overAt < BACK_WITHIN_MS);
}
