import {
  errorCodes,
  gradeMeanings,
  operations,
  rentPeriodsSold,
  schemaDocs,
  servers,
} from "@auto-extend/core";
import { overview } from "./descriptions.mjs";
import { operationObject, tag } from "./operation.mjs";
import { createComponents, describeSchema } from "./schemas.mjs";

/** @import { OpenAPIObject } from "openapi3-ts/oas30" */

/** The version of the described API as far as it is known; it changes with the contract, not with each release. */
const contractVersion = "1.1.0";

/**
 * The OpenAPI document of the whole contract. The same contract gives the same document, key by key.
 *
 * @returns {OpenAPIObject}
 */
export function openApiDocument() {
  const components = createComponents({}, { open: true });
  for (const [schema, docs] of schemaDocs()) describeSchema(schema, docs);
  const paths = Object.fromEntries(
    operations.map((operation) => [
      operation.path,
      { [operation.method.toLowerCase()]: operationObject(operation, components) },
    ]),
  );
  return {
    openapi: "3.0.3",
    info: {
      title: "Auto-extend",
      version: contractVersion,
      description: overview(),
      contact: { name: "Auto-extend toolkit" },
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
    },
    // Tools use the first server by default, and the live one costs money.
    servers: [servers.mock, servers.live].map(({ url, description }) => ({ url, description })),
    tags: [tag],
    // The API key is a part of the path, which OpenAPI knows no security scheme for.
    security: [],
    paths,
    components: {
      schemas: components.schemas(),
    },
    "x-evidence-grades": gradeMeanings,
    "x-error-codes": errorCodes,
    "x-rental-periods": rentPeriodsSold,
  };
}
