import { expect, it, vi } from "vitest";
import type { LogEntry } from "../src/api.ts";

// The page knows the mock's address from its own.
vi.stubGlobal("document", { baseURI: "http://127.0.0.1:4010/" });
vi.stubGlobal("sessionStorage", { getItem: () => "a-token" });
const {
  answerMarksOf,
  badgeOf,
  curlNote,
  curlOf,
  headlineOf,
  headOf,
  kindOf,
  marksOf,
  operationText,
  shellWord,
  reasonOf,
  searchTextOf,
  subjectOf,
} = await import("../src/requests/reading.ts");
const { linesOf } = await import("../src/ui/json.tsx");

const done: LogEntry = {
  id: "request-1",
  at: "2030-01-01T00:00:00.000Z",
  arrivedAt: "2026-11-01T00:00:00.000Z",
  durationMs: 1,
  origin: "client",
  account: "account-1",
  operation: "setAutoExtend",
  method: "POST",
  path: "/client/api/v1/[redacted]/extend/order/auto",
  sent: { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true },
  sentHeaders: { "content-type": "application/json" },
  decided: { outcome: "done", statement: null, code: null, why: "it is on", satisfied: 5, ignored: [] },
  fault: null,
  status: 200,
  answered: { success: true },
  answerHeaders: {},
};
const refused: LogEntry = {
  ...done,
  decided: {
    ...done.decided,
    outcome: "refused",
    code: 29,
    why: 'orderIds[1]: this account has no order "x"',
    issues: [{ path: "orderIds[1]", message: 'this account has no order "x"', expected: "an order" }],
  },
  answered: { success: false, error: { code: 29, message: "Incorrect orderIds" } },
};
const faulted: LogEntry = {
  ...done,
  sentHeaders: { "content-type": "text/plain", prefer: "fault=slow; ms=50" },
  fault: { triggers: [{ name: "slow", by: "header" }], fault: {}, delivered: "after 50 ms" },
};

it("says what a request was about", () => {
  expect(subjectOf(done)).toBe("IPv4 · on · 30 d · 11111");
  expect(subjectOf({ ...done, sent: "{ nonsense" })).toBe("unreadable body");
  expect(subjectOf({ ...done, sent: { orderIds: ["1", "2"], autoExtend: "yes" } })).toBe('"yes" · 2 orders');
  const unknown = { ...done, operation: null };
  expect(subjectOf({ ...unknown, path: `${done.path}s` })).toBe("POST \u2026/extend/order/autos");
  for (const path of [
    "/nowhere",
    "/api/v1/[redacted]/extend/order/auto",
    "/client/api/v2/[redacted]/balance",
  ])
    expect(subjectOf({ ...unknown, path })).toBe(`POST ${path.replace("[redacted]", "{apiKey}")}`);
});

type Issue = NonNullable<LogEntry["decided"]["issues"]>[number];

const problem = (issue: Issue, change: Partial<LogEntry> = {}): LogEntry => ({
  ...done,
  ...change,
  decided: { ...done.decided, outcome: "problem", why: "A sentence.", issues: [issue] },
});

it("says what is wrong with the method or the path", () => {
  const method: Issue = { part: "method", path: "", message: "only POST is allowed", expected: "POST" };
  const methodless = problem(method, { operation: null, method: "GET" });
  expect(operationText(methodless)).toBe("Wrong method");
  expect(headOf(methodless)[0]?.note).toBe("should be POST");
  const noKey: Issue = { part: "path", path: "apiKey", message: "the path has no API key", expected: "" };
  const keyless = problem(noKey, { operation: null, path: "/client/api/v1/extend/order/auto" });
  expect(operationText(keyless)).toBe("Unknown path");
  expect(subjectOf(keyless)).toBe("POST /client/api/v1/extend/order/auto");
  expect(headOf(keyless)[0]).toEqual({
    text: "POST /client/api/v1/extend/order/auto",
    note: "the path has no API key",
  });
  expect(reasonOf(keyless)).toBe("the path has no API key");
  // Another start is shown in both lines.
  const near = "GET /client/api/v1/{apiKey}/balance";
  const otherStart = problem(
    { part: "path", path: "", message: `the nearest path is "${near}"`, expected: near },
    { operation: null, path: "/client/api/v2/[redacted]/balance" },
  );
  expect(subjectOf(otherStart)).toBe("POST /client/api/v2/{apiKey}/balance");
  expect(reasonOf(otherStart)).toBe(`the nearest path is "${near}"`);
  // The list of all paths would make all of these look alike, and be found by the name of any of them.
  const unknown = problem(
    { part: "path", path: "", message: "no operation has this path", expected: "one of GET /x, GET /y" },
    { operation: null },
  );
  expect(reasonOf(unknown)).toBe("no operation has this path");
  expect(searchTextOf(unknown)).not.toContain("/x");
});

it("says how it ended", () => {
  expect([done, refused, faulted].map(kindOf)).toEqual(["done", "refused", "faulted"]);
  expect(headlineOf(done, 1)).toBe("Done: 1 order changed");
  expect(headlineOf(done, 0)).toBe("Done: nothing had to change");
  expect(headlineOf(refused, 0)).toBe("Refused: error 29, Incorrect orderIds");
  expect(reasonOf(faulted)).toBe("slow: after 50 ms");
  expect(badgeOf(faulted)).toEqual(["Fault", "HTTP 200"]);
  expect(badgeOf({ ...faulted, answered: refused.answered })).toEqual(["Fault", "error 29"]);
  expect(marksOf(refused)).toEqual([{ path: "orderIds[1]", note: "should be an order" }]);
  expect(marksOf(done)).toEqual([]);
  const whole = "should be a JSON object";
  for (const sent of [null, [], 7])
    expect(marksOf({ ...refused, sent })).toEqual([{ path: "", note: whole }]);
  expect(marksOf({ ...refused, sent: "text" })).toEqual([{ path: "line 1", note: whole }]);
});

it("marks every place that is wrong, and says how many more there are", () => {
  const wrong = (path: string, message: string, expected: string) => ({ path, message, expected });
  const issues = [
    wrong("orderIds[1]", "no order", "an order"),
    wrong("orderIds[3]", "no order", "an order"),
    wrong("orderIds", "6 more are wrong", ""),
  ];
  const sent = { orderIds: Array.from({ length: 10 }, (_, index) => `id-${index}`) };
  const marked = linesOf(sent, marksOf({ ...refused, sent, decided: { ...refused.decided, issues } }));
  expect(marked.filter(({ note }) => note).map(({ text, note }) => `${text} ${note}`)).toEqual([
    "[ 6 more are wrong",
    '"id-1", should be an order',
    '"id-3", should be an order',
  ]);
});

it("shows and copies a body as it was sent, or says that it does not", () => {
  const text = JSON.stringify(JSON.stringify(done.sent));
  const twice = {
    ...refused,
    sent: JSON.stringify(done.sent),
    sentText: text,
    sentNote: "It is a JSON string.",
  };
  expect(subjectOf(twice)).toBe("a JSON string");
  expect(curlOf(twice)).toContain(`--data-raw '${text}'`);
  expect(marksOf(twice)).toEqual([{ path: "line 1", note: "should be a JSON object, not a string" }]);
  const asSent = "Copied as curl. Set API_KEY: the key is not in the log.";
  expect(curlNote(twice)).toBe(asSent);
  const large = { ...done, sent: "", sentNote: "It was not read." };
  expect(subjectOf(large)).toBe("a body that was not read");
  expect(curlNote(large)).toBe(`${asSent} This is not what was sent. It was not read.`);
  const removed = { ...done, path: "/robots.txt", sent: { apiKey: "[redacted]" } };
  expect(curlNote(removed)).toBe(
    "Copied as curl. This is not what was sent. Secrets in the body were removed.",
  );
  expect([null, [], 7, ""].map((sent) => subjectOf({ ...done, sent }))).toEqual([
    "null",
    "a list",
    "7",
    "no body",
  ]);
});

it("names the header that is at fault, also if it is missing", () => {
  const header = (path: string, sentHeaders: LogEntry["sentHeaders"]) =>
    problem({ part: "header", path, message: "it is wrong", expected: "right" }, { sentHeaders });
  const type = { "content-type": "text/plain" };
  expect(subjectOf(header("content-type", type))).toBe("text/plain");
  expect(headOf(header("content-type", type))).toEqual([
    { text: "content-type: text/plain", note: "should be right" },
  ]);
  expect(headOf(header("content-encoding", { ...type, "content-encoding": "gzip" }))).toEqual([
    { dim: "content-type: text/plain" },
    { text: "content-encoding: gzip", note: "should be right" },
  ]);
  expect(headOf(header("content-type", {}))).toEqual([
    { text: "content-type: missing", note: "should be right" },
  ]);
  expect(marksOf(header("content-type", {}))).toEqual([]);
});

it("distinguishes a fault that struck and a limit that let the request through", () => {
  const fault = (name: string, delivered: string) => ({
    triggers: [{ name, by: "queue" as const }],
    fault: {},
    delivered,
  });
  expect(kindOf({ ...done, fault: fault("limit", "") })).toBe("done");
  expect(kindOf({ ...done, fault: fault("limit-concurrent", "after 200 ms") })).toBe("faulted");
  expect(kindOf({ ...done, fault: fault("drift-quantity", "") })).toBe("faulted");
  const over = { ...done.decided, outcome: "faulted" as const };
  expect(kindOf({ ...done, decided: over, fault: fault("limit", "") })).toBe("faulted");
  const forced = {
    ...refused,
    decided: { ...refused.decided, statement: "fault/error" },
    fault: fault("error", ""),
  };
  expect(headlineOf(forced, 0)).toBe("Refused by the fault error: error 29, Incorrect orderIds");
});

it("marks what the next rules would refuse, also if it is missing", () => {
  const issue = (path: string) => ({ path, message: "is missing", expected: "right" });
  const decided = { ...refused.decided, issues: [issue("orderIds")], later: [issue("autoExtend")] };
  const lines = linesOf({ proxyType: "IPv4" }, marksOf({ ...refused, sent: { proxyType: "IPv4" }, decided }));
  expect(lines.filter(({ note }) => note)).toEqual([
    { dim: '  "orderIds": ', text: "missing", note: "should be right" },
    { dim: '  "autoExtend": ', text: "missing", note: "refused next: should be right" },
  ]);
});

it("marks what faults made of the answer, and says what it was without them", () => {
  const answer = (answered: unknown, altered: readonly { path: string; usual?: unknown }[]) => {
    const entry = { ...faulted, answered, fault: { ...faulted.fault, altered } } as LogEntry;
    return linesOf(answered, answerMarksOf(entry)).filter(({ note }) => note);
  };
  const altered = [
    { path: "error.code", usual: 25 },
    { path: "error.message", usual: "No" },
    { path: "more" },
  ];
  expect(answer({ success: false, error: { code: "25" }, more: [] }, altered)).toEqual([
    { dim: '    "code": ', text: '"25"', note: "without the fault: 25" },
    { dim: '    "message": ', text: "missing", note: 'without the fault: "No"' },
    { dim: '  "more": ', text: "[]", note: "added by the fault" },
  ]);
  const item = [{ path: "ipAddresses[70].port", usual: 80 }];
  const ipAddresses = Array.from({ length: 100 }, (_, index) => ({ port: String(index) }));
  expect(answer({ ipAddresses }, item)).toEqual([
    { dim: '      "port": ', text: '"70"', note: "without the fault: 80" },
  ]);
  // A name can look like a path.
  expect(answer({ "a.b": 1 }, [{ path: "a.b" }])).toEqual([
    { dim: '  "a.b": ', text: "1", note: "added by the fault" },
  ]);
  const whole = [{ path: "", usual: { text: "x".repeat(400) } }];
  const note = `without the fault: {"text":"${"x".repeat(291)} \u2026 (111 more)`;
  expect(answer("<html>\n", whole)).toEqual([{ text: "<html>", note }]);
  expect(answer({}, whole)).toEqual([{ dim: "", text: "{}", note }]);
});

it("marks where a forwarded request and its answer differ from the contract", () => {
  const difference = (direction: "request" | "answer", path: string, message: string) => ({
    direction,
    path,
    message,
    level: "lawful" as const,
    part: "body" as const,
    statement: null,
  });
  const drift = [
    difference("request", "rentPeriodDays", "must be a number"),
    difference("answer", "ipAddressIds[1]", "must be a string"),
    { ...difference("answer", "", "must be 200"), part: "status" as const },
  ];
  const decided = { ...done.decided, outcome: "forwarded" as const };
  const entry = { ...done, decided, drift, answered: { ipAddressIds: ["1", 2] } };
  const marked = (of: unknown, marks: Parameters<typeof linesOf>[1]) =>
    linesOf(of, marks).filter(({ note }) => note);
  expect(marked(entry.sent, marksOf(entry))).toMatchObject([{ text: "30,", note: "must be a number" }]);
  expect(marked(entry.answered, answerMarksOf(entry))).toMatchObject([
    { text: "2", note: "must be a string" },
  ]);
});

it("is found by what was sent, answered and shown, headers included", () => {
  const text = searchTextOf({
    ...refused,
    sentHeaders: { "user-agent": "My Program" },
    answerHeaders: { allow: "POST" },
  });
  const words = ["11111", "my program", "incorrect orderids", '"allow":"post"', "refused error 29"];
  // What list and headline say of it, word for word.
  for (const found of [...words, "ipv4 \u00b7 on", "refused: error 29, incorrect"])
    expect(text).toContain(found);
});

it("writes a command without the API key, in which nothing is run", () => {
  expect(curlOf(done)).toContain(
    `curl -s 'http://127.0.0.1:4010/client/api/v1/'"\${API_KEY:?}"'/extend/order/auto'`,
  );
  expect(curlOf({ ...done, path: "/client/api/v1/[redacted]/balance?a[1-2]={x,y}" })).toContain(
    "curl -s -g '",
  );
  expect(curlOf({ ...done, sent: "\u001f\0\u0003" })).toContain("--data-raw '\u001f\u0003'");
  expect(shellWord("it's $(id) `id`")).toBe("'it'\\''s $(id) `id`'");
});

it("asks for a queued fault again: by a header, or by the control API if no header can ask for the same", () => {
  const queued = { by: "queue", id: "fault-1" } as const;
  const met = (names: readonly string[], change: Partial<LogEntry> = {}): LogEntry => {
    const triggers = names.map((name) => ({ ...queued, name, options: { ms: 50 } }));
    return { ...done, ...change, fault: { triggers, fault: { delay: { ms: 50 } }, delivered: "" } };
  };
  expect(curlOf(met(["slow"]))).toContain("-H 'prefer: fault=slow; ms=50'");
  expect(curlOf(met(["slow"]))).not.toContain("__mock");
  // Two share the name of an option, another is no preset, and the last comes beside a header.
  for (const entry of [
    met(["slow", "drip"]),
    met(["fault-1"]),
    met(["slow"], { sentHeaders: { prefer: "fault=x" } }),
  ]) {
    const [first, second] = curlOf(entry).split(" &&\n");
    expect(first).toContain("curl -s 'http://127.0.0.1:4010/__mock/faults'");
    expect(first).toContain(`--data-raw '{"fault":{"delay":{"ms":50}},"times":1}'`);
    expect(first).toContain(`-H "authorization: Bearer \${CONTROL_TOKEN:?}"`);
    expect(second).not.toContain("slow");
    expect(curlNote(entry)).toContain(
      "Set CONTROL_TOKEN: it is not copied. The first command queues the fault",
    );
  }
  // No header has room for a line break.
  const [line] = [{ ...queued, name: "error", options: { message: "a\nx-evil: 1" } }];
  const broken = curlOf({
    ...done,
    fault: { triggers: [line], fault: { delay: { ms: 50 } }, delivered: "" },
  });
  expect(broken).toContain("__mock/faults");
  expect(broken).not.toContain("x-evil");
  // Each change of an answer is a fault of its own.
  const answer = [{ drop: ["balance"] }, { drift: "proxy-type" as const }];
  const changed = {
    ...met(["fault-1", "drift-proxy-type"]),
    fault: {
      triggers: [{ ...queued, name: "fault-1" }],
      fault: { delay: { ms: 50 }, answer },
      delivered: "",
    },
  };
  expect(curlOf(changed).match(/(?<=--data-raw ')\{"fault".*(?=')/g)).toEqual([
    '{"fault":{"delay":{"ms":50},"answer":{"drop":["balance"]}},"times":1}',
    '{"fault":{"answer":{"drift":"proxy-type"}},"times":1}',
  ]);
  expect(curlNote({ ...done, fault: { triggers: [], delivered: "", fault: { limit: {} } } })).toContain(
    "depends on",
  );
});

it("sends what the page sent by the control API, with the control token", () => {
  const own = { ...done, origin: "control API", path: "/__mock/operations?account=a" } as const;
  expect(curlOf(own)).toContain("4010/__mock/operations?account=a");
  expect(curlOf(own)).toContain(JSON.stringify({ operation: "setAutoExtend", request: done.sent }));
  const undo = { ...own, operation: null, path: "/__mock/orders/1/restore?account=a" };
  expect(curlOf(undo)).toContain(`-H "authorization: Bearer \${CONTROL_TOKEN:?}"`);
  expect(curlOf(undo)).toContain(`--data-raw '${JSON.stringify(done.sent)}'`);
});
