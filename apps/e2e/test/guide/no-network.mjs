// Loaded into every program that a document starts: a mistake in a document must not reach the live server.
import dns from "node:dns";
import { isIP } from "node:net";

const { lookup } = dns;

Object.assign(dns, {
  /** @param {string} name @param {readonly any[]} rest */
  lookup(name, ...rest) {
    if (name === "localhost" || isIP(name)) return Reflect.apply(lookup, dns, [name, ...rest]);
    rest.at(-1)(new Error(`The documents may not reach ${name} while they are tested.`));
  },
});
