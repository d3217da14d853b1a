import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { skipN } from "pure-rand/utils/skipN";

/** Draws numbers from 0 up to, but without, 1: the same ones for the same seed. */
export type Random = () => number;

/** @param seed any whole number. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  // Seeds that are alike begin alike.
  skipN(generator, 64);
  return () => uniformFloat64(generator);
}
