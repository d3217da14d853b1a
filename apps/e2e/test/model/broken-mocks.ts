import type { MockControls } from "@auto-extend/mock-server";
import { type Channel, channels, type Reached } from "./channels.js";

export interface BrokenMock {
  readonly mistake: string;
  /** In how many steps the judge is to show it, at most. */
  readonly most: number;
  breaks(reached: Reached): Partial<Reached>;
}

export const brokenMocks: readonly BrokenMock[] = [
  {
    mistake: "carries out requests that are lost on their way",
    most: 1,
    breaks: ({ call }) => ({
      async call(apiKey, request, prefer) {
        if (prefer.includes("lost-request")) await call(apiKey, request, "fault=none");
        return call(apiKey, request, prefer);
      },
    }),
  },
  {
    mistake: "takes no money for renewals",
    most: 2,
    breaks: ({ mock }) => ({ mock: { ...mock, state: withoutDebits(mock) } }),
  },
  {
    mistake: "counts orders that are listed twice",
    most: 1,
    breaks: ({ call }) => ({
      async call(apiKey, request, prefer) {
        const seen = await call(apiKey, request, prefer);
        const { orderIds } = request;
        const twice = Array.isArray(orderIds) && new Set(orderIds).size < orderIds.length;
        return seen.is === "success" && twice ? { ...seen, quantity: seen.quantity + 1 } : seen;
      },
    }),
  },
  {
    mistake: "gives two API keys one account",
    most: 2,
    breaks: ({ call }) => ({
      call: (apiKey, request, prefer) => call(apiKey === "key-4" ? "key-3" : apiKey, request, prefer),
    }),
  },
  {
    mistake: "lets faults strike once too often",
    most: 5,
    breaks: ({ mock }) => ({ mock: { ...mock, faults: strikingOnceMore(mock.faults) } }),
  },
  {
    mistake: "keeps faults when it is reset",
    most: 3,
    breaks: ({ mock }) => ({
      mock: {
        ...mock,
        reset(of) {
          const waiting = mock.faults.list();
          mock.reset(of);
          if (of !== undefined) return;
          for (const { fault, left } of waiting) mock.faults.add({ fault, times: left });
        },
      },
    }),
  },
];

export function wayTo({ mistake, breaks }: BrokenMock): Channel {
  const [channel] = channels;
  if (!channel) throw new Error("There is no channel that a mistake could be made in.");
  return {
    ...channel,
    name: `a mock that ${mistake}`,
    async start(options) {
      const reached = await channel.start(options);
      return { ...reached, ...breaks(reached) };
    },
  };
}

function withoutDebits(mock: MockControls): MockControls["state"] {
  const dropped = new Map<string, number>();
  mock.watch((event) => {
    if (event.type !== "renewal" || event.account === null) return;
    const { renewal, account } = event;
    if (renewal.type === "renewed") dropped.set(account, (dropped.get(account) ?? 0) + renewal.price);
  });
  return (of) => {
    const state = mock.state(of);
    for (const account of state.accounts) account.balance += dropped.get(account.id) ?? 0;
    return state;
  };
}

function strikingOnceMore(faults: MockControls["faults"]): MockControls["faults"] {
  return {
    ...faults,
    add: ({ times, ...order }, of) => faults.add({ ...order, times: times ? times + 1 : null }, of),
  };
}
