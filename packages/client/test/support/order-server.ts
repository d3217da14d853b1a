import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { nowhere } from "../support/fixtures.js";

/** The fate of one request: a refusal by code, another status, no answer, or (`null`) the answer that its orders deserve. */
export type Fate =
  | { code: number; status?: number }
  | { status: number; retryAfter?: number }
  | "hang up"
  | null;

interface Sent {
  readonly proxyType: string;
  readonly rentPeriodDays: number;
  readonly orderIds: readonly string[];
}

interface Behaviour {
  /** The code by which an order is refused; an order without one is switched. */
  readonly codeOf?: (orderId: string) => number | undefined;
  readonly fate?: (orderIds: readonly string[], call: number) => Fate;
  /** How long an answer takes, in milliseconds. */
  readonly delay?: (call: number) => number;
}

/** The provider's answer. Refused orders fail a whole call, by the code of the first of them. */
export function answerTo({ proxyType, rentPeriodDays, orderIds }: Sent, code: number | undefined) {
  const common = { balance: 5, currency: "USD" };
  return code === undefined
    ? {
        ...common,
        success: true,
        proxyType,
        rentPeriodDays,
        quantity: orderIds.length,
        ipAddressIds: orderIds.map((id) => `ip-${id}`),
        error: null,
      }
    : {
        ...common,
        success: false,
        proxyType: null,
        rentPeriodDays: 0,
        quantity: 0,
        ipAddressIds: [],
        error: { code, message: `error ${code}` },
      };
}

/** A server that knows orders, counts calls, and remembers what was switched: it answers by a `fetch` of its own. */
export function orderFetch({ codeOf = () => undefined, fate = () => null, delay }: Behaviour = {}) {
  const seen = { calls: [] as string[][], times: [] as number[], underWay: 0, most: 0 };
  const switched = new Set<string>();

  /** The answer to a body; `null` if the connection breaks instead. */
  async function answer(body: string): Promise<Response | null> {
    const sent: Sent = JSON.parse(body);
    const call = seen.calls.push([...sent.orderIds]) - 1;
    seen.times.push(performance.now());
    seen.most = Math.max(seen.most, ++seen.underWay);
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay(call)));
    seen.underWay--;
    const chosen = fate(sent.orderIds, call);
    if (chosen === "hang up") return null;
    return chosen !== null && !("code" in chosen) ? withoutEnvelope(chosen) : envelope(sent, chosen);
  }

  function envelope(sent: Sent, chosen: { code: number; status?: number } | null): Response {
    const code = chosen?.code ?? sent.orderIds.map(codeOf).find((found) => found !== undefined);
    if (code === undefined) for (const id of sent.orderIds) switched.add(id);
    return Response.json(answerTo(sent, code), { status: chosen?.status ?? 200 });
  }

  const fetch: typeof globalThis.fetch = async (_, init) => {
    const response = await answer(String(init?.body));
    if (response) return response;
    throw new TypeError("fetch failed", {
      cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
    });
  };
  return { ...nowhere, seen, switched, answer, fetch };
}

function withoutEnvelope({ status, retryAfter }: { status: number; retryAfter?: number }): Response {
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return new Response(null, { status, headers });
}

/** The same on a socket of loopback, until the test is over. */
export async function orderServer(behaviour: Behaviour = {}) {
  const { seen, switched, answer } = orderFetch(behaviour);
  const server = createServer(async (request, response) => {
    const given = await answer(await text(request));
    if (!given) return void response.destroy();
    given.headers.forEach((value, name) => {
      response.setHeader(name, value);
    });
    response.writeHead(given.status).end(await given.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...{ seen, switched, close } };
}
