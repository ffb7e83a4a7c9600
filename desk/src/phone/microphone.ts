// The microphone and the headset: which there are, opening one, how loud it is, and what is wrong
// when it cannot be opened, as a word of this room.

export interface Devices {
  microphones: MediaDeviceInfo[];
  speakers: MediaDeviceInfo[];
  /** Also while they have no names yet, before a microphone was allowed. */
  hasMicrophone: boolean;
}

/** Why there is no sound from here: a key under phone.fault. */
export type Fault = "insecure" | "denied" | "absent" | "busy" | "other" | "unplugged";

export function faultOf(error: unknown): Fault {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "absent";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return name === "InsecureError" ? "insecure" : "other";
}

/** Open the chosen microphone; one that was taken out gives way to whatever there is. */
export async function openMicrophone(chosen: string): Promise<MediaStream> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw Object.assign(new Error("not a secure context"), { name: "InsecureError" });
  try {
    return await devices.getUserMedia({ audio: chosen ? { deviceId: { exact: chosen } } : true });
  } catch (error) {
    if (chosen === "" || faultOf(error) !== "absent") throw error;
    return devices.getUserMedia({ audio: true });
  }
}

export function close(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** What can be chosen. Names come only once a microphone was allowed. */
export async function devices(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const named = all.filter((one) => one.deviceId && one.deviceId !== "default" && one.deviceId !== "communications");
  return {
    microphones: named.filter((one) => one.kind === "audioinput"),
    speakers: named.filter((one) => one.kind === "audiooutput"),
    hasMicrophone: all.some((one) => one.kind === "audioinput"),
  };
}

/** Call back ten times a second with how loud the stream is, 0 to 1. Returns what stops it. */
export function listen(stream: MediaStream, tell: (level: number) => void): () => void {
  const context = new AudioContext();
  const ear = context.createAnalyser();
  ear.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  const timer = window.setInterval(() => {
    ear.getFloatTimeDomainData(samples);
    tell(levelOf(samples));
  }, 100);
  return () => {
    window.clearInterval(timer);
    void context.close();
  };
}

/** Loudness as ears take it: 0 at -60 dB, 1 at full scale. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const one of samples) sum += one * one;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 + decibels / 60));
}
