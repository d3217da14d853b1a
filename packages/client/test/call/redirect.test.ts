import { describe, expect, it } from "vitest";
import { clientOf, errorOf, nowhere, request, success } from "../support/fixtures.js";
import { scriptedServer } from "../support/scripted-server.js";

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])(
    "of status %i is not followed, and the error says why",
    async (status) => {
      const other = await scriptedServer({ body: success });
      const location = `${other.url}/client/api/v1/elsewhere/extend/order/auto`;
      const server = await scriptedServer({ status, headers: { location } });
      const error = await errorOf(clientOf(server).setAutoExtend(request));
      expect(error).toMatchObject({ name: "HttpError", effect: "unknown", status });
      expect(error.message).toContain(
        `A redirect to ${other.url} was not followed, because the API key is in the URL.`,
      );
      expect(other.requests).toEqual([]);
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each(["/elsewhere", "not a URL: %"])("to %s names no server", async (location) => {
    const server = await scriptedServer({ status: 302, headers: { location } });
    const error = await errorOf(clientOf(server).setAutoExtend(request));
    expect(error.message).toContain("A redirect was not followed");
  });

  it("that the platform hides has status 0", async () => {
    const hiding: typeof fetch = async () => Response.error();
    const error = await errorOf(clientOf(nowhere, { fetch: hiding }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "HttpError", effect: "unknown", status: 0 });
    expect(error.message).toContain("A redirect was not followed");
  });
});
