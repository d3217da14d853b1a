import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { skipN } from "pure-rand/utils/skipN";

/** Creates a source of random numbers that are the same for the same seed, which is any whole number. */
export function createGenerator(seed: number): ReturnType<typeof xoroshiro128plus> {
  const generator = xoroshiro128plus(seed);
  // Similar seeds start with similar numbers.
  skipN(generator, 64);
  return generator;
}

/** A random number from 0 up to but not including 1, always the same for the same text. */
export function fractionOf(text: string): number {
  return uniformFloat64(createGenerator(hashOf(text)));
}

/** A whole number of 32 bits, the same for the same text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  // FNV-1a, and then the end of MurmurHash3: FNV-1a alone gives similar hashes to texts that differ in the last letter.
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
