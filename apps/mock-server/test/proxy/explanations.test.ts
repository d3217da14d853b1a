import { describe, expect, it } from "vitest";
import { answering, send, startBehind, startProxy, success } from "./behind.js";

/** Explains a request with a fault; the server behind answers everything. */
async function explanationOf(prefer: string, path?: string) {
  const behind = await startBehind(answering(success));
  const mock = await startProxy(behind.url);
  const headers = { "content-type": "application/json", prefer };
  await send(mock.url, path ? { path, headers } : { headers });
  return { ...mock.explain("request-1"), forwarded: behind.got.length };
}

describe("the explanation of a forwarded request", () => {
  it("says that a fault was answered locally, and shows the page that was sent", async () => {
    const { text, forwarded } = await explanationOf("fault=unavailable-503; seconds=7");
    expect(forwarded).toBe(0);
    expect(text).toContain("Decided:  faulted by fault/unavailable-503");
    expect(text).toMatch(/Answer: {3}HTTP 503 .*retry-after: 7/);
    expect(text).toContain("<h1>503 Service Unavailable</h1>");
  });

  it.each(["fault=gateway-502", "fault=insufficient-funds", "fault=slow; ms=1"])(
    "says nothing of an account, for no one is looked for here: %s",
    async (prefer) => {
      const { text } = await explanationOf(prefer);
      expect(text).toContain("Request:  POST /client/api/v1/[redacted]/extend/order/auto\n");
      expect(text).not.toMatch(/account|Rules:|Changed:/);
    },
  );

  it("mentions no account if no server listens behind, and shows the answer", async () => {
    const mock = await startProxy("http://127.0.0.1:1");
    for (const path of ["/client/api/v1/any-key/extend/order/auto", "/client/api/v1/any-key/balance"]) {
      await send(mock.url, { path });
      const [{ id = "" } = {}] = mock.requests().slice(-1);
      const { text } = mock.explain(id);
      expect(text).not.toContain("this API key has no account");
      expect(text).toContain('"title":"Bad Gateway"');
    }
  });
});
