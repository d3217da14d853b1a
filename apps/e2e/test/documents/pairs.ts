// The named examples of the OpenAPI document, put together: a request is spread over parameters and body, and its answer
// has the same name.
import type { OpenApiDocument } from "./document.js";

export interface Pair {
  readonly operationId: string;
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly body: unknown;
  readonly answer: unknown;
  readonly schema: unknown;
}

type Examples = Record<string, { value: unknown }>;

interface Described {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; examples: Examples }[];
  requestBody?: { content: { "application/json": { examples: Examples } } };
  responses: { 200: { content: { "application/json": { schema: unknown; examples: Examples } } } };
}

export function pairsOf({ paths }: OpenApiDocument): Pair[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const { operationId, parameters, requestBody, responses } = operation as unknown as Described;
      const body = requestBody?.content["application/json"].examples;
      const { schema, examples } = responses[200].content["application/json"];
      return Object.entries(examples).map(([name, { value: answer }]) => ({
        operationId,
        name,
        method: method.toUpperCase(),
        target: targetOf(path, parameters, name),
        body: body && exampleIn(body, name),
        answer,
        schema,
      }));
    }),
  );
}

function targetOf(path: string, parameters: Described["parameters"], name: string): string {
  let target = path;
  const query = new URLSearchParams();
  for (const parameter of parameters) {
    if (!parameter.required && !(name in parameter.examples)) continue;
    const value = String(exampleIn(parameter.examples, name));
    if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else query.set(parameter.name, value);
  }
  return query.size === 0 ? target : `${target}?${query}`;
}

function exampleIn(examples: Examples, name: string): unknown {
  const example = examples[name];
  if (!example) throw new Error(`A part of the request ${name} has no example.`);
  return example.value;
}
