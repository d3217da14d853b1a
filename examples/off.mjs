// Switches auto-extend off for one order of the mock: start it with `npm start`, then run `node examples/off.mjs`.
import { createClient, isApiError } from "@auto-extend/client";

const client = createClient({ apiKey: "any-key", baseUrl: "http://127.0.0.1:4010" });
try {
  const { quantity, balance } = await client.setAutoExtend({
    proxyType: "IPv4",
    orderIds: ["11111"],
    rentPeriodDays: 30,
    autoExtend: false,
  });
  console.log(`${quantity} IP addresses switched off, balance ${balance}`);
} catch (error) {
  if (isApiError(error)) console.error(error.code, error.providerMessage, error.description.whatToDo);
  else throw error; // Each error of the client says its effect: "none", "unknown" or "reported-applied".
}
