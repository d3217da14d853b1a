import { generateSchema } from "@anatine/zod-openapi";
import { daysAsKey, worldSchema } from "../dist/engine/state/world.js";

/** The JSON Schema of a world file (draft 7), for editors. The schemas of OpenAPI 3.1 are JSON Schemas. */
export function worldFileSchema() {
  const schema = JSON.parse(JSON.stringify(generateSchema(worldSchema, false, "3.1")), plainType);
  const account = schema.properties.accounts.items.properties;
  const address = account.orders.items.properties.ipAddresses.items.properties;
  // The generator knows no keyword for the keys of a record, nor for IP addresses.
  for (const prices of Object.values(account.prices.properties)) {
    prices.propertyNames = { pattern: daysAsKey.source };
  }
  address.ip.anyOf = [{ format: "ipv4" }, { format: "ipv6" }];
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "World",
    description: "The starting world of the mock.",
    ...schema,
  };
}

/** The generator writes each type as a list. @param {string} key @param {unknown} value */
function plainType(key, value) {
  return key === "type" && Array.isArray(value) && value.length === 1 ? value[0] : value;
}
