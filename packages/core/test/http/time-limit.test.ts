import { getEventListeners } from "node:events";
import { isSignal, late, pause, throwIfAborted, whenAborted, withinTime } from "@auto-extend/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const forever = () => new Promise<never>(() => {});

describe("withinTime", () => {
  it("gives the result or the error of the work, and leaves no timer and no listener behind", async () => {
    const { signal } = new AbortController();
    await expect(withinTime(async () => 5, { timeMs: 10, signal })).resolves.toBe(5);
    const failing = withinTime(() => Promise.reject(new Error("broken")), { timeMs: 10, signal });
    await expect(failing).rejects.toThrow("broken");
    expect([vi.getTimerCount(), getEventListeners(signal, "abort").length]).toEqual([0, 0]);
  });

  it("is late when the time is over, even if the work ignores its signal", async () => {
    let inner: { readonly aborted: boolean } | undefined;
    const work = withinTime(
      (signal) => {
        inner = signal;
        return forever();
      },
      { timeMs: 10, signal: undefined },
    );
    await vi.advanceTimersByTimeAsync(10);
    await expect(work).resolves.toBe(late);
    expect(inner?.aborted).toBe(true);
  });

  it("rejects with the reason of the caller's signal", async () => {
    const controller = new AbortController();
    const work = withinTime(forever, { timeMs: 10, signal: controller.signal });
    controller.abort("enough");
    await expect(work).rejects.toBe("enough");
  });
});

describe("pause", () => {
  it("ends with its time, with endedBy, or with the reason of the caller's signal", async () => {
    const [stop, end] = [new AbortController(), new AbortController()];
    const both = { signal: stop.signal, endedBy: end.signal };
    const short = pause({ timeMs: 10, ...both });
    const [ended, stopped] = [
      pause({ timeMs: 1_000, ...both }),
      pause({ timeMs: 1_000, signal: stop.signal }),
    ];
    await vi.advanceTimersByTimeAsync(10);
    await expect(short).resolves.toBeUndefined();
    end.abort();
    await expect(ended).resolves.toBeUndefined();
    stop.abort("enough");
    await expect(stopped).rejects.toBe("enough");
    await expect(pause({ timeMs: 1, ...both })).rejects.toBe("enough");
    await expect(pause({ timeMs: 1, signal: undefined, endedBy: end.signal })).resolves.toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no listener of endedBy behind, however it ends", async () => {
    const [stop, end] = [new AbortController(), new AbortController()];
    const both = { signal: stop.signal, endedBy: end.signal };
    const [short, long] = [pause({ timeMs: 10, ...both }), pause({ timeMs: 1_000, ...both })];
    await vi.advanceTimersByTimeAsync(10);
    await short;
    stop.abort("enough");
    await expect(long).rejects.toBe("enough");
    expect(getEventListeners(end.signal, "abort")).toHaveLength(0);
  });
});

describe("a signal", () => {
  it("calls each callback once, over a single listener, unless the callback was cancelled", () => {
    const controller = new AbortController();
    const [active, cancelled] = [vi.fn(), vi.fn()];
    const cancel = whenAborted(controller.signal, cancelled);
    whenAborted(controller.signal, active);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    cancel();
    cancel();
    controller.abort();
    expect([active.mock.calls.length, cancelled.mock.calls.length]).toEqual([1, 0]);
  });

  it("has an AbortError for a reason if it gives none", () => {
    const signal = { aborted: true, addEventListener() {}, removeEventListener() {} };
    expect(() => throwIfAborted(signal)).toThrow(expect.objectContaining({ name: "AbortError" }));
    expect(() => throwIfAborted({ ...signal, aborted: false })).not.toThrow();
  });

  it("is known by its methods, and not by its class", () => {
    expect(isSignal(new AbortController().signal)).toBe(true);
    const listening = { aborted: false, addEventListener() {}, removeEventListener() {} };
    expect(isSignal(listening)).toBe(true);
    const partial = Object.keys(listening).map((name) => ({ ...listening, [name]: undefined }));
    for (const other of [new AbortController(), new EventTarget(), {}, null, "signal", ...partial]) {
      expect(isSignal(other)).toBe(false);
    }
  });
});
