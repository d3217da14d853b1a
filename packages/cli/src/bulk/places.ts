import { z } from "zod/v3";

/** The place of an order id among those of its group, from 0 on. */
export const place = z.number().int().nonnegative();

/** The first and the last of places that follow each other. */
export const ranges = z.array(z.tuple([place, place]));

/** Places, those that follow each other taken together. */
export type Ranges = z.infer<typeof ranges>;

/** An order id, and its place in its group. */
export interface PlacedId {
  readonly place: number;
  readonly orderId: string;
}

/** The places of order ids, in their order. */
export function rangesOf(taken: readonly PlacedId[]): Ranges {
  const found: Ranges = [];
  for (const { place } of taken) {
    const last = found.at(-1);
    if (last && last[1] === place - 1) last[1] = place;
    else found.push([place, place]);
  }
  return found;
}

/** Whether all places are among so many. */
export function areWithin(found: Ranges, count: number): boolean {
  return found.every(([from, to]) => from <= to && to < count);
}

/** The places one by one. */
export function* placesIn(found: Ranges): Generator<number, void, undefined> {
  for (const [from, to] of found) for (let place = from; place <= to; place++) yield place;
}
