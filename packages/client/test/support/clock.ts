import { onTestFinished, vi } from "vitest";

/** Stops the clock of timers and of `performance` until the test is over. Time passes only when a test says so. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Does some work on a clock that jumps from timer to timer. */
export async function onJumpingClock<T>(work: () => Promise<T>): Promise<T> {
  stopClock();
  const running = { hasEnded: false };
  const result = work().finally(() => (running.hasEnded = true));
  while (!running.hasEnded) await vi.advanceTimersToNextTimerAsync();
  return result;
}

/** Makes our own code fail from now on, until the test is over: whatever reads the time meets an error. */
export function breakOurCode(bug: Error): void {
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    throw bug;
  });
  onTestFinished(() => clock.mockRestore());
}
