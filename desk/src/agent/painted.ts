// When what the page shows has been painted: only then may a phone ring for it.

/**
 * Settles once the page as it stands now is on the screen. A tab that nobody sees has no frames:
 * there it settles at once, and so it does when the tab is hidden while it waits.
 */
export function painted(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((done) => {
    const settle = () => {
      document.removeEventListener("visibilitychange", settle);
      done();
    };
    document.addEventListener("visibilitychange", settle);
    // The first frame is the one that paints it; the second begins when that one is out.
    requestAnimationFrame(() => requestAnimationFrame(settle));
  });
}
