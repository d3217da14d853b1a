// Switches auto-extend off for one order of the mock: start it with `npm start`, then run `node examples/off.mjs`.
import { createClient, isApiError, isAutoExtendError } from "@auto-extend/client";

const client = createClient({ apiKey: "any-key", baseUrl: "http://127.0.0.1:4010" });
try {
  const { quantity, balance } = await client.setAutoExtend({
    proxyType: "IPv4",
    orderIds: ["11111"],
    rentPeriodDays: 30,
    autoExtend: false,
  });
  console.log(`IP addresses switched off: ${quantity}, balance: ${balance}`);
} catch (error) {
  process.exitCode = 1;
  if (isApiError(error)) console.error(error.code, error.providerMessage, error.description.whatToDo);
  else if (isAutoExtendError(error)) console.error(error.message);
  else throw error;
}
