// The desk in another system's page: <script src="https://12345.example/embed.js" data-into="#desk">.
// It makes `window.hotline`; what that can do is said in docs/integration.md. The administrator lists
// the pages that may hold it (page_origins in profile.toml).
(() => {
  "use strict";
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const HELLO_MS = 2000;
  const ANSWER_MS = 15000;
  const listeners = new Map();
  const asked = new Map();
  let nextId = 1;
  let isReady = false;

  const frame = document.createElement("iframe");
  frame.src = `${home}/#/embed`;
  frame.title = "12345";
  frame.allow = `microphone ${home}; autoplay ${home}; speaker-selection ${home}`;
  Object.assign(frame.style, { border: "0", width: "100%", height: "100%" });

  function tell(event, detail) {
    for (const listener of [...(listeners.get(event) ?? [])]) {
      try {
        listener(detail);
      } catch (fault) {
        console.error(fault); // one listener's fault is no reason for the next to miss the call
      }
    }
  }

  function ask(what, more = {}) {
    return new Promise((done, fail) => {
      if (!frame.contentWindow) {
        fail(new Error("the desk is not there yet"));
        return;
      }
      const id = nextId++;
      const timer = setTimeout(() => {
        asked.delete(id);
        fail(new Error("the desk did not answer: nobody has signed in, or this page is not listed"));
      }, ANSWER_MS);
      asked.set(id, { done, fail, timer });
      frame.contentWindow.postMessage({ hotline: 1, id, do: what, ...more }, home);
    });
  }

  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== home || data?.hotline !== 1) return;
    const { hotline: _, re, event, ...said } = data;
    if (re === undefined) {
      tell(event, said);
    } else if (re === 0) {
      if (!isReady) tell("ready", said.result);
      isReady = true;
    } else {
      const waiting = asked.get(re);
      asked.delete(re);
      clearTimeout(waiting?.timer);
      if ("error" in said) waiting?.fail(new Error(said.error));
      else waiting?.done(said.result);
    }
  });

  // Until somebody has signed in nobody answers; and the frame may be loaded anew at any time.
  let hasLoaded = false;
  function hello() {
    if (hasLoaded) frame.contentWindow?.postMessage({ hotline: 1, id: 0, do: "hello" }, home);
  }
  frame.addEventListener("load", () => {
    hasLoaded = true;
    hello();
  });
  setInterval(hello, HELLO_MS);

  function put() {
    const into = script.dataset.into ? document.querySelector(script.dataset.into) : null;
    (into ?? document.body).append(frame);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", put);
  else put();

  window.hotline = Object.freeze({
    frame,
    on(event, listener) {
      const mine = listeners.get(event) ?? new Set();
      listeners.set(event, mine.add(listener));
      return () => mine.delete(listener);
    },
    answer: () => ask("answer"),
    hangup: () => ask("hangup"),
    dial: (order) => ask("dial", { order }),
    key: (call) => ask("key", { call }),
  });
})();
