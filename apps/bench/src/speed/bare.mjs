// The least that a server can do for the same request: read, parse, stringify, answer.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const { proxyType, rentPeriodDays } = JSON.parse(Buffer.concat(chunks).toString());
    const body = JSON.stringify({
      success: true,
      proxyType,
      rentPeriodDays,
      quantity: 1,
      ipAddressIds: ["1111111111111111111"],
      balance: 5,
      currency: "USD",
      error: null,
    });
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => console.log(`ready at http://127.0.0.1:${server.address().port}`));
