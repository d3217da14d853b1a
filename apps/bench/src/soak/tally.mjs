/** How many unexpected answers are kept, of one kind as well, and how many end a soak. */
const [mostKept, mostOfKind, mostBorne] = [10, 3, 1_000];

/** @typedef {ReturnType<typeof createTally>} Tally */

/** Counts what was asked, and what came that should not. */
export function createTally() {
  const kinds = new Map();
  const faults = new Map();
  const kept = [];
  let requests = 0;
  let wrong = 0;
  return {
    count(kind) {
      requests += 1;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    },
    /** Counts a fault, and by what it was asked for. */
    fault(preset, by) {
      const counts = faults.get(preset) ?? { header: 0, "order id": 0, "API key": 0, "control API": 0 };
      counts[by] += 1;
      faults.set(preset, counts);
    },
    unexpected(kind, what, request = "") {
      wrong += 1;
      const ofKind = kept.filter((each) => each.kind === kind).length;
      if (kept.length >= mostKept || ofKind >= mostOfKind) return;
      kept.push({ kind, what: what.slice(0, 600), request: request.slice(0, 600) });
    },
    get requests() {
      return requests;
    },
    get wrong() {
      return wrong;
    },
    get isHopeless() {
      return wrong >= mostBorne;
    },
    kinds,
    faults,
    kept,
  };
}
