// Answers that differ from an example in one place, and what the contract says about them.
import { type Operation, operations } from "@auto-extend/core";
import { readDocument } from "./document.js";
import { type Pair, pairsOf } from "./pairs.js";

export interface AlteredAnswer {
  readonly change: string;
  readonly json: unknown;
  readonly isLawful: boolean;
}

type Json = Record<string, unknown>;

/** The values that are tried in every place, one of each kind. */
const values: readonly unknown[] = [null, true, false, -1.5, "wrong", [-1.5], { more: 1 }];

/** The first success and the first failure by each schema: some operations have the same answers. */
export function oneOfEachBranch(): Pair[] {
  const seen = new Set<string>();
  return pairsOf(readDocument()).filter(({ schema, answer }) => {
    const branch = `${JSON.stringify(schema)} ${(answer as { success: boolean }).success}`;
    return !seen.has(branch) && seen.add(branch);
  });
}

/** An answer with each of its fields, and of those of its error, missing or replaced; and with fields that nobody knows. */
export function alteredAnswers({ operationId, answer }: Pair): AlteredAnswer[] {
  const { lawful } = operationOf(operationId);
  const { error, ...rest } = answer as Json;
  const alterations = [
    ...altered({ ...rest, error }, ""),
    ...(error ? altered(error as Json, "error.").map(inError) : []),
    { change: "another field", json: { ...rest, error, more: { of: 1 } } },
    { change: "nothing but one field", json: { more: 1 } },
    ...[null, [], "wrong"].map((json) => ({ change: `not an object: ${JSON.stringify(json)}`, json })),
  ];
  return alterations.map(({ change, json }) => ({
    change,
    json,
    isLawful: [lawful.success, lawful.failure].some((schema) => schema.safeParse(json).success),
  }));

  function inError({ change, json }: { change: string; json: unknown }) {
    return { change, json: { ...rest, error: json } };
  }
}

function altered(whole: Json, prefix: string) {
  return Object.keys(whole).flatMap((field) => {
    const { [field]: given, ...rest } = whole;
    const others = values.filter((value) => JSON.stringify(value) !== JSON.stringify(given));
    return [
      { change: `${prefix}${field} is missing`, json: rest },
      ...others.map((value) => ({
        change: `${prefix}${field} is ${JSON.stringify(value)}`,
        json: { ...rest, [field]: value },
      })),
    ];
  });
}

function operationOf(id: string): Operation {
  const found = operations.find((operation) => operation.id === id);
  if (!found) throw new RangeError(`The contract has no operation "${id}".`);
  return found;
}
