// Loaded into every Node program that a document or a recipe starts.
const dns = require("node:dns");
const { isIP } = require("node:net");
const { setFlagsFromString } = require("node:v8");

const { lookup } = dns;

// A mistake in a document must not reach the live server.
Object.assign(dns, {
  /** @param {string} name @param {readonly any[]} rest */
  lookup(name, ...rest) {
    if (name === "localhost" || isIP(name)) return Reflect.apply(lookup, dns, [name, ...rest]);
    rest.at(-1)(new Error(`The documents may not reach ${name} while they are tested.`));
  },
});

// Node parses HTTP in WebAssembly. Optimizing that takes longer than any of these programs runs.
setFlagsFromString("--liftoff-only");
