import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { nameOfGroup } from "./groups.js";

/** The first line of a ledger: which run it is about. */
export const ledgerHeader = z
  .object({
    /** The version of the format. */
    ledger: z.literal(1),
    at: z.string(),
    /** The version of the program. */
    version: z.string(),
    command: z.enum(["on", "off"]),
    autoExtend: z.boolean(),
    host: z.string(),
    digest: z.string(),
    given: z.number().int(),
    chunkSize: z.number().int(),
    groups: z.array(
      z.object({ proxyType: z.enum(proxyTypes), rentPeriodDays: z.number(), count: z.number() }).strict(),
    ),
  })
  .strict();

/** Which run a ledger is about. */
export type LedgerHeader = z.infer<typeof ledgerHeader>;

/** How many groups that differ are named. */
const mostNamed = 3;

/** What keeps a run from going on with a ledger, as ends of a sentence about the ledger; empty where nothing does. */
export function headerDifferences(found: LedgerHeader, expected: LedgerHeader): string[] {
  return [
    ...(found.command === expected.command ? [] : [`it switched ${found.command}, not ${expected.command}`]),
    ...(found.host === expected.host ? [] : [`it talked to ${found.host}, not ${expected.host}`]),
    ...(found.digest === expected.digest ? [] : inputDifferences(found, expected)),
  ];
}

function inputDifferences(found: LedgerHeader, expected: LedgerHeader): string[] {
  const [then, now] = [countsOf(found), countsOf(expected)];
  const different = [...new Set([...then.keys(), ...now.keys()])].filter(
    (name) => then.get(name) !== now.get(name),
  );
  if (different.length === 0) {
    return [
      `it had as many order ids of each type and period, but other ones, or in another order (digest ${shortened(found)}, not ${shortened(expected)})`,
    ];
  }
  const named = different
    .slice(0, mostNamed)
    .map((name) => `${then.get(name) ?? 0} of ${name}, not ${now.get(name) ?? 0}`);
  const more = different.length - named.length;
  return [
    ...(found.given === expected.given ? [] : [`it had ${found.given} order ids, not ${expected.given}`]),
    `it had ${named.join("; ")}${more > 0 ? `; and ${more} more types or periods differ` : ""}`,
  ];
}

function countsOf({ groups }: LedgerHeader): Map<string, number> {
  return new Map(groups.map((group) => [nameOfGroup(group), group.count]));
}

function shortened({ digest }: LedgerHeader): string {
  return digest.slice(0, 12);
}
