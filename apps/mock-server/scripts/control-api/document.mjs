import { servers } from "@auto-extend/core";
import { createComponents } from "../../../../packages/core/scripts/openapi/schemas.mjs";
import { controlTags } from "../../dist/control-api/route.js";
import { controlRoutes } from "../../dist/control-api/routes/index.js";
import { overview } from "./descriptions.mjs";
import { commonParameters, commonResponses, operationObject } from "./operation.mjs";
import { schemas } from "./schemas.mjs";

/** @import { OpenAPIObject, PathsObject } from "openapi3-ts/oas30" */

/** The version of the described API; it changes with the API, not with each release. */
const controlApiVersion = "1.0.0";

/**
 * The OpenAPI document of the control API. The same routes give the same document, key by key.
 *
 * @returns {OpenAPIObject}
 */
export function controlApiDocument() {
  const components = createComponents(schemas);
  /** @type {PathsObject} */
  const paths = {};
  for (const route of controlRoutes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationObject(route, components) };
  }
  const responses = commonResponses(components);
  return {
    openapi: "3.0.3",
    info: {
      title: "The mock's control API",
      version: controlApiVersion,
      description: overview(),
      contact: { name: "Auto-extend toolkit" },
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
    },
    servers: [{ url: servers.mock.url, description: servers.mock.description }],
    tags: Object.entries(controlTags).map(([name, description]) => ({ name, description })),
    // A mock that listens on its own machine only requires no token.
    security: [{}, { controlToken: [] }],
    paths,
    components: {
      securitySchemes: {
        controlToken: {
          type: "http",
          scheme: "bearer",
          description: "The token that a mock prints at its start if other machines can reach it.",
        },
      },
      parameters: commonParameters,
      responses,
      schemas: components.schemas(),
    },
  };
}
