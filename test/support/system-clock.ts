/** Has `Date` of this process tell the time that `now` makes of the system's own, both in milliseconds since 1970. */
export function replaceClock(now: (systemMs: number) => number): void {
  const SystemDate = Date;
  globalThis.Date = class extends SystemDate {
    constructor(...args: [] | [number | string | Date]) {
      if (args.length === 0) super(now(SystemDate.now()));
      else super(...args);
    }

    static override now(): number {
      return now(SystemDate.now());
    }
  } as DateConstructor;
}
