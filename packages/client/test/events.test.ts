import type { ClientEvent } from "@auto-extend/client";
import { afterEach, describe, expect, it } from "vitest";
import { clientOf, request, success } from "./support/fixtures.js";
import { scriptedServer } from "./support/scripted-server.js";

describe("onEvent", () => {
  it("gets every attempt, answer, failure and pause, in order", async () => {
    const date = "2030-01-01T00:00:00.000Z";
    const server = await scriptedServer(
      { status: 503, headers: { date: new Date(date).toUTCString() } },
      { headers: { date: "soon" }, body: success },
    );
    const events: ClientEvent[] = [];
    await clientOf(server, {
      retry: { delay: 1 },
      onEvent: (event) => void events.push(event),
    }).setAutoExtend(request);
    const about = {
      operation: "setAutoExtend",
      method: "POST",
      url: `${server.url}/client/api/v1/[redacted]/extend/order/auto`,
    };
    expect(events).toEqual([
      { ...about, attempt: 1, type: "attempt" },
      { ...about, attempt: 1, type: "answer", status: 503, date, duration: expect.any(Number) },
      {
        ...about,
        attempt: 1,
        type: "failure",
        error: expect.objectContaining({ name: "HttpError", status: 503 }),
        willRetry: true,
      },
      { ...about, attempt: 1, type: "pause", delay: expect.any(Number) },
      { ...about, attempt: 2, type: "attempt" },
      { ...about, attempt: 2, type: "answer", status: 200, date: null, duration: expect.any(Number) },
    ]);
  });

  it("learns that the last failure is the last", async () => {
    const server = await scriptedServer({ status: 404 });
    const events: ClientEvent[] = [];
    const onEvent = (event: ClientEvent) => void events.push(event);
    await clientOf(server, { onEvent })
      .setAutoExtend(request)
      .catch(() => {});
    expect(events.map(({ type }) => type)).toEqual(["attempt", "answer", "failure"]);
    expect(events.at(-1)).toMatchObject({ willRetry: false });
  });

  it("gets no date if the answer has none", async () => {
    const server = await scriptedServer((response) => {
      response.sendDate = false;
      response.end(JSON.stringify(success));
    });
    const dates: unknown[] = [];
    const onEvent = (event: ClientEvent) => event.type === "answer" && dates.push(event.date);
    await clientOf(server, { onEvent }).setAutoExtend(request);
    expect(dates).toEqual([null]);
  });

  describe("never changes a call", () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);

    afterEach(() => {
      process.off("unhandledRejection", note);
    });

    it.each([
      [
        "by throwing",
        () => {
          throw new Error("listener");
        },
      ],
      ["by a promise that rejects", () => Promise.reject(new Error("listener"))],
      ["by a value of its own", () => "listener"],
    ])("%s", async (_, onEvent) => {
      process.on("unhandledRejection", note);
      const server = await scriptedServer({ body: success });
      await expect(clientOf(server, { onEvent }).setAutoExtend(request)).resolves.toEqual(success);
      // Unhandled rejections are reported after the microtasks of a turn.
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([]);
    });
  });
});
