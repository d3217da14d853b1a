import {
  ApiError,
  AutoExtendError,
  ContractError,
  type ErrorContext,
  HttpError,
  isApiError,
  isAutoExtendError,
  isContractError,
  isHttpError,
  isNetworkError,
  isRequestError,
  isTimeoutError,
  NetworkError,
  RequestError,
  TimeoutError,
} from "@auto-extend/client";
import { describe, expect, it, vi } from "vitest";

const context: ErrorContext = {
  effect: "unknown",
  attempts: 2,
  request: { method: "POST", url: "https://x/" },
};
const issues = [{ path: "quantity", message: "is wrong" }];

const cases = [
  [RequestError, isRequestError, new RequestError(issues)],
  [
    ApiError,
    isApiError,
    new ApiError(
      {
        status: 200,
        retryAfter: null,
        code: 4,
        providerMessage: "No",
        balance: 5,
        currency: "USD",
        body: {},
      },
      context,
    ),
  ],
  [
    HttpError,
    isHttpError,
    new HttpError(
      { status: 502, retryAfter: null, body: "" },
      { problem: "HTTP 502.", advice: " Try it later." },
      context,
    ),
  ],
  [
    NetworkError,
    isNetworkError,
    new NetworkError("EPIPE", { problem: "No answer.", advice: "" }, context, new Error("cause")),
  ],
  [TimeoutError, isTimeoutError, new TimeoutError(30, "Late.", context)],
  [
    ContractError,
    isContractError,
    new ContractError({ issues, status: 200, retryAfter: null, sent: {}, body: {} }, context),
  ],
] as const;
const guards = cases.map(([, guard]) => guard);

describe.each(cases)("%o", (type, guard, error) => {
  it("is an Error and an AutoExtendError, by the name of its class", () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(AutoExtendError);
    expect(error.name).toBe(type.name);
    expect(String(error)).toBe(`${type.name}: ${error.message}`);
    expect(error.stack).toContain(String(error));
  });

  it("is known by its own guard alone", () => {
    expect(guards.filter((known) => known(error))).toEqual([guard]);
    expect(isAutoExtendError(error)).toBe(true);
  });

  it("is a plain value in JSON, without stack and cause", () => {
    const json = JSON.parse(JSON.stringify(error));
    expect(json).toEqual({ ...error, name: type.name, message: error.message });
    expect(Object.keys(json).slice(0, 5)).toEqual(["name", "message", "effect", "attempts", "request"]);
    expect(json).not.toHaveProperty("stack");
    expect(json).not.toHaveProperty("cause");
  });
});

it("has the problem without the advice as well, for programs that give their own", () => {
  const words = { problem: "HTTP 503.", advice: " Try it later." };
  const { message, problem } = new HttpError({ status: 503, retryAfter: 2_000, body: "" }, words, context);
  expect(problem).toBe("HTTP 503. The change may have been made, or may still be made later.");
  expect(message).toBe(
    "HTTP 503. Try it later. Wait 2 s, as the server asks. The change may have been made, or may still be made later. Check listIpAddresses, or repeat the call.",
  );
});

it.each([
  [10, "9: is wrong."],
  [12, "9: is wrong; and 2 more."],
])("of %i issues names the first 10", (count, end) => {
  const many = Array.from({ length: count }, (_, index) => ({ path: `${index}`, message: "is wrong" }));
  expect(new RequestError(many).message).toContain(`8: is wrong; ${end}`);
});

describe("the guards", () => {
  it("know the errors of another copy of the package", async () => {
    vi.resetModules();
    const copy = await import("@auto-extend/client");
    expect(copy.RequestError).not.toBe(RequestError);
    const error: unknown = new copy.TimeoutError(30, "Late.", context);
    expect(error).not.toBeInstanceOf(AutoExtendError);
    expect(isTimeoutError(error)).toBe(true);
    expect(isAutoExtendError(error)).toBe(true);
    expect(isNetworkError(error)).toBe(false);
  });

  it.each([
    ["the platform's TimeoutError", new DOMException("Late.", "TimeoutError")],
    ["the platform's AbortError", new DOMException("Enough.", "AbortError")],
    ["an error of other name", Object.assign(new Error(), { name: "OtherError", effect: "none" })],
    ["an error of inherited name", Object.assign(new Error(), { name: "toString", effect: "none" })],
    ["an error of other effect", Object.assign(new Error(), { name: "TimeoutError", effect: "toString" })],
    ["an error of no effect", Object.assign(new Error(), { name: "TimeoutError", effect: null })],
    ["null", null],
    ["nothing", undefined],
    ["a text", "TimeoutError"],
  ])("do not know %s", (_, value) => {
    expect([isAutoExtendError, ...guards].filter((guard) => guard(value))).toEqual([]);
  });
});
