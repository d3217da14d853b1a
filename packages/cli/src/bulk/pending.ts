import type { InputGroup } from "./input.js";
import type { Outcomes } from "./outcomes.js";
import type { PlacedId } from "./places.js";

/** The order ids of a group that are to be sent, and which of them each chunk has taken. */
export interface Pending {
  /** The ids, to be iterated once. */
  ids(): AsyncGenerator<string, void, undefined>;
  /** What a chunk has taken, in its order; to be asked for once. */
  takenBy(chunk: { readonly index: number; readonly given: number }): readonly PlacedId[];
  /** What was begun, and taken by no chunk after all; to be asked for at the end. */
  left(): Promise<readonly PlacedId[]>;
}

/** What {@link pendingOf} needs beside the group. */
interface PendingContext {
  readonly outcomes: Outcomes;
  readonly chunkSize: number;
  /** Is told of each chunk before the last id of it is handed over; where it answers `false`, that and all others are not. */
  readonly begin?: (taken: readonly PlacedId[]) => Promise<boolean>;
}

/** Leaves out of a group what is settled already. */
export function pendingOf(
  group: InputGroup,
  { outcomes, chunkSize, begin = async () => true }: PendingContext,
): Pending {
  const chunks = new Map<number, PlacedId[]>();
  const begun = new Map<number, readonly PlacedId[]>();
  const dropped: PlacedId[] = [];
  let beginning: Promise<boolean> = Promise.resolve(true);

  async function* ids(): AsyncGenerator<string, void, undefined> {
    let place = -1;
    let index = -1;
    let chunk: PlacedId[] = [];
    for await (const orderIds of group.ids()) {
      for (const orderId of orderIds) {
        place++;
        if (outcomes.isSettled(place)) continue;
        if (chunk.length % chunkSize === 0) {
          chunk = [];
          chunks.set(++index, chunk);
        }
        chunk.push({ place, orderId });
        if (chunk.length === chunkSize && !(await beginChunk(index, chunk))) return;
        yield orderId;
      }
    }
    if (chunk.length % chunkSize > 0) await beginChunk(index, chunk);
  }

  function beginChunk(index: number, chunk: readonly PlacedId[]): Promise<boolean> {
    begun.set(index, chunk);
    beginning = begin(chunk);
    return beginning;
  }

  return {
    ids,
    takenBy({ index, given }) {
      const taken = chunks.get(index) ?? [];
      chunks.delete(index);
      // One more may have been on its way when the run stopped.
      if (begun.delete(index)) dropped.push(...taken.slice(given));
      return taken.slice(0, given);
    },
    async left() {
      await beginning;
      return [...dropped, ...[...begun.values()].flat()];
    },
  };
}
