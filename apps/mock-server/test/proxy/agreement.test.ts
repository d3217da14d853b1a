import { describe, expect, it, onTestFinished } from "vitest";
import { type FaultSpec, type MockServer, startMockServer } from "../../src/index.js";
import { answering, send, startBehind, startProxy, success } from "./behind.js";

const json = { "content-type": "application/json" };

/** Requests that never get to the rules. */
const problems = {
  "broken JSON": { headers: json, body: "{bad" },
  "no JSON at all": { headers: { "content-type": "text/plain" }, body: "text" },
  "a body above 2 MiB": { headers: json, body: `"${"x".repeat(2 * 1024 * 1024)}"` },
};

/** Faults that keep a request from being carried out, and so from the server behind. */
const keeping: Record<string, FaultSpec> = {
  "a refusal": { preset: "insufficient-funds" },
  "a refusal under 503": { preset: "refused-503" },
  "a gateway's page": { preset: "gateway-502" },
  "a lost request": { preset: "lost-request" },
  "a fault that does not say what is answered": { fault: { applied: false } },
};

/** Faults that spoil an answer. */
const spoiling: Record<string, FaultSpec> = {
  "a refusal that is carried out": { fault: { answer: { code: 3 }, applied: true } },
  "another answer": { preset: "empty-object" },
  "another body": { preset: "not-json" },
};

/** The answer to a request, and the decision about it. */
async function cameOf(mock: MockServer, order: FaultSpec, sent: Parameters<typeof send>[1]) {
  mock.faults.add({ ...order, times: 1 });
  const answer = await send(mock.url, sent).then(
    ({ status, json: body }) => ({ status, body }),
    () => "no answer",
  );
  const { decided, answered } = mock.requests().at(-1) ?? {};
  const { outcome, statement } = decided ?? {};
  return { answer, outcome, statement, answered };
}

describe.each(Object.entries(problems))(
  "a mock in front of a real server agrees with the mock alone: %s",
  (_, sent) => {
    /** With the mock itself as the server behind: it is asked where nothing keeps the request from it. */
    async function both(order: FaultSpec) {
      const alone = await startMockServer();
      onTestFinished(() => alone.close());
      const proxy = await startProxy(alone.url);
      return { expected: await cameOf(alone, order, sent), came: await cameOf(proxy, order, sent) };
    }

    it.each(Object.entries(keeping))("with %s", async (_, order) => {
      const { expected, came } = await both(order);
      expect(expected.outcome).toBe("problem");
      expect(came).toEqual(expected);
    });

    it.each(Object.entries(spoiling))("with %s", async (_, order) => {
      const { expected, came } = await both(order);
      expect(came.answer).toEqual(expected.answer);
      expect(came.outcome).toBe("forwarded");
    });
  },
);

it("obeys the fault if the request reaches the rules", async () => {
  const behind = await startBehind(answering(success));
  const proxy = await startProxy(behind.url);
  expect(await cameOf(proxy, { preset: "insufficient-funds" }, {})).toMatchObject({
    outcome: "refused",
    statement: "fault/insufficient-funds",
  });
});

it("answers a problem as such, even if the request is over a limit", async () => {
  const behind = await startBehind(answering(success));
  const proxy = await startProxy(behind.url);
  proxy.faults.add({ preset: "limit" });
  await send(proxy.url);
  expect(await send(proxy.url, problems["broken JSON"])).toMatchObject({ status: 429 });
  expect(proxy.requests().at(-1)?.decided).toMatchObject({
    outcome: "problem",
    statement: "transport/malformed-json",
  });
  expect(behind.got).toHaveLength(1);
});
