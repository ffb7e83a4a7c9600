// Finding a target among hundreds by what one remembers of it. Pure.

/** What a search looks at. */
export interface Findable {
  name: string;
  number?: string;
  kind_name?: string;
  note?: string;
  pinyin?: string[];
  lines?: string[];
  is_open?: boolean;
}

const MARGIN = 1000;

/** The targets that fit every word of the question, the best first. A word fits by a part of the
 * name, by its pinyin (gongjijin, gjj, gongjj), by the number's digits, by kind or note. */
export function find<Target extends Findable>(targets: Target[], asked: string, line = ""): Target[] {
  const words = asked.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return targets
    .map((target, place) => ({ target, worth: worth(target, words, line) - place / MARGIN }))
    .filter((found) => found.worth > 0)
    .sort((one, two) => two.worth - one.worth)
    .map((found) => found.target);
}

function worth(target: Findable, words: string[], line: string): number {
  const fits = words.map((word) => fit(target, word));
  if (fits.includes(0)) return 0;
  const sum = fits.reduce((all, one) => all + one, 1);
  return sum + (target.lines?.includes(line) ? 2 : 0) + (target.is_open === false ? 0 : 1);
}

function fit(target: Findable, word: string): number {
  const name = target.name.toLowerCase();
  if (name.startsWith(word)) return 9;
  if (name.includes(word)) return 8;
  if (/^\d+$/.test(word)) return target.number?.startsWith(word) ? 9 : target.number?.includes(word) ? 5 : 0;
  const sounds = target.pinyin ?? [];
  if (sounds.some((_, at) => says(sounds, at, word))) return says(sounds, 0, word) ? 7 : 6;
  const rest = `${target.kind_name ?? ""} ${target.note ?? ""}`.toLowerCase();
  return rest.includes(word) ? 3 : 0;
}

// Whether the letters are beginnings of the syllables from that place on, one after another.
function says(sounds: string[], at: number, letters: string): boolean {
  if (letters === "") return true;
  if (at >= sounds.length) return false;
  const sound = sounds[at]!.toLowerCase();
  for (let taken = Math.min(sound.length, letters.length); taken > 0; taken--) {
    if (sound.startsWith(letters.slice(0, taken)) && says(sounds, at + 1, letters.slice(taken))) return true;
  }
  return false;
}
