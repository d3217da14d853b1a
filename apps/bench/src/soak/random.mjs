/**
 * Draws numbers: the same ones for the same seed.
 *
 * @param {number} seed a whole number
 */
export function createRandom(seed) {
  let state = seed >>> 0;

  /** From 0 up to, but without, 1 (mulberry32). */
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  const below = (count) => Math.floor(next() * count);
  return {
    below,
    chance: (share) => next() < share,
    /** @template T @param {readonly T[]} items @returns {T} */
    of: (items) => items[below(items.length)],
  };
}
