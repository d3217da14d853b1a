import { createClient, isApiError, isHttpError, isNetworkError } from "@auto-extend/client";
import { fillPath, type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import {
  createApp,
  createMockFetch,
  type MockControls,
  startMockServer,
  type World,
} from "@auto-extend/mock-server";
import { createMockHandlers } from "@auto-extend/mock-server/msw";
import { setupServer } from "msw/node";
import { fetchFrom } from "../conformance/listener-fetch.js";
import type { Seen } from "./model.js";

/** A way to reach a mock: one row for each. */
export interface Channel {
  readonly name: string;
  /** How many sequences it is tried with, usually. */
  readonly runs: number;
  start(options: { world: World; now: () => number }): Promise<Reached>;
}

export interface Reached {
  readonly mock: MockControls;
  call(apiKey: string, request: Readonly<Record<string, unknown>>, prefer: string): Promise<Seen>;
  /** Whether a request leaves at all. */
  sends(request: Readonly<Record<string, unknown>>): boolean;
  close(): Promise<void>;
}

export const channels: readonly Channel[] = [
  {
    name: "a mock fetch",
    runs: 120,
    async start(options) {
      const mock = createMockFetch(options);
      return { mock, ...calledBy(mock, nowhere), close: async () => {} };
    },
  },
  {
    name: "a socket",
    runs: 30,
    async start(options) {
      const mock = await startMockServer(options);
      return { mock, ...calledBy(fetch, mock.url), close: () => mock.close() };
    },
  },
  {
    name: "supertest",
    runs: 30,
    async start(options) {
      const mock = createApp(options);
      return { mock, ...calledBy(fetchFrom(mock), nowhere), close: async () => {} };
    },
  },
  {
    name: "MSW",
    runs: 30,
    async start(options) {
      const { handlers, ...mock } = createMockHandlers(options);
      const interception = setupServer(...handlers);
      interception.listen({ onUnhandledRequest: "error" });
      return {
        mock,
        ...calledBy(fetch, "https://provider.example"),
        close: async () => interception.close(),
      };
    },
  },
  {
    name: "our client, over a socket",
    runs: 30,
    async start(options) {
      const mock = await startMockServer(options);
      return { mock, ...clientOf(mock.url), close: () => mock.close() };
    },
  },
];

/** For what takes a URL and asks no network. */
const nowhere = "http://127.0.0.1";

function calledBy(fetcher: typeof fetch, baseUrl: string): Pick<Reached, "call" | "sends"> {
  return {
    sends: () => true,
    async call(apiKey, request, prefer) {
      let status: number;
      let text: string;
      try {
        const response = await fetcher(baseUrl + fillPath(setAutoExtend.path, { apiKey }), {
          method: setAutoExtend.method,
          headers: { "content-type": "application/json", ...(prefer === "" ? {} : { prefer }) },
          body: JSON.stringify(request),
        });
        status = response.status;
        text = await response.text();
      } catch {
        return { is: "nothing" };
      }
      return status === 200 ? seenIn(JSON.parse(text)) : { is: "page", status };
    },
  };
}

function clientOf(baseUrl: string): Pick<Reached, "call" | "sends"> {
  return {
    // It sends nothing that the contract says is wrong.
    sends: (request) => setAutoExtend.request.safeParse(request).success,
    async call(apiKey, request, prefer) {
      const client = createClient({
        apiKey,
        baseUrl,
        retry: false,
        fetch: (url, init) => {
          const headers = new Headers(init?.headers);
          if (prefer !== "") headers.set("prefer", prefer);
          return fetch(url, { ...init, headers });
        },
      });
      try {
        return seenIn(await client.setAutoExtend(request as SetAutoExtendRequest));
      } catch (error) {
        if (isApiError(error)) return { is: "refused", code: error.code, balance: error.balance };
        if (isHttpError(error)) return { is: "page", status: error.status };
        if (isNetworkError(error)) return { is: "nothing" };
        throw error;
      }
    },
  };
}

interface Envelope {
  readonly success: boolean;
  readonly proxyType?: unknown;
  readonly rentPeriodDays?: unknown;
  readonly quantity?: number;
  readonly ipAddressIds?: readonly string[] | null | undefined;
  readonly orderIds?: readonly string[] | null | undefined;
  readonly balance?: number | null | undefined;
  readonly error?: { readonly code: number } | null | undefined;
}

function seenIn(envelope: Envelope): Seen {
  const {
    success,
    proxyType,
    rentPeriodDays,
    quantity = 0,
    ipAddressIds,
    orderIds,
    balance = null,
    error,
  } = envelope;
  if (!success) return { is: "refused", code: error?.code ?? 0, balance };
  const list = { ...(ipAddressIds ? { ipAddressIds } : {}), ...(orderIds ? { orderIds } : {}) };
  return { is: "success", proxyType, rentPeriodDays, quantity, ...list, balance };
}
