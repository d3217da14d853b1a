import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { usageError } from "../cli-error.js";
import type { Outcome } from "../invocation.js";

/** The options of `openapi`. */
export interface OpenapiOptions {
  readonly yaml?: true;
  readonly server?: string;
}

/** Prints the OpenAPI document that core ships. */
export async function printOpenapi({ server, yaml }: OpenapiOptions): Promise<Outcome> {
  if (server !== undefined && !URL.canParse(server)) {
    throw usageError("--server is not a URL.", "Give one such as http://127.0.0.1:4010.");
  }
  const shipped = await shippedDocument();
  const document = server === undefined ? shipped : { ...shipped, servers: [{ url: server }] };
  const text = yaml ? (await import("yaml")).stringify(document) : `${JSON.stringify(document, null, 2)}\n`;
  return { result: { document }, text: () => text };
}

async function shippedDocument(): Promise<Record<string, unknown>> {
  const file = createRequire(import.meta.url).resolve("@auto-extend/core/openapi.json");
  return JSON.parse(await readFile(file, "utf8"));
}
