import { problemMediaType } from "@auto-extend/core";
import { controlProblem } from "../../dist/control-api/route.js";

/** @import { ControlRoute } from "../../dist/control-api/route.js" */
/** @import { Components } from "../../../../packages/core/scripts/openapi/schemas.mjs" */
/** @import { OperationObject, ParameterObject, ReferenceObject, ResponseObject, ResponsesObject, SchemaObject } from "openapi3-ts/oas30" */

/**
 * One route as the document describes it.
 *
 * @param {ControlRoute} route
 * @param {Components} components
 * @returns {OperationObject}
 */
export function operationObject(route, components) {
  const { id, tag, summary, description, body } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    parameters: parameters(route, components),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: components.refer(body.schema),
            examples: Object.fromEntries(
              Object.entries(body.examples).map(([name, value]) => [
                name.replaceAll(" ", "-"),
                { summary: name, value },
              ]),
            ),
          },
        },
      },
    }),
    responses: responses(route, components),
  };
}

/** The parameters that limit a request to one account. @type {Record<string, ParameterObject>} */
export const commonParameters = {
  Account: {
    name: "account",
    in: "query",
    description: "Narrows the request to the account with this ID.",
    schema: { type: "string" },
  },
  MockApiKey: {
    name: "mock-api-key",
    in: "header",
    description: "Narrows the request to the account of this API key. It takes precedence over `account`.",
    schema: { type: "string" },
  },
};

/** Examples of `{id}` in a path, by the part of the path before it. */
const exampleIds = { requests: "last", faults: "fault-1", orders: "11111" };

const common = {
  BadRequest: "The query or the body is invalid: `detail` says why.",
  Forbidden: "The caller may not use the control API: `detail` says why.",
  UnknownAccount: "There is no such account.",
  NoAccounts: "This mock forwards requests to another server, and has no accounts.",
  TooLarge: "The body is larger than 64 MiB.",
  NoJson: "The content type is not application/json.",
};

/**
 * The answers that many routes have in common.
 *
 * @param {Components} components
 * @returns {Record<string, ResponseObject>}
 */
export function commonResponses(components) {
  return Object.fromEntries(
    Object.entries(common).map(([name, text]) => [name, problemResponse(text, controlProblem, components)]),
  );
}

/**
 * @param {ControlRoute} route
 * @param {Components} components
 * @returns {(ParameterObject | ReferenceObject)[]}
 */
function parameters({ path, accountScoped, pathId, query }, components) {
  return [
    ...(pathId === undefined
      ? []
      : [
          /** @type {ParameterObject} */ ({
            name: "id",
            in: "path",
            required: true,
            description: pathId,
            schema: { type: "string" },
            example: exampleIds[/** @type {keyof typeof exampleIds} */ (path.split("/")[2])],
          }),
        ]),
    ...(accountScoped
      ? Object.keys(commonParameters).map((name) => ({ $ref: `#/components/parameters/${name}` }))
      : []),
    ...Object.entries(query?.shape ?? {}).map(([name, parameter]) => {
      const { description = "", ...schema } = /** @type {SchemaObject} */ (components.refer(parameter));
      // A list is one text with commas.
      const list = schema.type === "array" ? { style: "form", explode: false } : {};
      return /** @type {ParameterObject} */ ({ name, in: "query", description, ...list, schema });
    }),
  ];
}

/**
 * @param {ControlRoute} route
 * @param {Components} components
 * @returns {ResponsesObject}
 */
function responses(route, components) {
  const { status, summary, answer, text, accountScoped, body, problems = {} } = route;
  const { answerDescription = answer ? `${summary}.` : "Done." } = route;
  const content = {
    ...(answer && { "application/json": { schema: components.refer(answer) } }),
    ...(text && {
      [text.mediaType]: { schema: components.refer(text.schema), example: text.example },
    }),
  };
  const shared = {
    400: "BadRequest",
    403: "Forbidden",
    ...(accountScoped && { 404: "UnknownAccount", 501: "NoAccounts" }),
    ...(body && { 413: "TooLarge", 415: "NoJson" }),
  };
  return {
    [status]: {
      description: answerDescription,
      ...(Object.keys(content).length > 0 && { content }),
    },
    ...Object.fromEntries(
      Object.entries(shared).map(([code, name]) => [code, { $ref: `#/components/responses/${name}` }]),
    ),
    ...Object.fromEntries(
      Object.entries(problems).map(([code, { description: own, schema: document = controlProblem }]) => [
        code,
        problemResponse(
          code === "404" && accountScoped ? `${own} Or there is no such account.` : own,
          document,
          components,
        ),
      ]),
    ),
  };
}

/**
 * @param {string} description
 * @param {import("zod/v3").ZodTypeAny} schema
 * @param {Components} components
 * @returns {ResponseObject}
 */
function problemResponse(description, schema, components) {
  return { description, content: { [problemMediaType]: { schema: components.refer(schema) } } };
}
