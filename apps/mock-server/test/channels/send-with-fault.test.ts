import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultSpec, type MockServer, startMockServer } from "../../src/index.js";

const { request, success } = specOf(setAutoExtend).examples.requests.IPv4;
const whole = JSON.stringify(success);
const half = whole.slice(0, whole.length >> 1);

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer();
});
afterAll(() => mock.close());

describe.concurrent("on a socket, an answer", () => {
  it("is sent whole without a fault, and leaves the connection open", async () => {
    expect(await hear()).toMatchObject({ end: "open", status: 200, body: whole });
  });

  // RST is an error to whoever reads, FIN is an end: `fetch` calls both a failure, other clients don't. Node calls an RST an
  // end, too, if this process was so busy that it sees it together with the data before it: then it is tried again.
  it.each([
    ["reset", "before", "reset", ""],
    ["reset", "middle", "reset", half],
    ["reset", "after", "reset", whole],
    ["closed", "before", "closed", ""],
    ["closed", "middle", "closed", half],
    ["closed", "after", "closed", whole],
    ["hang", "before", "open", ""],
    ["hang", "middle", "open", half],
  ] as const)("ends by %s, %s: %s", { retry: 3 }, async (preset, at, end, body) => {
    const isMute = preset === "hang" && at === "before";
    const heard = await hear({ preset, options: { at } } as FaultSpec, { isMute });
    expect(heard).toMatchObject({ end, body });
    // Nothing more is going to be sent.
    await expect.poll(() => mock.requests({ apiKey: heard.apiKey })[0]?.durationMs).not.toBeNull();
    // What breaks off has said that more was to come; of what ends before it begins there is not even a status.
    expect(heard.headers["content-length"]).toBe(at === "before" ? undefined : String(whole.length));
  });

  it.each(["lost-answer", "lost-request"] as const)(
    "that is lost ends as one that is closed before: %s",
    async (preset) => {
      expect(await hear({ preset })).toMatchObject({ end: "closed", status: undefined, body: "" });
    },
  );

  it("that is lost behind a late one, to requests that were sent together, ends the connection after that", async () => {
    const get = (prefer: string) =>
      `GET /client/api/v1/any-key/balance HTTP/1.1\r\nHost: localhost\r\nPrefer: fault=${prefer}\r\n\r\n`;
    const socket = connect(mock.port, "127.0.0.1");
    socket.write(get("slow; ms=20") + get("lost-answer"));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*"success":true[^{]*$/s);
  });

  it("can be compressed, with the right length", async () => {
    const { headers, bytes } = await hear({ preset: "gzip" });
    expect(headers).toMatchObject({ "content-encoding": "gzip", "content-length": String(bytes.length) });
    expect(String(gunzipSync(bytes))).toBe(whole);
  });

  it("can claim to be compressed", async () => {
    const { headers, body } = await hear({ preset: "gzip-broken" });
    expect(headers["content-encoding"]).toBe("gzip");
    expect(body).toBe(whole);
  });

  it("can be truncated unnoticeably: the length fits the half, and the connection stays open", async () => {
    const { headers, body, end } = await hear({ preset: "truncated" });
    expect({ body, end }).toEqual({ body: half, end: "open" });
    expect(headers["content-length"]).toBe(String(half.length));
  });

  it("does not begin before its delay is over", async () => {
    const { pieces, body } = await hear({ preset: "slow", options: { ms: 200 } });
    expect(body).toBe(whole);
    expect(pieces[0]?.at).toBeGreaterThanOrEqual(199);
  });

  it("that is late and then cut is cut late", async () => {
    const { took, end } = await hear({ fault: { delay: { ms: 200 }, cut: { how: "reset" } } });
    expect(end).toBe("reset");
    expect(took).toBeGreaterThanOrEqual(199);
  });

  it("drips in time: never more than the drops that were due, until all of it is there", async () => {
    const [size, ms] = [40, 40];
    const { pieces, body, headers } = await hear({ preset: "drip", options: { bytes: size, ms } });
    expect(body).toBe(whole);
    expect(headers["content-length"]).toBe(String(whole.length));
    expect(pieces.length).toBeGreaterThan(1);
    for (const { at, sofar } of pieces) {
      // Counted from the request, for a busy machine may hear of the first drop late. Timers keep whole
      // milliseconds, each may be one too early.
      const due = 1 + Math.floor(at / (ms - 1));
      expect(sofar).toBeLessThanOrEqual(due * size);
    }
  });
});

/** Everything that was received over a connection. */
interface Heard {
  /** RST, FIN, or neither within the time that was waited. */
  readonly end: "reset" | "closed" | "open";
  /** `undefined` where not even a status came. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly body: string;
  /** When something came, in milliseconds after the request was sent, and how much of the body was there then. */
  readonly pieces: readonly { readonly at: number; readonly sofar: number }[];
  /** How long it was until the end. */
  readonly took: number;
  readonly apiKey: string;
}

/** How long a connection must be silent to be called open, in milliseconds. */
const quietMs = 500;

/** The same before anything came where something will come: the longest that a busy machine may take. */
const longQuietMs = 20_000;

let calls = 0;

/**
 * Sends the documented request as bytes, with a fault queued for it, and listens until nothing more comes. `isMute` says
 * that nothing will come at all.
 */
async function hear(spec?: FaultSpec, { isMute = false } = {}): Promise<Heard> {
  calls += 1;
  const apiKey = `key-${calls}`;
  if (spec) mock.faults.add({ ...spec, times: 1 }, { apiKey });
  const sent = JSON.stringify(request);
  const path = setAutoExtend.path.replace("{apiKey}", apiKey);
  const socket = connect(mock.port, "127.0.0.1").setNoDelay(true);
  const came: { at: number; bytes: Buffer }[] = [];
  let silence: NodeJS.Timeout | undefined;
  const start = performance.now();
  const end = await new Promise<Heard["end"]>((resolve, reject) => {
    // What is on its way is heard before that, also if this process could not run for a while.
    silence = setTimeout(() => quiet(came.length, 100), isMute ? quietMs : longQuietMs);
    function quiet(pieces: number, turns: number): void {
      if (turns === 0) resolve("open");
      else if (pieces === came.length) setImmediate(quiet, pieces, turns - 1);
    }
    socket.on("data", (bytes: Buffer) => {
      came.push({ at: performance.now() - start, bytes });
      clearTimeout(silence);
      silence = setTimeout(() => quiet(came.length, 100), quietMs);
    });
    socket.on("end", () => resolve("closed"));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET") resolve("reset");
      else reject(error);
    });
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${sent.length}\r\n\r\n${sent}`,
    );
  });
  const took = performance.now() - start;
  clearTimeout(silence);
  socket.destroy();
  return { end, took, apiKey, ...read(came) };
}

function read(came: readonly { at: number; bytes: Buffer }[]): Omit<Heard, "end" | "took" | "apiKey"> {
  const all = Buffer.concat(came.map(({ bytes }) => bytes));
  const place = all.indexOf("\r\n\r\n");
  const begin = place === -1 ? all.length : place + 4;
  const [statusLine = "", ...lines] = String(all.subarray(0, begin)).trim().split("\r\n");
  const bytes = all.subarray(begin);
  let length = -begin;
  return {
    status: statusLine === "" ? undefined : Number(statusLine.split(" ")[1]),
    headers: Object.fromEntries(
      lines.map((line): [string, string] => {
        const [name = "", value = ""] = line.split(": ", 2);
        return [name.toLowerCase(), value];
      }),
    ),
    bytes,
    body: String(bytes),
    pieces: came.map(({ at, bytes: piece }) => {
      length += piece.length;
      return { at, sofar: length };
    }),
  };
}
