import { generateSchema } from "@anatine/zod-openapi";

/** @import { ReferenceObject, SchemaObject } from "openapi3-ts/oas30" */
/** @import { ZodTypeAny } from "zod/v3" */

/** @typedef {Record<string, SchemaObject>} NamedSchemas */

/**
 * A zod schema as OpenAPI writes it, with everything in place.
 *
 * @param {ZodTypeAny} schema
 * @returns {SchemaObject}
 */
export function plainSchema(schema) {
  // JSON has no undefined, with which the contract takes a keyword away.
  return JSON.parse(JSON.stringify(generateSchema(schema, false, "3.0")));
}

/**
 * What the contract says of a schema beyond its shape.
 *
 * @param {ZodTypeAny} schema
 * @returns {{ description?: string }}
 */
export function docsOf(schema) {
  return "metaOpenApi" in schema ? /** @type {{ description?: string }} */ (schema.metaOpenApi) : {};
}

/**
 * What stands in the document for a zod schema. A schema with a title, at any depth, is put into `named`, and a
 * reference to it takes its place.
 *
 * @param {ZodTypeAny} schema
 * @param {NamedSchemas} named
 */
export function schemaOf(schema, named) {
  return hoisted(plainSchema(schema), named);
}

/**
 * The contract nests schemas in properties and items only.
 *
 * @param {SchemaObject | ReferenceObject} schema
 * @param {NamedSchemas} named
 * @returns {SchemaObject | ReferenceObject}
 */
function hoisted(schema, named) {
  if ("$ref" in schema) return schema;
  const { title, properties, items } = schema;
  if (properties) {
    schema.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, hoisted(property, named)]),
    );
  }
  if (items) schema.items = hoisted(items, named);
  if (title === undefined) return schema;
  const known = named[title];
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(`Two different schemas are titled ${title}: give one of them another title.`);
  }
  named[title] = schema;
  return { $ref: `#/components/schemas/${title}` };
}
