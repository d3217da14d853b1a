import { catalogued, problem, problemMediaType, transportErrors } from "@auto-extend/core";
import { operationDescription } from "./descriptions.mjs";
import { plainSchema, schemaOf } from "./schemas.mjs";

/** @import { Evidence, Operation, TransportError } from "@auto-extend/core" */
/** @import { ExampleObject, OperationObject, ParameterObject, ResponseObject } from "openapi3-ts/oas30" */
/** @import { NamedSchemas } from "./schemas.mjs" */

/** The tag of every operation. */
export const tag = { name: "Auto-extend", description: "Automatic renewal of rented IP addresses." };

/**
 * One operation of the contract as the document describes it.
 *
 * @param {Operation} operation
 * @param {NamedSchemas} named
 * @returns {OperationObject}
 */
export function operationObject(operation, named) {
  return {
    operationId: operation.id,
    tags: [tag.name],
    summary: operation.summary,
    description: operationDescription(operation),
    parameters: pathParameters(operation),
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: schemaOf(operation.request, named),
          examples: requestExamples(operation),
        },
      },
    },
    responses: {
      200: {
        description: "A success or a failure: `success` tells which one it is.",
        content: {
          "application/json": {
            schema: { oneOf: Object.values(operation.emits).map((schema) => schemaOf(schema, named)) },
            examples: { ...successExamples(operation), ...failureExamples(operation) },
          },
        },
      },
      ...Object.fromEntries(
        Object.values(transportErrors).map((error) => [
          error.status,
          transportResponse(error, operation, named),
        ]),
      ),
    },
    "x-evidence": evidence(operation),
    "x-statements": operation.statements,
    "x-rules": operation.rules.map(({ id, code, claim, grade, source }) => ({
      id,
      code,
      claim,
      grade,
      source,
    })),
  };
}

/**
 * @param {Operation} operation
 * @returns {ParameterObject[]}
 */
function pathParameters(operation) {
  return Object.entries(operation.pathParameters.shape).map(([name, parameter]) => {
    const { description = "", ...schema } = plainSchema(parameter);
    return { name, in: "path", required: true, description, schema };
  });
}

/**
 * @param {Operation} operation
 * @returns {Record<string, ExampleObject>}
 */
function requestExamples(operation) {
  return Object.fromEntries(
    Object.entries(operation.examples.byType).map(([type, { request }]) => [
      type,
      { summary: `Switch on, ${type}`, value: request },
    ]),
  );
}

/**
 * @param {Operation} operation
 * @returns {Record<string, ExampleObject>}
 */
function successExamples(operation) {
  return Object.fromEntries(
    Object.entries(operation.examples.byType).map(([type, { success }]) => [
      type,
      { summary: `Success, ${type}`, value: success },
    ]),
  );
}

/**
 * @param {Operation} operation
 * @returns {Record<string, ExampleObject>}
 */
function failureExamples({ examples }) {
  return Object.fromEntries(
    examples.failures.map(({ code, failure }) => {
      const entry = catalogued(code);
      const wording = entry.message.grade === "assumed" ? " The provider's wording is not public." : "";
      return [
        `error-${code}`,
        {
          summary: `Error ${code}: ${entry.message.text}`,
          description: `${entry.meaning} ${entry.whatToDo}${wording}`,
          value: failure,
          "x-evidence": evidence(entry),
        },
      ];
    }),
  );
}

/**
 * @param {TransportError} error
 * @param {Operation} operation
 * @param {NamedSchemas} named
 * @returns {ResponseObject}
 */
function transportResponse(error, operation, named) {
  const { status, title, detail } = error;
  return {
    description: detail,
    ...(status === 405 ? { headers: { Allow: allowHeader(operation) } } : {}),
    content: {
      [problemMediaType]: {
        schema: schemaOf(problem, named),
        example: { type: "about:blank", title, status, detail },
      },
    },
    "x-evidence": evidence(error),
  };
}

/** @param {Operation} operation */
function allowHeader({ method }) {
  return {
    description: "The method that the path takes.",
    schema: { type: /** @type {const} */ ("string") },
    example: method,
  };
}

/**
 * @param {Evidence} evidence
 * @returns {Evidence}
 */
function evidence({ grade, source }) {
  return { grade, source };
}
