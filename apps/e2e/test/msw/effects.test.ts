import { type ClientOptions, createClient, isAutoExtendError } from "@auto-extend/client";
import { createMockFetch, type FaultSpec, startMockServer } from "@auto-extend/mock-server";
import { createMockHandlers } from "@auto-extend/mock-server/msw";
import { setupServer } from "msw/node";
import { describe, expect, it } from "vitest";

type Mock = Pick<ReturnType<typeof createMockFetch>, "faults" | "state">;
type Run = (mock: Mock, reach: Omit<ClientOptions, "apiKey">) => Promise<void>;

/** Every way to a mock. */
const channels: Record<string, (run: Run) => Promise<void>> = {
  async "over a socket"(run) {
    const server = await startMockServer();
    await run(server, { baseUrl: server.url }).finally(() => server.close());
  },
  async "as a fetch"(run) {
    const fetch = createMockFetch();
    await run(fetch, { fetch });
  },
  async "behind MSW"(run) {
    const mock = createMockHandlers();
    const server = setupServer(...mock.handlers);
    server.listen({ onUnhandledRequest: "error" });
    await run(mock, {}).finally(() => server.close());
  },
};

describe.each(Object.keys(channels))("a client of a mock %s", (way) => {
  it.each([
    ["lost-answer", {}, "NetworkError", true],
    ["lost-request", {}, "NetworkError", false],
    ["closed", { at: "before" }, "NetworkError", true],
    ["closed", { at: "middle" }, "NetworkError", true],
    ["hang", { at: "before" }, "TimeoutError", true],
    ["hang", { at: "middle", applied: false }, "TimeoutError", false],
  ])("does not know what became of its request: %s %o", async (preset, options, name, isOn) => {
    await channels[way]?.(async (mock, reach) => {
      mock.faults.add({ preset, options } as FaultSpec);
      const client = createClient({ apiKey: "any-key", timeout: 500, retry: false, ...reach });
      const called = client.setAutoExtend({
        proxyType: "IPv4",
        orderIds: ["11111"],
        rentPeriodDays: 30,
        autoExtend: true,
      });
      const error: unknown = await called.catch((thrown: unknown) => thrown);
      expect(isAutoExtendError(error) && [error.name, error.effect]).toEqual([name, "unknown"]);
      const [account] = mock.state({ apiKey: "any-key" }).accounts;
      expect(account?.orders[0]?.ipAddresses[0]?.autoExtend).toBe(isOn);
    });
  });
});
