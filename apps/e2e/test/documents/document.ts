import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";

const { resolve } = createRequire(import.meta.url);

export const builtFiles = {
  "openapi.json": resolve("@auto-extend/core/openapi.json"),
  "openapi.yaml": resolve("@auto-extend/core/openapi.yaml"),
  "control-api.json": resolve("@auto-extend/mock-server/control-api.json"),
};

export const builtPage = join(dirname(resolve("@auto-extend/mock-server/package.json")), "pages", "api.html");

/** The names of the documents: that of the API, and that of the mock's control API. */
export const documentNames = ["openapi.json", "control-api.json"] as const;

export interface OpenApiDocument {
  paths: Record<string, Record<string, { summary: string; [field: string]: unknown }>>;
  components: { schemas: Record<string, Schema> };
  [field: string]: unknown;
}

export interface Schema {
  properties?: Record<string, Schema>;
  [keyword: string]: unknown;
}

/** A fresh copy of a document, which a test may spoil. */
export function readDocument(name: (typeof documentNames)[number] = "openapi.json"): OpenApiDocument {
  return JSON.parse(readFileSync(builtFiles[name], "utf8"));
}

/**
 * Finds out what is wrong with a value by a schema in a document.
 *
 * @returns a function that takes the JSON pointer to the schema, and gives an empty text where the value fits.
 */
export function validatorOf(document: OpenApiDocument): (pointer: string, value: unknown) => string {
  // The document's own fields are no keywords of JSON Schema, so ajv must not insist on knowing all.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(withPresentBounds(document) as object, "document");
  return (pointer, value) => (ajv.validate({ $ref: `document#${pointer}` }, value) ? "" : ajv.errorsText());
}

export function pointerPart(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** In OpenAPI 3.0 a bound itself is left out by `exclusiveMinimum: true`; JSON Schema has since given that a number. */
function withPresentBounds(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withPresentBounds);
  const { minimum, exclusiveMinimum, ...rest } = value as Record<string, unknown>;
  const bound = exclusiveMinimum === true ? { exclusiveMinimum: minimum } : { minimum, exclusiveMinimum };
  const entries = Object.entries({ ...rest, ...bound }).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([name, item]) => [name, withPresentBounds(item)]));
}

export function committed(name: string): string {
  return fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
}
