// Days as people type them and as a calendar lays them out. A day is "2026-11-23", a moment
// "2026-11-23T09:05", both by the hotline's own clock, in whatever language the browser is. Pure.

const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" });
const two = (number: number) => String(number).padStart(2, "0");
const named = (at: Date) => at.toISOString().slice(0, 10);
const begun = (day: string) => new Date(`${day}T00:00:00Z`);

/** The day of that instant in China. */
export const today = (nowMs: number) => DAY.format(new Date(nowMs));

/** A value as it stands in the field: 2026-11-23 09:05. */
export const written = (value: string) => value.replace("T", " ").slice(0, 16);

const TYPED = /^(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT]*(\d{1,2})\s*[:：点时]\s*(\d{1,2})?\s*分?)?$/;
const RUN = /^(\d{4})(\d{2})(\d{2})(?:[\sT]*(\d{2}):?(\d{2}))?$/;

/** What was typed, as a value; null if it is no such day. Without a year it is this one's. */
export function read(typed: string, hasTime: boolean, nowMs: number): string | null {
  const text = typed.trim();
  const found = TYPED.exec(text) ?? RUN.exec(text);
  if (found === null) return null;
  const [, year = today(nowMs).slice(0, 4), month = "", date = "", hour = "0", minute = "0"] = found;
  const day = `${year}-${two(Number(month))}-${two(Number(date))}`;
  const at = begun(day);
  if (Number.isNaN(at.getTime()) || named(at) !== day) return null;
  if (!hasTime) return found[4] === undefined ? day : null;
  return Number(hour) < 24 && Number(minute) < 60 ? `${day}T${two(Number(hour))}:${two(Number(minute))}` : null;
}

/** That many days later. */
export function later(day: string, days: number): string {
  const at = begun(day);
  at.setUTCDate(at.getUTCDate() + days);
  return named(at);
}

/** The same day of another month; the last one where that month is shorter. */
export function otherMonth(day: string, months: number): string {
  const at = begun(day);
  const wanted = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() + months);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(wanted, last));
  return named(at);
}

/** The weeks that show a day's month, Monday first; days of the months beside it are there, too. */
export function weeks(day: string): string[][] {
  const first = `${day.slice(0, 8)}01`;
  const before = (begun(first).getUTCDay() + 6) % 7;
  const start = later(first, -before);
  const all = Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, n) => later(start, week * 7 + n)));
  return all.filter((week) => week.some((one) => one.slice(0, 7) === day.slice(0, 7)));
}

/** The month's name above its calendar. */
export function monthName(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" }).format(begun(day));
}

/** Monday to Sunday, short. */
export function weekdays(language: string): string[] {
  const name = new Intl.DateTimeFormat(language, { weekday: "narrow", timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, n) => name.format(begun(later("2026-11-23", n))));
}

/** A day as it is read out. */
export function spoken(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" }).format(begun(day));
}
