// Every key of the page, in one list: no two rooms may take the same one, and help shows them all.

import { onScopeDispose, shallowReactive } from "vue";

/** As people write it: "F2", "Alt+1", "Ctrl+Enter". */
export type Chord = string;

export interface Key {
  chord: Chord;
  /** A word of the page (words.ts) that says what it does. */
  does: string;
  act: () => void;
  /** Whether it can be pressed now; otherwise it does nothing (F keys) or what the browser makes of it. */
  isOn?: () => boolean;
}

export const keys = shallowReactive(new Map<Chord, Key>());

/** Take keys while the component that asks stands. Throws where another holds one already. */
export function takeKeys(...taken: Key[]): void {
  for (const key of taken) {
    if (keys.has(key.chord)) throw new Error(`key ${key.chord} is taken by ${keys.get(key.chord)!.does}`);
    keys.set(key.chord, key);
  }
  onScopeDispose(() => {
    for (const key of taken) if (keys.get(key.chord) === key) keys.delete(key.chord);
  });
}

export function chordOf(event: KeyboardEvent): Chord {
  const name = event.key.length === 1 ? (event.code.replace(/^(Key|Digit|Numpad)/, "") || event.key) : event.key;
  const held = [event.ctrlKey && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift"].filter(Boolean);
  return [...held, name].join("+");
}

const FUNCTION_KEY = /(^|\+)F\d+$/;

function pressed(event: KeyboardEvent): void {
  if (event.isComposing || event.repeat) return;
  const chord = chordOf(event);
  const key = keys.get(chord);
  if (!key) return;
  const isOn = !key.isOn || key.isOn();
  // One of ours that does nothing now must not become the browser's search, help or reading cursor.
  if (isOn || FUNCTION_KEY.test(chord)) event.preventDefault();
  if (isOn) key.act();
}

window.addEventListener("keydown", pressed);
