/** A listener whose errors are ignored, those of an async one as well: they must not change what the mock does, or end it. */
export function withoutErrors<Given extends unknown[]>(
  listener: (...given: Given) => unknown,
): (...given: Given) => void {
  return (...given) => {
    try {
      const result = listener(...given);
      if (typeof result === "object") Promise.resolve(result).catch(() => {});
    } catch {
      // Nobody is to hear of it.
    }
  };
}
