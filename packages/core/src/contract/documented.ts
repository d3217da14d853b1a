import { z } from "zod/v3";

/** What the OpenAPI document says of a schema beyond its shape. */
export interface SchemaDocs {
  /** A name: titled schemas become named components of the document. */
  readonly title?: string | undefined;
  readonly description?: string;
  readonly example?: unknown;
  readonly [keyword: string]: unknown;
}

/**
 * Attaches documentation to a schema, as a copy. The property is the one that `@anatine/zod-openapi` reads at build
 * time; any zod method called on the result drops it, so this comes last.
 */
export function documented<Schema extends z.ZodTypeAny>(schema: Schema, docs: SchemaDocs): Schema {
  const copy = new (schema.constructor as new (def: unknown) => Schema)(schema._def);
  return Object.assign(copy, { metaOpenApi: { ...docsOf(schema), ...docs } });
}

/** The documentation attached to a schema; empty where there is none. */
export function docsOf(schema: z.ZodTypeAny): SchemaDocs {
  return "metaOpenApi" in schema ? (schema.metaOpenApi as SchemaDocs) : {};
}

/** A field that is always null. OpenAPI 3.0 has no null type; an `enum` of null alone is what its tools agree on. */
export function nullOnly(description: string): z.ZodNull {
  return documented(z.null(), { type: undefined, enum: [null], description });
}
