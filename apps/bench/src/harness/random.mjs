import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { skipN } from "pure-rand/utils/skipN";

/** @typedef {ReturnType<typeof createRandom>} Random */

/**
 * Draws the same values for the same seed, a whole number.
 *
 * @param {number} seed
 */
export function createRandom(seed) {
  const generator = xoroshiro128plus(seed);
  // Similar seeds start with similar numbers.
  skipN(generator, 64);
  const below = (/** @type {number} */ count) => uniformInt(generator, 0, count - 1);
  return {
    below,
    chance: (/** @type {number} */ share) => uniformFloat64(generator) < share,
    /** @template T @param {readonly T[]} items */
    of: (items) => /** @type {T} */ (items[below(items.length)]),
  };
}
