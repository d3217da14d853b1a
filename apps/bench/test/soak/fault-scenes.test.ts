import type { Fault } from "@auto-extend/mock-server";
import { expect, it } from "vitest";
import { isApplied, isAsDefined } from "../../src/soak/fault-scenes.mjs";

type Answer = Parameters<typeof isAsDefined>[0]["answer"];

const page = { status: 502, body: "<h1>Bad Gateway</h1>" };
const refused = { answer: { code: 29 } };
const cut = (how: "reset" | "close" | "hang", at: "before" | "middle" | "after"): Fault => ({
  cut: { how, at },
});

function answer(parts: Partial<Omit<Answer, "body">> & { body?: string } = {}): Answer {
  return { end: "complete", status: 200, headers: {}, ...parts, body: Buffer.from(parts.body ?? "") };
}

it.each<[does: string, Fault, Answer, isPlain?: boolean]>([
  ["has another status than its page", { http: page }, answer({ ...page, status: 500 })],
  ["has another page", { http: page }, answer({ ...page, body: "<h1>Log in</h1>" })],
  ["lacks a header", { http: { headers: { location: "/" } } }, answer()],
  ["lacks Retry-After", { http: { status: 503, retryAfter: 1 } }, answer({ status: 503 })],
  ["is not compressed", { http: { gzip: "whole" } }, answer()],
  ["is a success in place of a page", { http: { status: 200 } }, answer(), true],
  ["is no refusal", refused, answer(), true],
  ["is unchanged", { answer: { drop: ["balance"] } }, answer(), true],
  ["comes although it was lost", { lose: "answer" }, answer(), true],
  ["comes although the connection was reset before", cut("reset", "before"), answer({ end: "reset" })],
  ["begins before a hang", cut("hang", "before"), answer({ end: "timeout" })],
  ["breaks off where it is only late", { delay: { ms: 1 } }, answer({ end: "reset", status: 0 })],
  ["is refused in another way than with 429", { limit: { concurrent: 1 } }, answer({ status: 503 })],
])("notices an answer that %s", (_, fault, wrong, isPlain = false) => {
  expect(isAsDefined({ answer: wrong, isPlain, request: {} }, fault)).toBe(false);
});

it("knows which faults keep a request from being carried out", () => {
  const faults: Fault[] = [
    { http: page },
    refused,
    { lose: "request" },
    { ...cut("reset", "before"), applied: false },
  ];
  expect(faults.map((fault) => isApplied(answer(), fault))).toEqual([false, false, false, false]);
  const others: Fault[] = [
    { http: page, applied: true },
    { lose: "answer" },
    cut("close", "middle"),
    { delay: { ms: 1 } },
  ];
  expect(others.map((fault) => isApplied(answer(), fault))).toEqual([true, true, true, true]);
  const limited: Fault = { limit: { perSecond: 1 } };
  expect([200, 429].map((status) => isApplied(answer({ status }), limited))).toEqual([true, false]);
});
