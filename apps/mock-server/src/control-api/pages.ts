import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** The OpenAPI document, as core ships it. */
export function openApiDocument(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve("@auto-extend/core/openapi.json"), "utf8");
}

/** The page that shows the document: one file that loads nothing from elsewhere. */
export function apiPage(): Promise<string> {
  return readFile(new URL("../../pages/api.html", import.meta.url), "utf8");
}

/** The OpenAPI document of the control API. */
export function controlDocument(): Promise<string> {
  return readFile(new URL("../../control-api.json", import.meta.url), "utf8");
}
