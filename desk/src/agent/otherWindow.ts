// Another system's page in one window for all calls. It is opened from an empty frame of ours: what it then
// has as its opener is that frame, so it cannot send the agent's page elsewhere, though the next call finds it.

const NAME = "hotline-pop";

let frame: HTMLIFrameElement | null = null;

/** Null: the browser holds windows back. */
export function openOther(url: string): Window | null {
  if (!frame?.isConnected) {
    frame = document.createElement("iframe");
    frame.hidden = true;
    frame.title = NAME;
    document.body.append(frame);
  }
  return frame.contentWindow?.open(url, NAME) ?? null;
}
