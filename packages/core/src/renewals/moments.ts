/** An hour in milliseconds, the unit of every moment and span inside. */
export const hour = 3_600_000;

/** A day in milliseconds. */
export const day = 24 * hour;

/**
 * A moment in ISO 8601, in milliseconds since 1970.
 *
 * @throws RangeError where it is no date.
 */
export function readMoment(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new RangeError(`"${text}" is no date: give one such as 2030-01-31T12:00:00Z.`);
  return at;
}

/** Writes moments in ISO 8601; many orders end at the same one, and writing it is slow. */
export function createMomentWriter(): (at: number) => string {
  const written = new Map<number, string>();
  return (at) => {
    let text = written.get(at);
    if (text === undefined) {
      text = new Date(at).toISOString();
      written.set(at, text);
    }
    return text;
  };
}
