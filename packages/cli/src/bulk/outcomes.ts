/** What became of an order id that was given. */
export type OutcomeName = "changed" | "refused" | "unknown" | "not-tried" | "duplicate";

/** What became of an order id, and why. */
export interface Outcome {
  readonly name: OutcomeName;
  /** The provider's error code; `null` where there is none. */
  readonly code: number | null;
  /** What the provider or the client said; empty where nothing needs to be said. */
  readonly message: string;
}

/** How many order ids came to what; the five are all that were given. */
export type Counts = Readonly<Record<"changed" | "refused" | "unknown" | "notTried" | "duplicates", number>>;

/**
 * The outcomes of a group by the place of each order id in it: four bytes an id, for there may be millions. An id of
 * which nothing is known is not tried.
 */
export interface Outcomes {
  readonly count: number;
  at(place: number): Outcome;
  /** Whether an id needs not be sent again: it was changed, or can't ever be. */
  isSettled(place: number): boolean;
  /** How many ids are to be sent again. */
  open(): number;
  /**
   * Writes down an outcome. What was unknown stays so unless the order was changed, or is not there: the earlier call may
   * have been applied.
   */
  set(place: number, outcome: Outcome): void;
  counts(): Counts;
}

/** The reasons that outcomes share, each kept once. Groups of one run have them in common. */
export interface Reasons {
  /** The number of an outcome. */
  numberOf(outcome: Outcome): number;
  outcomeOf(number: number): Outcome;
}

/** More different messages than people read: those beyond it are told as one. */
const mostReasons = 20_000;
const longestMessage = 1000;

/** What an outcome says without a reason of its own; the first is that of an id of which nothing is known. */
const plain: readonly Outcome[] = (["not-tried", "changed", "duplicate"] as const).map((name) => ({
  name,
  code: null,
  message: "",
}));

/** Makes the reasons, none at first. */
export function createReasons(): Reasons {
  const outcomes = [...plain];
  const numbers = new Map(outcomes.map((outcome, number) => [keyOf(outcome), number]));

  function numberOf(outcome: Outcome): number {
    const shortened = { ...outcome, message: outcome.message.slice(0, longestMessage) };
    const known = numbers.get(keyOf(shortened));
    if (known !== undefined) return known;
    if (outcomes.length >= mostReasons) {
      const { name, code } = shortened;
      return keep({ name, code, message: "(one message of too many to keep them all)" });
    }
    return keep(shortened);
  }

  function keep(outcome: Outcome): number {
    const key = keyOf(outcome);
    const number = numbers.get(key) ?? outcomes.push(outcome) - 1;
    numbers.set(key, number);
    return number;
  }

  return { numberOf, outcomeOf: (number) => outcomes[number] as Outcome };
}

/** Makes the outcomes of a group, all not tried at first. */
export function createOutcomes(count: number, reasons: Reasons): Outcomes {
  const numbers = new Uint32Array(count);
  const tally: Record<OutcomeName, number> = {
    changed: 0,
    refused: 0,
    unknown: 0,
    "not-tried": count,
    duplicate: 0,
  };
  let open = count;
  const at = (place: number) => reasons.outcomeOf(numbers[place] as number);

  function set(place: number, outcome: Outcome): void {
    const before = at(place);
    const after = combined(before, outcome);
    tally[before.name]--;
    tally[after.name]++;
    open += Number(isSettled(before)) - Number(isSettled(after));
    numbers[place] = reasons.numberOf(after);
  }

  return {
    count,
    at,
    isSettled: (place) => isSettled(at(place)),
    open: () => open,
    set,
    counts: () => ({
      changed: tally.changed,
      refused: tally.refused,
      unknown: tally.unknown,
      notTried: tally["not-tried"],
      duplicates: tally.duplicate,
    }),
  };
}

/** The sums of several counts. */
export function sumOfCounts(all: readonly Counts[]): Counts {
  const sum = (name: keyof Counts) => all.reduce((total, counts) => total + counts[name], 0);
  return {
    changed: sum("changed"),
    refused: sum("refused"),
    unknown: sum("unknown"),
    notTried: sum("notTried"),
    duplicates: sum("duplicates"),
  };
}

/** The provider knows no such order (sibling): it won't the next time. */
const noSuchOrder = 29;

/** Any other refusal may pass, be it that the provider had a bad moment, or that somebody puts right what it minds. */
function isSettled({ name, code }: Outcome): boolean {
  if (name === "refused") return code === noSuchOrder || code === null;
  return name === "changed" || name === "duplicate";
}

function combined(before: Outcome, after: Outcome): Outcome {
  if (before.name !== "unknown" || after.name === "changed" || after.name === "unknown") return after;
  if (after.name !== "refused") return before;
  if (isSettled(after)) return after;
  const earlier = "An earlier call of it may have been applied; now it was refused";
  return { ...after, name: "unknown", message: `${earlier}: ${after.message}` };
}

function keyOf({ name, code, message }: Outcome): string {
  return `${name} ${code} ${message}`;
}
