import { Agent, request } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { State, World } from "@auto-extend/mock-server";

/** The orders in which it is counted, each change in the next one. */
const counters = ["c-0", "c-1", "c-2", "c-3"];
/** The rental periods that are sold: a change stores the next one. */
const periods = Array.from({ length: 2_000 }, (_, index) => index + 1);

const apiKey = "counting-key";

/**
 * A world in which changes can be counted: the first sets order c-0 to a rental period of 1 day, the second c-1 to 2 days,
 * and so on, round and round. So each state shows how many changes it has seen, and whether it has seen them in order.
 *
 * @param ballast how many bytes more it has, so that writing it takes a while: in few long texts, since a mock reads them
 * faster than many orders.
 */
export function countingWorld(ballast: number): World {
  const order = (orderId: string, country: string) => ({
    orderId,
    proxyType: "IPv4" as const,
    endsAt: "+300d",
    ipAddresses: [{ ipAddressId: `${orderId}-0`, ip: "192.0.2.1", country }],
  });
  return {
    version: 1,
    accounts: [
      {
        id: "counted",
        apiKey,
        balance: 5,
        currency: "USD",
        rentPeriods: { IPv4: periods },
        orders: [
          ...counters.map((orderId) => order(orderId, "DE")),
          ...Array.from({ length: 100 }, (_, index) => order(`b-${index}`, "-".repeat(ballast / 100))),
        ],
      },
    ],
  };
}

/**
 * Makes one change after another until the mock is gone.
 *
 * @param before how many there were before.
 * @param onAnswer called after each of them.
 * @returns how many were answered.
 */
export async function changes(url: string, before: number, onAnswer?: () => void): Promise<number> {
  for (let answered = 0; ; answered += 1) {
    const number = before + answered + 1;
    const answer = await change(url, number);
    if (answer === null) return answered;
    if (!answer.success) throw new Error(`Change ${number} was refused.`);
    onAnswer?.();
    await sleep(8);
  }
}

export async function stateOf(url: string): Promise<State> {
  const response = await fetch(`${url}/__mock/state`);
  return (await response.json()) as State;
}

/** Makes a change; `null` where nobody answers. The first is number 1. */
async function change(url: string, number: number): Promise<{ success: boolean } | null> {
  const body = {
    proxyType: "IPv4",
    orderIds: [orderOf(number)],
    rentPeriodDays: periodOf(number),
    autoExtend: true,
  };
  try {
    const answer = await post(`${url}/client/api/v1/${apiKey}/extend/order/auto`, JSON.stringify(body));
    return answer as { success: boolean };
  } catch {
    return null;
  }
}

const agent = new Agent({ keepAlive: true });

/** Thousands of calls are made, and `fetch` would take more processor time than the mock. */
function post(url: string, body: string): Promise<unknown> {
  const options = { agent, method: "POST", headers: { "content-type": "application/json" } };
  return new Promise((resolve, reject) => {
    request(url, options, (response) => resolve(json(response)))
      .on("error", reject)
      .end(body);
  });
}

/**
 * How many changes a state has seen.
 *
 * @param most how many there can have been.
 * @returns `null` where no number of changes, one after another, leads to it.
 */
export function countedIn({ accounts }: State, most: number): number | null {
  const orders = accounts.find(({ id }) => id === "counted")?.orders ?? [];
  const seen = counters.map((wanted) => {
    const [address] = orders.find(({ orderId }) => orderId === wanted)?.ipAddresses ?? [];
    return address?.autoExtend ? address.rentPeriodDays : null;
  });
  // From the end on, for periods come back after a while.
  for (let number = most; number >= 0; number -= 1) {
    if (counters.every((_, index) => seen[index] === after(number, index))) return number;
  }
  return null;
}

/** The value of a counter after so many changes; `null` if it was never changed. */
function after(number: number, index: number): number | null {
  for (let last = number; last > number - counters.length && last > 0; last -= 1) {
    if (orderOf(last) === counters[index]) return periodOf(last);
  }
  return null;
}

function orderOf(number: number): string {
  return counters[(number - 1) % counters.length] ?? "";
}

function periodOf(number: number): number {
  return periods[(number - 1) % periods.length] ?? 0;
}
