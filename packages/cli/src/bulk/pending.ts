import type { PlacedId } from "./chunk-record.js";
import type { InputGroup } from "./input.js";
import type { Outcomes } from "./outcomes.js";

/** The order ids of a group that are to be sent, and which of them each chunk has taken. */
export interface Pending {
  /** The ids, to be iterated once. */
  ids(): AsyncGenerator<string, void, undefined>;
  /** What a chunk has taken, in its order; to be asked for once. */
  takenBy(chunk: { readonly index: number; readonly given: number }): readonly PlacedId[];
}

/** Leaves out of a group what is settled already. */
export function pendingOf(
  group: InputGroup,
  { outcomes, chunkSize }: { outcomes: Outcomes; chunkSize: number },
): Pending {
  const chunks = new Map<number, PlacedId[]>();

  async function* ids(): AsyncGenerator<string, void, undefined> {
    let place = -1;
    let given = 0;
    for await (const orderIds of group.ids()) {
      for (const orderId of orderIds) {
        place++;
        if (outcomes.isSettled(place)) continue;
        const index = Math.floor(given++ / chunkSize);
        const chunk = chunks.get(index) ?? [];
        chunks.set(index, chunk);
        chunk.push({ place, orderId });
        yield orderId;
      }
    }
  }

  return {
    ids,
    takenBy({ index, given }) {
      const taken = chunks.get(index) ?? [];
      chunks.delete(index);
      // One more may have been on its way when the run stopped.
      return taken.slice(0, given);
    },
  };
}
