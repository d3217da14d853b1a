// Stands for Pact, whose native library this repository does not install: prepares the states of a pact, sends its requests, and
// compares the answers as Pact does, which lets an object have more fields than are expected.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export class Verifier {
  #options;

  /** @param {Record<string, any>} options */
  constructor(options) {
    this.#options = options;
  }

  async verifyProvider() {
    const { pactUrls, provider, providerBaseUrl, beforeEach, stateHandlers } = this.#options;
    for (const file of pactUrls) {
      const pact = JSON.parse(readFileSync(file, "utf8"));
      assert.equal(pact.provider.name, provider);
      for (const { description, providerStates, request, response } of pact.interactions) {
        await beforeEach();
        for (const { name, params } of providerStates) await stateHandlers[name](params);
        const { method, path, headers, body } = request;
        const answer = await fetch(providerBaseUrl + path, { method, headers, body: JSON.stringify(body) });
        const answered = { status: answer.status, body: await answer.json() };
        assert.deepEqual(onlyExpected(answered, response), response, description);
      }
    }
  }
}

/**
 * @param {any} value
 * @param {any} expected
 * @returns {unknown}
 */
function onlyExpected(value, expected) {
  if (expected?.constructor !== Object) return value;
  return Object.fromEntries(
    Object.entries(expected).map(([name, each]) => [name, onlyExpected(value?.[name], each)]),
  );
}
