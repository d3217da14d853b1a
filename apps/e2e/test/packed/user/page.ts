// A page's script, bundled for a browser: it switches an order at the mock that its address names, and shows the answer.
import { createClient, isApiError } from "@auto-extend/client";
import { describeErrorCode, setAutoExtend, specOf } from "@auto-extend/core";

const baseUrl = new URLSearchParams(location.search).get("mock") ?? "";
const client = createClient({ apiKey: "any-key", baseUrl });
const { request } = specOf(setAutoExtend).examples.requests.MOBILE;

async function switchOrders(): Promise<object> {
  const { quantity } = await client.setAutoExtend(request);
  try {
    await client.setAutoExtend({ ...request, orderIds: ["99999"] });
    return { quantity };
  } catch (error) {
    return { quantity, known: isApiError(error) && describeErrorCode(error.code).known };
  }
}

const output = document.createElement("output");
output.value = await switchOrders().then(JSON.stringify, String);
document.body.append(output);
