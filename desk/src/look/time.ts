// How times are shown. The hotline's own time zone, wherever the computer thinks it is.

const two = (number: number) => String(number).padStart(2, "0");

/** Seconds as 05:09, or 1:05:09. Never below zero. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = two(whole % 60);
  return minutes < 60 ? `${two(minutes)}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

const MOMENT = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
  hourCycle: "h23",
});

/** 11/23 09:05 */
export function moment(iso: string | null | undefined): string {
  return iso ? MOMENT.format(new Date(iso)) : "";
}
