import { parse } from "content-type";

/** An HTTP answer, read to its end. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** The JSON object in an answer's body; `undefined` where it is anything else. */
export function jsonObject({ body }: Pick<Answer, "body">): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The media type of an answer without its parameters, in lower case; empty where it names none. */
export function mediaType({ headers }: Answer): string {
  return parse(headers["content-type"] ?? "", { parameters: false }).type;
}

/** Whether a value is an object, and neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
