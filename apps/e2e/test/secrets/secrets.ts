import { expect } from "vitest";

/** API keys that must turn up nowhere but in the URLs of requests: a plain one, and one that changes when encoded. */
export const canaries = ["canary-9f8e7d6c5b4a", "canary/9f8e 7d6c%5b+4a"];

/** Every spelling in which a canary would be one. */
const sightings = canaries.flatMap((key) => [
  key,
  encodeURIComponent(key),
  JSON.stringify(key).slice(1, -1),
  btoa(key),
]);

/** Fails where a canary is in one of the texts, in any spelling. */
export function expectNoCanary(...texts: string[]): void {
  for (const text of texts) for (const sighting of sightings) expect(text).not.toContain(sighting);
}
