import { describe, expect, it } from "vitest";
import { testEngine } from "../../support/call.js";

const add = (order: object) => testEngine().faults.add(order);

describe("a fault that would do nothing, or contradicts itself, is refused", () => {
  it.each([
    [{}, "fault: must say what goes wrong: give answer, delay, http, cut, lose, limit or applied"],
    [{ answer: {} }, "fault.answer: must change the answer"],
    [{ answer: { message: "x" } }, "fault.answer: must change the answer"],
    [{ answer: { merge: {} } }, "fault.answer: must change the answer"],
    [{ answer: { drop: [] } }, "fault.answer: must change the answer"],
    [{ answer: { of: "failure" } }, "must change the answer: give code, body, merge, drop or drift"],
    [{ answer: { drop: ["balance"], message: "x" } }, "fault.answer.message: does nothing without code"],
    [{ answer: { body: 1, drop: ["balance"], code: 3 } }, "so the other parts would do nothing"],
    [
      { answer: { code: 3, drop: ["balance"] } },
      "fault.answer.of: must be failure or both: with an error code",
    ],
    [{ answer: { drift: "error-text" } }, "fault.answer.of: must be failure or both: with an error code"],
    [
      { answer: { code: 3, of: "success", drop: ["balance"] } },
      "fault.answer.of: must be failure or both: with an error code",
    ],
    [{ delay: {} }, "fault.delay: must have a length: give ms or p50"],
    [{ delay: { p95: 10 } }, "fault.delay.p50: is required with p95 or p99"],
    [{ delay: { p99: 10, ms: 5 } }, "fault.delay: must be ms and jitter, or p50, p95 and p99, but not both"],
    [{ delay: { p50: 5, ms: 5 } }, "but not both"],
    [{ delay: { p50: 5, jitter: 5 } }, "but not both"],
    [{ delay: { p50: 50, p95: 10 } }, "fault.delay: must grow: p95 must be at least p50"],
    [{ delay: { p50: 5, p95: 50, p99: 10 } }, "fault.delay: must grow"],
    [{ delay: { p50: 50, p99: 10 } }, "fault.delay: must grow"],
    [{ delay: { jitter: 5, seed: 7 } }, 'fault.delay: unknown field "seed"'],
    [{ http: {} }, "fault.http: must change something"],
    [{ http: { headers: {} } }, "fault.http.headers: is empty"],
    [{ http: { retryAfterDate: true } }, "fault.http.retryAfterDate: does nothing without retryAfter"],
    [
      { http: { status: 204, body: "x" } },
      "fault.http.body: can't be sent: an answer with status 204 has no body",
    ],
    [{ http: { status: 304, gzip: "whole" } }, "fault.http.gzip: can't be sent"],
    [{ cut: { how: "truncate", at: "middle" } }, "fault.cut.at: does nothing with truncate"],
    [{ cut: { how: "drip", at: "middle" } }, "fault.cut.at: does nothing with drip"],
    [{ cut: { how: "hang", at: "after" } }, "fault.cut.at: must be before or middle"],
    [
      { cut: { how: "reset", bytes: 1, everyMs: 1 } },
      "fault.cut.bytes: does nothing with reset, only with drip",
    ],
    [{ limit: {} }, "fault.limit: must have a limit: give perSecond, concurrent or both"],
    [{ limit: { retryAfter: 3 } }, "fault.limit: must have a limit"],
    [{ lose: "request", applied: true }, "fault.applied: can't be true with lose request"],
    [{ lose: "answer", applied: false }, "remove one of them"],
    [{ applied: true }, "would do nothing: requests are carried out anyway"],
    [{ answer: undefined }, "must say what goes wrong"],
  ])("%j", (fault, says) => {
    expect(() => add({ fault })).toThrow(says);
  });

  it("not even on top of a preset", () => {
    expect(() => add({ preset: "slow", fault: {} })).toThrow("must say what goes wrong");
    expect(() => add({ preset: "lost-request", fault: { applied: true } })).toThrow(
      "applied: can't be true with lose request, which says the opposite: remove one of them",
    );
  });
});

describe("a fault without contradictions is accepted", () => {
  it.each([
    [{ answer: { body: null } }],
    [{ answer: { code: 3, of: "both", merge: { error: null } } }],
    [{ delay: { jitter: 5 } }],
    [{ delay: { p50: 5, p99: 5 } }],
    [{ http: { retryAfter: 0, retryAfterDate: false } }],
    [{ http: { status: 204 } }],
    [{ cut: { how: "reset", at: "after" } }],
    [{ cut: { how: "drip", bytes: 1 } }],
    [{ lose: "answer", cut: { how: "hang" } }],
    [{ lose: "answer", applied: true }],
    [{ applied: false }],
  ])("%j", (fault) => {
    expect(add({ fault })).toMatchObject({ fault });
  });

  it("on top of a preset, too", () => {
    const fault = { http: undefined, applied: true };
    expect(add({ preset: "gateway-502", fault }).fault).toMatchObject({
      applied: true,
      http: { status: 502 },
    });
  });
});
