import { generateSchema } from "@anatine/zod-openapi";
import { problem } from "@auto-extend/core";
import { clockState, passed } from "../../dist/carrier/control/schemas/clock.js";
import { mockEvent } from "../../dist/carrier/control/schemas/event.js";
import { preset, waitingFault } from "../../dist/carrier/control/schemas/fault.js";
import { orderChange } from "../../dist/carrier/control/schemas/order-change.js";
import { verifyProblem, worldProblem } from "../../dist/carrier/control/schemas/problems.js";
import { renewalEvent } from "../../dist/carrier/control/schemas/renewal.js";
import { renewalGroup } from "../../dist/carrier/control/schemas/renewal-group.js";
import { asked, logEntry, story } from "../../dist/carrier/control/schemas/request.js";
import { verified } from "../../dist/carrier/control/schemas/verification.js";
import { clockOrderSchema } from "../../dist/engine/clock-order.js";
import { faultSchema } from "../../dist/engine/faults/fault.js";
import { faultOrderSchema } from "../../dist/engine/faults/fault-order.js";
import { expectationSchema } from "../../dist/engine/verify.js";
import { worldSchema } from "../../dist/engine/world.js";

/** @import { ReferenceObject, SchemaObject } from "openapi3-ts/oas30" */
/** @import { ZodTypeAny } from "zod/v3" */

/**
 * The schemas that have a name in the document.
 *
 * @type {Record<string, ZodTypeAny>}
 */
const names = {
  Asked: asked,
  ClockOrder: clockOrderSchema,
  ClockState: clockState,
  Expectation: expectationSchema,
  Fault: faultSchema,
  FaultOrder: faultOrderSchema,
  LogEntry: logEntry,
  MockEvent: mockEvent,
  OrderChange: orderChange,
  Passed: passed,
  Preset: preset,
  Problem: problem,
  RenewalEvent: renewalEvent,
  RenewalGroup: renewalGroup,
  Story: story,
  Verification: verified,
  VerifyProblem: verifyProblem,
  WaitingFault: waitingFault,
  World: worldSchema,
  WorldProblem: worldProblem,
};

/** @typedef {ReturnType<typeof createComponents>} Components */

/** Writes zod schemas as OpenAPI has them; those with a name, at any depth, once, and elsewhere a reference to them. */
export function createComponents() {
  for (const [title, schema] of Object.entries(names)) {
    const { metaOpenApi = {} } = /** @type {{ metaOpenApi?: object }} */ (schema);
    // The property that the generator reads; zod keeps it in whatever is made around the schema.
    Object.assign(schema, { metaOpenApi: { ...metaOpenApi, title } });
  }
  /** @type {Set<string>} */
  const used = new Set();

  /**
   * @param {SchemaObject | ReferenceObject} given
   * @returns {SchemaObject | ReferenceObject}
   */
  function hoisted(given) {
    if ("$ref" in given) return given;
    const { title, ...schema } = given;
    const written = within(schema);
    if (title === undefined) return written;
    const { description, nullable, default: _, ...rest } = written;
    const { description: own, ...known } = named(title);
    if (JSON.stringify(rest) !== JSON.stringify(known)) {
      throw new Error(`A schema that is titled ${title} is another: give it another title.`);
    }
    used.add(title);
    const reference = { $ref: `#/components/schemas/${title}` };
    const about = description === undefined || description === own ? {} : { description };
    // In OpenAPI 3.0 nothing counts beside a reference.
    if (nullable) return { oneOf: [reference, { enum: [null] }], ...about };
    return "description" in about ? { allOf: [reference], ...about } : reference;
  }

  /** @param {string} title @returns {SchemaObject} */
  function named(title) {
    const { title: _, ...schema } = plain(/** @type {ZodTypeAny} */ (names[title]));
    return within(schema);
  }

  /**
   * @param {SchemaObject} schema
   * @returns {SchemaObject}
   */
  function within({ properties, items, oneOf, additionalProperties, ...rest }) {
    return {
      ...rest,
      ...(properties && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, property]) => [name, hoisted(property)]),
        ),
      }),
      ...(items && { items: hoisted(items) }),
      ...(oneOf && { oneOf: oneOf.map(hoisted) }),
      ...(additionalProperties !== undefined && {
        additionalProperties:
          typeof additionalProperties === "object" ? hoisted(additionalProperties) : additionalProperties,
      }),
    };
  }

  return {
    /** What stands in the document for a schema. @param {ZodTypeAny} schema */
    refer: (schema) => hoisted(plain(schema)),
    /** The named schemas that were referred to. @returns {Record<string, SchemaObject>} */
    schemas() {
      // Writing one may use another, which the set then goes on with.
      /** @type {Record<string, SchemaObject>} */
      const written = {};
      for (const title of used) written[title] = named(title);
      return Object.fromEntries(Object.entries(written).sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}

/**
 * @param {ZodTypeAny} schema
 * @returns {SchemaObject}
 */
function plain(schema) {
  // JSON has no undefined, with which core takes a keyword away.
  return JSON.parse(JSON.stringify(generateSchema(schema, false, "3.0")));
}
