// A SIP telephone in the page: registers over a websocket, takes one call at a time. It knows SIP
// and sound; when to answer is told from outside (phone.ts).
//
// A page that goes away must not be taken for an agent who hung up: it says good-bye with a cause of
// its own, for which the caller is kept (docs/decisions/028-phone-in-page.md). One that dies without
// a word is missed by its sound.

import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { reactive } from "vue";

import { close, faultOf, openMicrophone, type Fault } from "./microphone";

export interface Account {
  url: string;
  user: string;
  password: string;
}

export interface Standing {
  line: "connecting" | "up" | "down";
  talk: "none" | "rings" | "opens" | "talks";
  isMuted: boolean;
  isHeld: boolean;
  fault: Fault | null;
}

export interface Ears {
  rings: () => void;
  talks: () => void;
  /** The call is over, by whomever; whether it was a talk. */
  over: (wasTalk: boolean) => void;
  /** What is spoken into was pulled out. */
  unplugged: () => void;
}

const NO_SOUND_MS = 2_000;
/** Q.850 "destination out of order": what asterisk-conf/extensions.conf takes for a page that left. */
const LEFT = 'Reason: Q.850;cause=27;text="page left"';
const REGISTER_S = 60;

export class Telephone {
  readonly standing = reactive<Standing>({
    line: "connecting", talk: "none", isMuted: false, isHeld: false, fault: null,
  });
  /** Plays what is heard; it stands in the page so that a headset can be chosen for it. */
  readonly speaker = new Audio();
  private readonly socket: WebSocketInterface;
  private readonly agent: UA;
  private session: RTCSession | null = null;
  private voice: MediaStream | null = null;

  constructor(account: Account, private readonly ears: Ears) {
    this.socket = new WebSocketInterface(account.url);
    this.agent = new UA({
      sockets: [this.socket],
      uri: `sip:${account.user}@${new URL(account.url).hostname}`,
      password: account.password,
      register: true,
      register_expires: REGISTER_S,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 4,
      user_agent: "hotline-desk",
    });
    this.speaker.dataset.phone = account.user;
    document.body.append(this.speaker);
    this.agent.on("registered", () => (this.standing.line = "up"));
    this.agent.on("unregistered", () => (this.standing.line = "down"));
    this.agent.on("registrationFailed", () => (this.standing.line = "down"));
    this.agent.on("disconnected", () => (this.standing.line = "down"));
    this.agent.on("newRTCSession", ({ session }: { session: RTCSession }) => this.takes(session));
    this.agent.start();
  }

  /** Answer what rings. What hinders it is in `standing.fault`, and it rings on. */
  async answer(microphone: string, headset: string): Promise<void> {
    const session = this.session;
    if (session === null || this.standing.talk !== "rings") return;
    this.standing.talk = "opens";
    try {
      this.voice = await openMicrophone(microphone);
    } catch (error) {
      this.standing.fault = faultOf(error);
      if (this.session === session) this.standing.talk = "rings";
      return;
    }
    this.standing.fault = null;
    this.minds(this.voice);
    if (this.session !== session) return this.hush(); // the caller has gone meanwhile
    await this.speakAt(headset);
    session.answer({ mediaStream: this.voice, pcConfig: { iceServers: [] } });
  }

  hangUp(): void {
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  /** By the track, so that silence is still sent: who sends nothing is taken for lost. */
  mute(isMuted: boolean): void {
    this.standing.isMuted = isMuted;
    this.speaks();
  }

  /** The caller hears music, and is recorded on. */
  hold(isHeld: boolean): void {
    if (this.standing.talk !== "talks" || !this.session) return;
    if (isHeld ? this.session.hold() : this.session.unhold()) {
      this.standing.isHeld = isHeld;
      this.speaks();
    }
  }

  /** One key, as an event of RFC 4733: recordings and ears are spared the tone. */
  press(key: string): void {
    const sender = this.session?.connection?.getSenders().find((one) => one.dtmf);
    if (this.standing.talk === "talks") sender?.dtmf?.insertDTMF(key, 160, 70);
  }

  async speakAt(headset: string): Promise<void> {
    await this.speaker.setSinkId?.(headset).catch(() => undefined); // taken out: the usual one
  }

  /** Speak into that microphone if the talk is not by it already: its name, null if nothing changed. */
  async speakInto(microphone: string): Promise<string | null> {
    if (this.standing.fault === "unplugged" && this.voice === null) this.standing.fault = null;
    const [old] = this.voice?.getAudioTracks() ?? [];
    const session = this.session;
    const isSame = microphone === "" || old?.getSettings().deviceId === microphone;
    if (!old || session === null || (old.readyState === "live" && isSame)) return null;
    let voice: MediaStream;
    try {
      voice = await openMicrophone(microphone);
    } catch {
      this.missMicrophone();
      return null;
    }
    const [track] = voice.getAudioTracks();
    const sender = session.connection?.getSenders().find((one) => one.track?.kind === "audio" || one.dtmf);
    if (this.session !== session || !track || !sender) {
      close(voice);
      return null;
    }
    this.minds(voice);
    await sender.replaceTrack(track);
    this.hush();
    this.voice = voice;
    this.standing.fault = null;
    this.speaks();
    return track.label;
  }

  /** There is none to speak into. */
  missMicrophone(): void {
    this.standing.fault = "unplugged";
  }

  /** Leave the line. Whoever is talked with hears that somebody hung up. */
  end(): void {
    this.agent.stop();
    this.gone();
    this.speaker.remove();
  }

  /** Leave it as a page does that is closed or loaded anew: the caller is kept for the next one. */
  vanish(): void {
    const session = this.session;
    if (session?.isEstablished()) session.terminate({ extraHeaders: [LEFT] });
    else if (session && !session.isEnded()) session.terminate({ status_code: 503 });
    this.socket.disconnect();
    this.end();
  }

  private takes(session: RTCSession): void {
    if (this.session !== null) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    Object.assign(this.standing, { talk: "rings", isMuted: false, isHeld: false });
    session.on("peerconnection", ({ peerconnection }) => this.hears(peerconnection));
    session.on("icecandidate", ({ ready }) => ready()); // the first one will do: we are on one net
    session.on("confirmed", () => this.begins(session));
    session.on("ended", () => this.over(session));
    session.on("failed", () => this.over(session));
    this.ears.rings();
  }

  private hears(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ track, streams }) => {
      this.speaker.srcObject = streams[0] ?? new MediaStream([track]);
      this.speaker.play().catch(() => undefined); // nobody has touched the page yet
    });
  }

  private begins(session: RTCSession): void {
    if (this.session !== session || this.standing.talk === "talks") return;
    this.standing.talk = "talks";
    this.ears.talks();
    window.setTimeout(() => void this.mend(session), NO_SOUND_MS);
  }

  // Asterisk's own first offer may begin without sound (asterisk#2053); asking again mends it.
  private async mend(session: RTCSession): Promise<void> {
    if (this.session !== session || session.isEnded()) return;
    let heard = 0;
    (await session.connection.getStats()).forEach((one: RTCInboundRtpStreamStats) => {
      if (one.type === "inbound-rtp") heard += one.packetsReceived ?? 0;
    });
    if (heard === 0 && session.isReadyToReOffer()) session.renegotiate();
  }

  private over(session: RTCSession): void {
    if (this.session !== session) return;
    const wasTalk = this.standing.talk === "talks";
    this.gone();
    this.ears.over(wasTalk);
  }

  private gone(): void {
    this.session = null;
    this.speaker.srcObject = null;
    this.hush();
    Object.assign(this.standing, { talk: "none", isMuted: false, isHeld: false });
  }

  private minds(voice: MediaStream): void {
    for (const track of voice.getAudioTracks()) track.addEventListener("ended", () => this.ears.unplugged());
  }

  private speaks(): void {
    const isHeard = !this.standing.isMuted && !this.standing.isHeld;
    for (const track of this.voice?.getAudioTracks() ?? []) track.enabled = isHeard;
  }

  private hush(): void {
    if (this.voice) close(this.voice);
    this.voice = null;
  }
}
