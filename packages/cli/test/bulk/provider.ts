import type { SetAutoExtendRequest } from "@auto-extend/core";
import type { Counts } from "../../src/switching/types.js";
import { answer, failure, serve, successFor } from "../support/server.js";

interface Behaviour {
  /** The code by which an order is refused; an order without one is switched. */
  readonly codeOf?: (orderId: string) => number | undefined;
  /** Handles a request before it is answered; `true` if it gets no other answer. */
  readonly before?: (request: SetAutoExtendRequest, number: number) => "hang up" | undefined;
}

/** Serves a provider that knows orders: one that it refuses fails a whole request. */
export async function provider({ codeOf = () => undefined, before }: Behaviour = {}) {
  const server = await serve((response, { body }, number) => {
    if (before?.(body, number) === "hang up") return response.destroy();
    const code = body.orderIds.map(codeOf).find((found) => found !== undefined);
    return answer(response, code === undefined ? successFor(body) : failure(code, `error ${code}`));
  });
  return {
    ...server,
    /** The IDs of each request, in the order in which they came. */
    get sent(): string[][] {
      return server.seen.map(({ body }) => [...body.orderIds]);
    },
  };
}

/** IDs from `first` on. */
export function ids(count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, index) => String(first + index));
}

/** Fails where an ID is lost or counted twice. */
export function addsUp(
  counts: Readonly<Record<"given" | "duplicates" | "notSent" | keyof Counts, number>>,
): boolean {
  const { given, duplicates, notSent, changed, unchanged, doneBefore, refused, unknown, notTried, differs } =
    counts;
  const sent = changed + unchanged + doneBefore + refused + unknown + notTried + differs;
  return sent + duplicates + notSent === given;
}
