// The same answers as those of bare.mjs, by other people's libraries. Arguments: the library, the folder it is installed in,
// and the file with the answers.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [library = "", folder = "", file = ""] = process.argv.slice(2);
/** @type {{ answers: Record<string, { headers: Record<string, string>, body: string }> }} */
const { answers } = JSON.parse(readFileSync(file, "utf8"));
const prepared = new Map(
  Object.entries(answers).map(([number, { headers, body }]) => [number, { headers, body: JSON.parse(body) }]),
);
const answerTo = (/** @type {unknown} */ number) => prepared.get(String(number));
const { resolve } = createRequire(join(folder, "package.json"));
const path = "/client/api/v1/:apiKey/extend/order/auto";
const host = "127.0.0.1";

/**
 * How each library answers. The servers listen on a free port, which they pass on.
 *
 * @type {Record<string, (ready: (port: number) => void) => Promise<unknown>>}
 */
const servers = {
  async fastify(ready) {
    const { default: fastify } = await load("fastify");
    const server = fastify();
    const orderIds = { type: "array", items: { type: "string" } };
    const properties = {
      proxyType: { type: "string" },
      orderIds,
      rentPeriodDays: { type: "integer" },
      autoExtend: { type: "boolean" },
    };
    const schema = { body: { type: "object", properties, required: Object.keys(properties) } };
    server.post(path, { schema }, (/** @type {any} */ { headers }, /** @type {any} */ reply) => {
      const answer = answerTo(headers["bench-request"]);
      reply.headers(answer?.headers).send(answer?.body);
    });
    await server.listen({ port: 0, host });
    ready(server.server.address().port);
  },

  async hono(ready) {
    const { Hono } = await load("hono");
    const { serve } = await load("@hono/node-server");
    const app = new Hono();
    app.post(path, async (/** @type {any} */ context) => {
      await context.req.json();
      const answer = answerTo(context.req.header("bench-request"));
      return context.json(answer?.body, 200, answer?.headers);
    });
    serve({ fetch: app.fetch, port: 0, hostname: host }, (/** @type {any} */ { port }) => ready(port));
  },

  async express(ready) {
    const { default: express } = await load("express");
    const app = express();
    app.use(express.json());
    app.post(path, (/** @type {any} */ request, /** @type {any} */ response) => {
      const answer = answerTo(request.headers["bench-request"]);
      response.set(answer?.headers).json(answer?.body);
    });
    const server = app.listen(0, host, () => ready(server.address().port));
  },

  async mockttp(ready) {
    const { getLocal } = await load("mockttp");
    const server = getLocal({ recordTraffic: false });
    await server.start({ startPort: 49_152, endPort: 65_535 });
    await server.forAnyRequest().thenCallback(async (/** @type {any} */ { headers, body }) => {
      await body.getJson();
      const answer = answerTo(headers["bench-request"]);
      const text = JSON.stringify(answer?.body);
      const length = { "content-length": `${Buffer.byteLength(text)}` };
      return { statusCode: 200, headers: { ...answer?.headers, ...length }, body: text };
    });
    ready(server.port);
  },
};

/**
 * @param {string} name
 * @returns {Promise<any>}
 */
function load(name) {
  return import(pathToFileURL(resolve(name)).href);
}

await servers[library]?.((port) => console.log(`ready at http://${host}:${port}`));
