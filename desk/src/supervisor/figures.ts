// How a figure is judged and written. The definitions are the server's (docs/figures.md). Pure.

/** GB/T 33358-2016: a person answers within 15 s. */
export const PATIENCE_S = 15;
/** GB/T 33358-2016: of the callers of any 24 h at least so many are connected. */
export const CONNECTED = 0.95;
/** Below the target by no more than this is close to it. */
const CLOSE = 0.05;

export type Verdict = "good" | "near" | "bad" | "nothing";

export function judgeShare(share: number | null | undefined): Verdict {
  if (share === null || share === undefined) return "nothing";
  if (share >= CONNECTED) return "good";
  return share >= CONNECTED - CLOSE ? "near" : "bad";
}

export type Wait = "noOne" | "soon" | "over15" | "over60";

/** How badly the caller who has waited longest wants somebody. */
export function judgeWait(seconds: number | null): Wait {
  if (seconds === null) return "noOne";
  if (seconds <= PATIENCE_S) return "soon";
  return seconds <= 4 * PATIENCE_S ? "over15" : "over60";
}

/** 0.9534 as 95.3%; never rounded up to a target that was missed. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "—" : `${(Math.floor(share * 1000 + 1e-9) / 10).toFixed(1)}%`;
}

export const decimal = (value: number | null | undefined, digits = 0) =>
  value === null || value === undefined ? "—" : value.toFixed(digits);

const HALF_HOURS = Array.from({ length: 48 }, (_, n) => `${String(n >> 1).padStart(2, "0")}:${n % 2 ? "30" : "00"}`);

/** One entry for each half-hour of the day, in order; a row of the API is named "2026-11-23 09:30". */
export function byHalfHour<Row extends { row: string }>(rows: Row[], day: string): { name: string; row: Row | null }[] {
  const found = new Map(rows.map((row) => [row.row, row]));
  return HALF_HOURS.map((name) => ({ name, row: found.get(`${day} ${name}`) ?? null }));
}

/** The instant at which that day begins in China, which never sets its clocks. */
export const midnightOf = (day: string) => `${day}T00:00:00+08:00`;

const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" });
/** The day of that instant in China, as 2026-11-23. */
export const dayOf = (ms: number) => DAY.format(new Date(ms));

const TIME = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
/** 09:05:07 in China. */
export const timeOf = (ms: number) => TIME.format(new Date(ms));
