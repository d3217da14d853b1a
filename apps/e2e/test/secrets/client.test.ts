import { type ClientEvent, createClient } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import { canaries, cases, expectNoCanary, inspected, request, serving } from "./secrets.js";

describe("an API key of the client", () => {
  it.each(cases)(
    "stays out of errors and events where a server $name ($apiKey)",
    async ({ listener, apiKey }) => {
      await serving(listener, async (baseUrl) => {
        const events: ClientEvent[] = [];
        const client = createClient({
          apiKey,
          baseUrl,
          retry: { attempts: 2, delay: 1 },
          timeout: 200,
          onEvent: (e) => events.push(e),
        });
        const error: unknown = await client.setAutoExtend(request).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(Error);
        for (const shown of [error, events, client]) {
          expectNoCanary(inspected(shown), JSON.stringify(shown) ?? "", String(shown));
        }
        expectNoCanary((error as Error).stack ?? "");
      });
    },
  );

  it.each(canaries)("stays out of errors where nobody listens (%s)", async (apiKey) => {
    const baseUrl = await serving(
      () => {},
      async (url) => url,
    );
    const client = createClient({ apiKey, baseUrl, retry: false });
    const error: unknown = await client.setAutoExtend(request).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expectNoCanary(inspected(error), (error as Error).stack ?? "");
  });
});
