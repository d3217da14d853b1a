import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const { resolve } = createRequire(import.meta.url);

/** The files of the document as core's build made them. */
export const builtFiles = {
  json: resolve("@auto-extend/core/openapi.json"),
  yaml: resolve("@auto-extend/core/openapi.yaml"),
};

/** The part of the document that the tests read. */
export interface OpenApiDocument {
  paths: Record<string, Record<string, { summary: string; [field: string]: unknown }>>;
  components: { schemas: Record<string, Schema> };
  [field: string]: unknown;
}

export interface Schema {
  properties?: Record<string, Schema>;
  [keyword: string]: unknown;
}

/** A fresh copy of the document, which a test may spoil. */
export function readDocument(): OpenApiDocument {
  return JSON.parse(readFileSync(builtFiles.json, "utf8"));
}

/** The path of a file that is committed in `docs/`. */
export function committed(name: string): string {
  return fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
}
