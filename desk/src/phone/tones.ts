// The ring and the beep, made here: no file to load, and on another device than the talk if wanted.

type Sinkable = AudioContext & { setSinkId?: (id: string) => Promise<void> };

const RING_HZ = [440, 480];
const RING_S = 1;
const PERIOD_MS = 4_000; // as telephones ring in China: one second, then three of silence

async function contextAt(device: string): Promise<AudioContext> {
  const context: Sinkable = new AudioContext();
  // A device that was taken out must not silence the ring.
  if (device) await context.setSinkId?.(device).catch(() => undefined);
  return context;
}

function sound(context: AudioContext, pitches: number[], seconds: number, loudness: number): void {
  const now = context.currentTime;
  const level = context.createGain();
  level.gain.setValueAtTime(0, now);
  level.gain.linearRampToValueAtTime(loudness, now + 0.02);
  level.gain.setValueAtTime(loudness, now + seconds - 0.03);
  level.gain.linearRampToValueAtTime(0, now + seconds);
  level.connect(context.destination);
  for (const pitch of pitches) {
    const source = context.createOscillator();
    source.frequency.value = pitch;
    source.connect(level);
    source.start(now);
    source.stop(now + seconds);
  }
}

/** Ring until what is returned is called. */
export function ring(device: string): () => void {
  let isOver = false;
  let timer = 0;
  let stop = () => {};
  void contextAt(device).then((context) => {
    stop = () => void context.close();
    if (isOver) return stop();
    const once = () => sound(context, RING_HZ, RING_S, 0.15);
    once();
    timer = window.setInterval(once, PERIOD_MS);
  });
  return () => {
    if (isOver) return;
    isOver = true;
    window.clearInterval(timer);
    stop();
  };
}

/** A call has begun by itself. */
export async function beep(device: string): Promise<void> {
  const context = await contextAt(device);
  sound(context, [880], 0.15, 0.2);
  window.setTimeout(() => void context.close(), 400);
}
