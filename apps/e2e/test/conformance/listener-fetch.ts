import type { RequestListener } from "node:http";
import supertest from "supertest";

export function fetchFrom(listener: RequestListener): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const method = request.method.toLowerCase() as "get" | "post" | "put" | "delete";
    const test = supertest(listener)
      [method](pathname + search)
      .set(Object.fromEntries(request.headers));
    // Bytes both ways: supertest would read and write the JSON itself.
    const answer = await test
      .responseType("blob")
      .serialize((body) => body)
      .send(request.body ? Buffer.from(await request.arrayBuffer()) : undefined);
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
}
