// Turns zod schemas into those of an OpenAPI document, for the document of the contract here, and for that of the mock's
// control API.
import { generateSchema } from "@anatine/zod-openapi";

/** @import { SchemaDocs } from "@auto-extend/core" */
/** @import { ReferenceObject, SchemaObject } from "openapi3-ts/oas30" */
/** @import { ZodTypeAny } from "zod/v3" */

/** @typedef {ReturnType<typeof createComponents>} Components */

/**
 * Collects the schemas that have a title, at any depth, and puts references in their place. A title belongs at the end
 * of a schema: zod's methods make a new schema, and most of them drop what was said of the old one.
 *
 * @param {Record<string, ZodTypeAny>} named schemas that get their title here
 * @param {{ open?: boolean }} [options] `open`: objects may have more fields than are described
 */
export function createComponents(named = {}, { open = false } = {}) {
  for (const [title, schema] of Object.entries(named)) {
    describeSchema(schema, { ...docsOf(schema), title });
  }
  /** Each titled schema by itself. @type {Map<string, SchemaObject>} */
  const titled = new Map(Object.entries(named).map(([title, schema]) => [title, plainSchema(schema)]));
  /** @type {Set<string>} */
  const used = new Set();

  /**
   * @param {SchemaObject | ReferenceObject} schema
   * @returns {SchemaObject | ReferenceObject}
   */
  function hoisted(schema) {
    if ("$ref" in schema || schema.title === undefined) return within(schema);
    const { title } = schema;
    const { nullable, default: _, ...bare } = schema;
    const own = titled.get(title) ?? bare;
    titled.set(title, own);
    used.add(title);
    if (withoutDescription(within(bare)) !== withoutDescription(within(own))) {
      throw new Error(`Two different schemas are titled ${title}: give one of them another title.`);
    }
    const reference = { $ref: `#/components/schemas/${title}` };
    const { description } = schema;
    const about = description === undefined || description === own.description ? {} : { description };
    // OpenAPI 3.0 has no reference that may be null, so such a schema is written in place.
    if (nullable) return { ...within(bare), nullable };
    // It ignores whatever stands beside a reference.
    return "description" in about ? { allOf: [reference], ...about } : reference;
  }

  /**
   * @template {SchemaObject | ReferenceObject} Schema
   * @param {Schema} schema
   * @returns {Schema}
   */
  function within(schema) {
    return /** @type {Schema} */ (
      Object.fromEntries(
        Object.entries(schema)
          .filter(([keyword, value]) => !(open && keyword === "additionalProperties" && value === false))
          .map(([keyword, value]) => [keyword, nested(keyword, value)]),
      )
    );
  }

  /** @param {string} keyword @param {any} value */
  function nested(keyword, value) {
    switch (keyword) {
      case "properties":
        return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, hoisted(schema)]));
      case "oneOf":
        return value.map(hoisted);
      case "items":
        return hoisted(value);
      case "additionalProperties":
        return typeof value === "object" ? hoisted(value) : value;
      default:
        return value;
    }
  }

  return {
    /** A reference to a titled schema, or the schema itself. @param {ZodTypeAny} schema */
    refer: (schema) => hoisted(plainSchema(schema)),
    /** The titled schemas that were referred to. @returns {Record<string, SchemaObject>} */
    schemas() {
      /** @type {Record<string, SchemaObject>} */
      const written = {};
      // Writing one schema may add others to the set, and the loop reaches those as well.
      for (const title of used) written[title] = within(/** @type {SchemaObject} */ (titled.get(title)));
      return Object.fromEntries(Object.entries(written).sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}

/** @param {SchemaObject} schema */
function withoutDescription({ description: _, ...rest }) {
  return JSON.stringify(rest);
}

/**
 * A zod schema as OpenAPI writes it, without references.
 *
 * @param {ZodTypeAny} schema
 * @returns {SchemaObject}
 */
export function plainSchema(schema) {
  // JSON has no undefined, with which the contract takes a keyword away.
  return JSON.parse(JSON.stringify(generateSchema(schema, false, "3.0")), (_, value) => commonForm(value));
}

/**
 * The output of the generator, in the form that most tools read.
 *
 * - OpenAPI 3.0 has no null type. With the one value null, a schema without a type becomes `never` in generated code, and
 *   validators refuse it; with a type and `nullable` beside it, Prism adds a second null, fails to compile the schema, and
 *   lets every answer pass. A text that may be null and has no characters suits them all.
 * - Every object may have more fields by default. Generated types get an index signature if a schema says so itself, so it
 *   does only where fields of any name are expected: where the contract gives them a schema that takes everything.
 *
 * @param {unknown} value
 */
function commonForm(value) {
  if (typeof value !== "object" || value === null) return value;
  if ("type" in value && value.type === "null") return { ...value, ...nullOnly };
  if (!("additionalProperties" in value)) return value;
  const { additionalProperties: more, ...rest } = value;
  if (more === true) return rest;
  return JSON.stringify(more) === "{}" ? { ...value, additionalProperties: true } : value;
}

const nullOnly = { type: "string", nullable: true, maxLength: 0 };

/**
 * The texts of a schema.
 *
 * @param {ZodTypeAny} schema
 * @returns {{ title?: string, description?: string }}
 */
export function docsOf(schema) {
  return "metaOpenApi" in schema
    ? /** @type {{ title?: string, description?: string }} */ (schema.metaOpenApi)
    : {};
}

/**
 * Attaches texts to a schema, in the property that @anatine/zod-openapi reads. Zod's methods make new schemas without it.
 *
 * @param {ZodTypeAny} schema
 * @param {SchemaDocs} docs
 */
export function describeSchema(schema, docs) {
  Object.assign(schema, { metaOpenApi: docs });
}
