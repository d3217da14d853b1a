import { api, baseUrl } from "./api.ts";
import { shellWord } from "./requests/reading.ts";
import { acceptsNewKeys, account, accounts, revision } from "./store.ts";
import { useLoaded } from "./ui/load.ts";

/** A request to try, which succeeds in the present world, in several languages. */

export interface Sample {
  readonly apiKey: string;
  readonly url: string;
  readonly body: string;
  /** Why the mock will refuse it; empty if it need not. */
  readonly warning: string;
}

/** The account of the API key "any-key", which is named by the key's hash, as soon as somebody has used it. */
const sampleAccount = "account-3b81ed00900c";

/** An API key without an account gets a copy of the template, so that its first order is there for each. */
export function useSample(): Sample {
  const owner =
    accounts.value.find(({ id }) => id === sampleAccount) ??
    accounts.value.find(({ isTemplate }) => isTemplate) ??
    account.value;
  const { data } = useLoaded(owner && `sample ${owner.id}`, revision.value, () =>
    api.orders(owner?.id ?? "", { sort: "orderId", limit: 1 }),
  );
  const { proxyType, orderId } = data?.orders[0] ?? { proxyType: "IPv4", orderId: "11111" };
  const rentPeriodDays = owner?.rentPeriods[proxyType]?.[0] ?? 30;
  const apiKey = acceptsNewKeys.value ? "any-key" : "YOUR_KEY";
  return {
    apiKey,
    url: `${baseUrl}/client/api/v1/${apiKey}/extend/order/auto`,
    body: JSON.stringify({ proxyType, orderIds: [orderId], rentPeriodDays, autoExtend: true }),
    warning: data?.total === 0 ? `${owner?.id} has no running order, so this is refused. A reset helps.` : "",
  };
}

/** Sends the sample. @returns the account that it concerns; `null` if it was refused one. */
export async function sendSample({ url, body }: Sample): Promise<string | null> {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return answer.headers.get("mock-account");
}

export const languages = ["curl", "CLI", "Client", "PHP", "Python", "Go"] as const;
export type Language = (typeof languages)[number];

/** The lines to paste, by language. */
export function samplesOf({ apiKey, url, body }: Sample): Record<Language, string> {
  const { proxyType, orderIds, rentPeriodDays } = JSON.parse(body);
  const [orderId] = orderIds as [string];
  // PHP and Python escape alike, and JSON has no line breaks.
  const literal = `'${body.replace(/['\\]/g, "\\$&")}'`;
  return {
    curl: `curl -s ${shellWord(url)} \\
  -H 'content-type: application/json' \\
  -d ${shellWord(body)}`,
    CLI: `export AUTO_EXTEND_API_KEY=${apiKey}
export AUTO_EXTEND_BASE_URL=${baseUrl}
npx @auto-extend/cli on --yes --days ${rentPeriodDays} ${/^\w[\w.-]*$/.test(orderId) ? orderId : `-- ${shellWord(orderId)}`}`,
    Client: `import { createClient } from "@auto-extend/client";

const client = createClient({ apiKey: "${apiKey}", baseUrl: "${baseUrl}" });
const answer = await client.setAutoExtend({
  proxyType: "${proxyType}",
  orderIds: [${JSON.stringify(orderId)}],
  rentPeriodDays: ${rentPeriodDays},
  autoExtend: true,
});
console.log(answer);`,
    PHP: `<?php
$context = stream_context_create(["http" => [
    "method" => "POST",
    "header" => "content-type: application/json",
    "content" => ${literal},
]]);
echo file_get_contents("${url}", false, $context);`,
    Python: `import json, urllib.request

request = urllib.request.Request(
    "${url}",
    data=${literal}.encode(),
    headers={"content-type": "application/json"},
)
print(json.load(urllib.request.urlopen(request)))`,
    Go: `package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

func main() {
	body := strings.NewReader(${body.includes("`") ? JSON.stringify(body) : `\`${body}\``})
	answer, err := http.Post("${url}", "application/json", body)
	if err != nil {
		panic(err)
	}
	text, _ := io.ReadAll(answer.Body)
	fmt.Println(string(text))
}`,
  };
}
