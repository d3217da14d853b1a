import { isAutoExtendError, isRequestError } from "@auto-extend/client";
import { proxyTypes, setAutoExtend } from "@auto-extend/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectNoKey, shownBy } from "../support/channels.js";
import { apiKey, clientOf, failure, nowhere, request, success } from "../support/fixtures.js";
import { anyCharacter, fuzzing } from "../support/fuzz.js";
import { rawServer } from "../support/raw-server.js";

const text = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.constantFrom(apiKey, encodeURIComponent(apiKey), "true", "__proto__"),
);
const json = fc.jsonValue({ maxDepth: 3 });

/** An envelope with some fields replaced, left out or added. */
const broken = fc
  .tuple(
    fc.constantFrom<object>(success, failure),
    fc.dictionary(fc.oneof(text, fc.constantFrom(...Object.keys(success))), json),
  )
  .map(([envelope, changes]) => ({ ...envelope, ...changes }));

const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  text,
  json.map((value) => JSON.stringify(value)),
  fc
    .oneof(
      broken,
      text.map((message) => ({ ...failure, error: { code: 4, message } })),
    )
    .map((value) => JSON.stringify(value)),
);

const status = fc.oneof(
  { weight: 3, arbitrary: fc.constant(200) },
  { weight: 2, arbitrary: fc.integer({ min: 200, max: 599 }) },
);

/** A `Response` with one of these must not have a body. */
const withoutBody = new Set([204, 205, 304]);

/** How a call ends: with a success that fits, or an error of the package that does not show the key. */
async function expectSoundEnd(call: Promise<unknown>): Promise<string> {
  let result: unknown;
  try {
    result = await call;
  } catch (error) {
    if (!isAutoExtendError(error)) throw error;
    expectNoKey(shownBy(error), apiKey);
    return error.name;
  }
  const answer = setAutoExtend.accepts.success.parse(result);
  expect(
    setAutoExtend
      .check(request, answer, { show: String, headers: {} })
      .filter(({ level }) => level === "accepts"),
  ).toEqual([]);
  return "success";
}

describe("whatever a server answers", () => {
  it("is a success that fits, or an error of ours without the key", async () => {
    let answer: () => Response;
    const client = clientOf(nowhere, { fetch: async () => answer() });
    const headers = fc.dictionary(
      fc.constantFrom("location", "retry-after", "content-type"),
      fc.oneof(fc.string(), fc.webUrl(), fc.constant(encodeURIComponent(apiKey))),
    );
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(status, headers, body, async (...[status, headers, body]) => {
        answer = () => new Response(withoutBody.has(status) ? null : body, { status, headers });
        ends.add(await expectSoundEnd(client.setAutoExtend(request)));
      }),
      fuzzing,
    );
    // What only ever ended in one way would prove little.
    expect([...ends]).toEqual(expect.arrayContaining(["success", "ApiError", "HttpError", "ContractError"]));
  });

  it("is an end in time, even where it is no HTTP", async () => {
    let answer: Uint8Array = new Uint8Array();
    const server = await rawServer((socket) => socket.end(answer));
    const client = clientOf(server, { timeout: 5_000 });
    const head = fc.constantFrom(
      "",
      "HTTP/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
    );
    await fc.assert(
      fc.asyncProperty(head, fc.uint8Array({ maxLength: 100 }), async (head, bytes) => {
        answer = Buffer.concat([Buffer.from(head), bytes]);
        expect(await expectSoundEnd(client.setAutoExtend(request))).not.toBe("TimeoutError");
      }),
      { ...fuzzing, numRuns: 100 },
    );
  });
});

describe("whatever the platform throws", () => {
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.anything(),
      text,
      fc
        .record(
          {
            message: text,
            code: fc.oneof(text, fc.integer()),
            cause: tie("tree"),
            errors: fc.array(tie("tree"), { maxLength: 3 }),
          },
          { requiredKeys: [] },
        )
        .map((fields) => Object.assign(new Error(), fields)),
    ),
  }));

  it("is a NetworkError without the key", async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (thrown) => {
        const client = clientOf(nowhere, { fetch: () => Promise.reject(thrown) });
        expect(await expectSoundEnd(client.setAutoExtend(request))).toBe("NetworkError");
      }),
      fuzzing,
    );
  });
});

describe("whatever is asked for", () => {
  it("is sent as it is, or refused and not sent", async () => {
    const bodies: unknown[] = [];
    const client = clientOf(nowhere, {
      fetch: async (_, init) => {
        bodies.push(init?.body);
        return new Response(JSON.stringify(failure));
      },
    });
    const input = fc.oneof(
      fc.anything(),
      fc
        .dictionary(fc.constantFrom("extra", ...Object.keys(request)), fc.anything())
        .map((changes) => ({ ...request, ...changes })),
      fc.record({
        proxyType: fc.constantFrom(...proxyTypes),
        orderIds: fc.array(text, { minLength: 1 }),
        rentPeriodDays: fc.integer({ min: 1 }),
        autoExtend: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(input, async (wanted) => {
        bodies.length = 0;
        // @ts-expect-error the types refuse most of it
        const error: unknown = await client.setAutoExtend(wanted).catch((thrown: unknown) => thrown);
        expect(bodies).toEqual(isRequestError(error) ? [] : [JSON.stringify(wanted)]);
      }),
      fuzzing,
    );
  });
});
