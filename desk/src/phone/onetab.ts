// One page of a browser has the telephone: two would take it from each other at every registration.

/** Have the telephone when no other tab has it, or once that one is gone. Ends with `end`. */
export class OneTab {
  private over = new AbortController();
  private letGo: (() => void) | null = null;

  constructor(
    private readonly name: string,
    private readonly told: (isHere: boolean) => void,
  ) {
    this.wait();
  }

  /** Take it from the other tab. */
  take(): void {
    this.over.abort();
    this.over = new AbortController();
    this.ask({ steal: true });
  }

  end(): void {
    this.over.abort();
    this.letGo?.();
  }

  private wait(): void {
    this.told(false);
    this.ask({ signal: this.over.signal });
  }

  private ask(options: LockOptions): void {
    const locks = navigator.locks as LockManager | undefined;
    if (!locks) return this.told(true); // no secure context: there is no microphone either
    const mine = this.over;
    const held = locks.request(this.name, options, () => this.hold());
    held.catch(() => {
      this.letGo = null;
      if (!mine.signal.aborted) this.wait(); // another tab took it
    });
  }

  private hold(): Promise<void> {
    this.told(true);
    return new Promise((done) => (this.letGo = done));
  }
}
