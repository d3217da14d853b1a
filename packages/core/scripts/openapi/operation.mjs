import {
  pathParameters as parametersInPath,
  problem,
  problemMediaType,
  requireErrorCode,
  specOf,
  transportErrors,
} from "@auto-extend/core";
import { operationDescription } from "./descriptions.mjs";
import { docsOf, plainSchema } from "./schemas.mjs";

/** @import { Evidence, Operation, TransportError } from "@auto-extend/core" */
/** @import { ExampleObject, OperationObject, ParameterObject, ResponseObject } from "openapi3-ts/oas30" */
/** @import { Components } from "./schemas.mjs" */

/** The tag of every operation. */
export const tag = { name: "Auto-extend", description: "Automatic renewal of rented IP addresses." };

/**
 * One operation of the contract as the document describes it.
 *
 * @param {Operation} operation
 * @param {Components} components
 * @returns {OperationObject}
 */
export function operationObject(operation, components) {
  const spec = specOf(operation);
  return {
    operationId: operation.id,
    tags: [tag.name],
    summary: spec.summary,
    description: operationDescription(operation),
    parameters: [...pathParameters(), ...queryParameters(operation, components)],
    ...(takesBody(operation) ? { requestBody: requestBody(operation, components) } : {}),
    responses: {
      200: {
        description: "A success or a failure: `success` says which one it is.",
        content: {
          "application/json": {
            schema: { oneOf: Object.values(operation.emits).map((schema) => components.refer(schema)) },
            examples: { ...successExamples(operation), ...failureExamples(operation) },
          },
        },
      },
      ...Object.fromEntries(
        transportErrorsOf(operation).map((error) => [
          error.status,
          transportResponse(error, operation, components),
        ]),
      ),
    },
    "x-evidence": evidence(spec),
    "x-statements": spec.statements,
    "x-rules": spec.rules.map(({ id, code, claim, grade, source }) => ({
      id,
      code,
      claim,
      grade,
      source,
    })),
  };
}

/** @returns {ParameterObject[]} */
function pathParameters() {
  return Object.entries(parametersInPath.shape).map(([name, parameter]) => {
    const { description = "", ...schema } = plainSchema(parameter);
    return { name, in: "path", required: true, description, schema };
  });
}

/**
 * The input of a GET is its query.
 *
 * @param {Operation} operation
 * @param {Components} components
 * @returns {ParameterObject[]}
 */
function queryParameters(operation, components) {
  if (takesBody(operation)) return [];
  return Object.entries(operation.request.shape).map(([name, field]) => ({
    name,
    in: "query",
    required: !field.isOptional(),
    description: docsOf(field).description ?? "",
    schema: components.refer(field),
    examples: queryExamples(operation, name),
  }));
}

/**
 * @param {Operation} operation
 * @param {string} name
 * @returns {Record<string, ExampleObject>}
 */
function queryExamples(operation, name) {
  return Object.fromEntries(
    Object.entries(specOf(operation).examples.requests).flatMap(([title, { request }]) => {
      const value = /** @type {Record<string, unknown>} */ (request)[name];
      return value === undefined ? [] : [[title, { summary: title, value }]];
    }),
  );
}

/**
 * @param {Operation} operation
 * @param {Components} components
 */
function requestBody(operation, components) {
  return {
    required: true,
    content: {
      "application/json": {
        schema: components.refer(operation.request),
        examples: requestExamples(operation),
      },
    },
  };
}

/** @param {Operation} operation */
function takesBody({ method }) {
  return method === "POST";
}

/** A request without a body cannot have a wrong one. @param {Operation} operation */
function transportErrorsOf(operation) {
  const { notFound, methodNotAllowed } = transportErrors;
  return takesBody(operation) ? Object.values(transportErrors) : [notFound, methodNotAllowed];
}

/**
 * @param {Operation} operation
 * @returns {Record<string, ExampleObject>}
 */
function requestExamples(operation) {
  return Object.fromEntries(
    Object.entries(specOf(operation).examples.requests).map(([name, { request }]) => [
      name,
      { summary: `${specOf(operation).summary}, ${name}`, value: request },
    ]),
  );
}

/**
 * @param {Operation} operation
 * @returns {Record<string, ExampleObject>}
 */
function successExamples(operation) {
  return Object.fromEntries(
    Object.entries(specOf(operation).examples.requests).map(([name, { success }]) => [
      name,
      { summary: `Success, ${name}`, value: success },
    ]),
  );
}

/**
 * @param {Operation} operation
 * @returns {Record<string, ExampleObject>}
 */
function failureExamples(operation) {
  return Object.fromEntries(
    specOf(operation).examples.failures.map(({ code, failure }) => {
      const entry = requireErrorCode(code);
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
 * @param {Components} components
 * @returns {ResponseObject}
 */
function transportResponse(error, operation, components) {
  const { status, title, detail } = error;
  return {
    description: detail,
    ...(status === 405 ? { headers: { Allow: allowHeader(operation) } } : {}),
    content: {
      [problemMediaType]: {
        schema: components.refer(problem),
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
