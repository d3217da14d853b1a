import type * as z from "zod/v3";

// The texts of schemas are separate from the schemas, so that the bundle of a client leaves them out.

/** The texts of a schema in the OpenAPI document. `undefined` removes a keyword. */
export interface SchemaDocs {
  /** A name: titled schemas become named components of the document. */
  readonly title?: string | undefined;
  readonly description?: string;
  readonly example?: unknown;
  readonly [keyword: string]: unknown;
}

/** A schema and its texts. If a schema has several entries, the first one counts. */
export type DocsEntry = readonly [schema: z.ZodTypeAny, docs: SchemaDocs];

interface ObjectDocs<Schema> extends SchemaDocs {
  readonly fields?: { readonly [Name in FieldOf<Schema>]?: string | SchemaDocs };
  /** The description of all fields that are not in `fields`. A description that a shared field already has wins. */
  readonly others?: string;
}

type FieldOf<Schema> = Schema extends z.AnyZodObject ? keyof Schema["shape"] : never;

/** The texts of an object, or of stricter and looser forms of it, and of its fields. */
export function objectDocs<Schema extends z.AnyZodObject>(
  schemas: readonly Schema[],
  { fields, others, ...docs }: ObjectDocs<Schema>,
): DocsEntry[] {
  const texts: Readonly<Record<string, string | SchemaDocs | undefined>> = fields ?? {};
  return schemas.flatMap((schema) => [
    [schema, docs] as const,
    ...Object.entries<z.ZodTypeAny>(schema.shape).flatMap(([name, field]): DocsEntry[] => {
      const text = texts[name] ?? others;
      if (text === undefined) return [];
      return [[field, typeof text === "string" ? { description: text } : text]];
    }),
  ]);
}
