import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What the server does with one request: refuse it by a code, another status, no answer, or what its orders ask for. */
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

/** What a provider would answer: refused orders fail a whole call, by the code of the first of them. */
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

/** Starts a server on loopback that knows orders, counts calls, and remembers what was switched. */
export async function orderServer({ codeOf = () => undefined, fate = () => null, delay }: Behaviour = {}) {
  const seen = { calls: [] as string[][], times: [] as number[], underWay: 0, most: 0 };
  const switched = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const sent: Sent = JSON.parse(Buffer.concat(chunks).toString());
      const call = seen.calls.push([...sent.orderIds]) - 1;
      seen.times.push(performance.now());
      seen.most = Math.max(seen.most, ++seen.underWay);
      if (delay) await new Promise((resolve) => setTimeout(resolve, delay(call)));
      seen.underWay--;
      const what = fate(sent.orderIds, call);
      if (what === "hang up") return void response.destroy();
      if (what !== null && !("code" in what)) {
        const headers = what.retryAfter === undefined ? {} : { "retry-after": String(what.retryAfter) };
        return void response.writeHead(what.status, headers).end();
      }
      const code = what?.code ?? sent.orderIds.map(codeOf).find((found) => found !== undefined);
      if (code === undefined) for (const id of sent.orderIds) switched.add(id);
      response.writeHead(what?.status ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answerTo(sent, code)));
    });
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
