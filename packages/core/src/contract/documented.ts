import * as z from "zod/v3";

/** Documentation of a schema for the OpenAPI document, beyond its shape. */
export interface SchemaDocs {
  /** A name: titled schemas become named components of the document. */
  readonly title?: string | undefined;
  readonly description?: string;
  readonly example?: unknown;
  readonly [keyword: string]: unknown;
}

/**
 * Attaches documentation to a schema, as a copy. `@anatine/zod-openapi` reads the property at build time. Any zod method
 * called on the result drops it, so this comes last.
 */
export function documented<Schema extends z.ZodTypeAny>(schema: Schema, docs: SchemaDocs): Schema {
  const copy = new (schema.constructor as new (def: unknown) => Schema)(schema._def);
  return Object.assign(copy, { metaOpenApi: { ...docsOf(schema), ...docs } });
}

/** The documentation attached to a schema; empty if it has none. */
export function docsOf(schema: z.ZodTypeAny): SchemaDocs {
  return "metaOpenApi" in schema ? (schema.metaOpenApi as SchemaDocs) : {};
}

/** A field that is always null. */
export function nullOnly(description: string): z.ZodNull {
  return documented(z.null(), { description });
}
