import { inspect } from "node:util";
import { expect } from "vitest";

/** Everything that a value shows to those who print it, in one text. */
export function shownBy(value: unknown): string {
  const channels = [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    JSON.stringify(value),
  ];
  for (let error = value; error instanceof Error; error = error.cause) {
    channels.push(String(error), error.message, error.stack ?? "");
  }
  return channels.join("\n");
}

/** Fails where a text holds a key in any of the ways that it gets written. */
export function expectNoKey(text: string, apiKey: string): void {
  const encoded = encodeURIComponent(apiKey);
  const spellings = [
    apiKey,
    JSON.stringify(apiKey).slice(1, -1),
    encoded,
    encoded.replaceAll("'", "%27"),
    encodeURIComponent(encoded),
  ];
  for (const spelling of spellings) expect(text.toLowerCase()).not.toContain(spelling.toLowerCase());
}
