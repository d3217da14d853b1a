import {
  pathParameters as parametersInPath,
  problem,
  problemMediaType,
  specOf,
  transportErrors,
} from "@auto-extend/core";
import { operationDescription } from "./descriptions.mjs";
import { answerExamples, examplesOf, namedExamples } from "./examples.mjs";
import { docsOf, plainSchema } from "./schemas.mjs";

/** @import { Evidence, Operation, TransportError } from "@auto-extend/core" */
/** @import { OperationObject, ParameterObject, ResponseObject, SchemaObject } from "openapi3-ts/oas30" */
/** @import { NamedExample } from "./examples.mjs" */
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
  const examples = namedExamples(operation);
  return {
    operationId: operation.id,
    tags: [tag.name],
    summary: spec.summary,
    description: operationDescription(operation),
    parameters: [...pathParameters(examples), ...queryParameters(operation, examples, components)],
    ...(takesBody(operation) ? { requestBody: requestBody(operation, examples, components) } : {}),
    responses: {
      200: {
        description: "A success or a failure: `success` says which one it is.",
        content: {
          "application/json": {
            schema: answerSchema(operation, components),
            examples: answerExamples(examples),
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

/**
 * The answers that the contract allows. A tool that holds a server to them agrees with the contract tests; our own mock is
 * held to the stricter set by its own check.
 *
 * @param {Operation} operation
 * @param {Components} components
 * @returns {SchemaObject}
 */
function answerSchema(operation, components) {
  const { success, failure } = operation.lawful;
  const { emits } = specOf(operation);
  // If any other form is lawful as well, the document still shows the one that is known.
  const isOtherForm = docsOf(success).title !== docsOf(emits.success).title;
  const schemas = isOtherForm ? [emits.success, success, failure] : [success, failure];
  return { oneOf: schemas.map(components.refer) };
}

/**
 * @param {NamedExample[]} examples
 * @returns {ParameterObject[]}
 */
function pathParameters(examples) {
  return Object.entries(parametersInPath.shape).map(([name, parameter]) => {
    const { description = "", ...schema } = plainSchema(parameter);
    return {
      name,
      in: "path",
      required: true,
      description,
      schema,
      examples: examplesOf(examples, ({ apiKey }) => apiKey),
    };
  });
}

/**
 * The fields of a GET's request stand in its query.
 *
 * @param {Operation} operation
 * @param {NamedExample[]} examples
 * @param {Components} components
 * @returns {ParameterObject[]}
 */
function queryParameters(operation, examples, components) {
  if (takesBody(operation)) return [];
  return Object.entries(operation.request.shape).map(([name, field]) => ({
    name,
    in: "query",
    required: !field.isOptional(),
    description: docsOf(field).description ?? "",
    schema: components.refer(field),
    examples: examplesOf(examples, ({ request }) => request[name]),
  }));
}

/**
 * @param {Operation} operation
 * @param {NamedExample[]} examples
 * @param {Components} components
 */
function requestBody(operation, examples, components) {
  return {
    required: true,
    content: {
      "application/json": {
        schema: components.refer(operation.request),
        examples: examplesOf(examples, ({ request }) => request),
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
    description: "The only method that this path supports.",
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
