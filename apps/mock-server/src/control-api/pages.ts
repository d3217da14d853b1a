import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { servers } from "@auto-extend/core";
import type { Request } from "express";

/** The OpenAPI document of the provider's API, with this mock as its first server. */
export async function openApiDocument(request: Request): Promise<string> {
  const file = createRequire(import.meta.url).resolve("@auto-extend/core/openapi.json");
  return withOwnUrl(await readFile(file, "utf8"), request);
}

/** The page that shows a document: one file that loads nothing from elsewhere. */
export function referencePage(of: "api" | "control-api"): Promise<string> {
  return readFile(new URL(`../../pages/${of}.html`, import.meta.url), "utf8");
}

/** The OpenAPI document of this mock's control API. */
export async function controlDocument(request: Request): Promise<string> {
  return withOwnUrl(await readFile(new URL("../../control-api.json", import.meta.url), "utf8"), request);
}

/** Inserts the URL under which the mock was reached: it may listen on any port, or be mounted in another app. */
function withOwnUrl(text: string, request: Request): string {
  const document = JSON.parse(text) as { servers: { url: string }[] };
  const host = request.get("host");
  if (host === undefined) return text;
  const url = `${request.protocol}://${host}${request.baseUrl}`;
  for (const server of document.servers) if (server.url === servers.mock.url) server.url = url;
  return JSON.stringify(document, null, 2);
}
