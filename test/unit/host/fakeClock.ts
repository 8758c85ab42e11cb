import * as FakeTimers from '@sinonjs/fake-timers';

/**
 * Time that goes on when a test says so, for every test of the suite that calls this: on a machine that stalls, what
 * should be in time is in time all the same.
 * @returns lets so many milliseconds go by, with all that is due meanwhile.
 */
export function useFakeClock(): (milliseconds: number) => Promise<unknown> {
  let clock: FakeTimers.Clock;
  beforeEach(() => {
    clock = FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });
  afterEach(() => clock.uninstall());
  return (milliseconds) => clock.tickAsync(milliseconds);
}

/** Resolves when so much of the time that a test lets go by has gone by. */
export function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
