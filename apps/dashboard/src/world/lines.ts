import { baseUrl } from "../api.ts";

/** The same request in several languages, ready to paste. */

const body = '{"proxyType":"IPv4","orderIds":["11111"],"rentPeriodDays":30,"autoExtend":true}';
const url = `${baseUrl}/client/api/v1/any-key/extend/order/auto`;

export const languages = {
  curl: `curl -s ${url} \\
  -H 'content-type: application/json' \\
  -d '${body}'`,
  CLI: `export AUTO_EXTEND_API_KEY=any-key AUTO_EXTEND_BASE_URL=${baseUrl}
npx @auto-extend/cli on 11111 --days 30`,
  Client: `import { createClient } from "@auto-extend/client";

const client = createClient({ apiKey: "any-key", baseUrl: "${baseUrl}" });
await client.setAutoExtend({
  proxyType: "IPv4",
  orderIds: ["11111"],
  rentPeriodDays: 30,
  autoExtend: true,
});`,
  PHP: `<?php
$context = stream_context_create(["http" => [
    "method" => "POST",
    "header" => "content-type: application/json",
    "content" => '${body}',
]]);
echo file_get_contents("${url}", false, $context);`,
  Python: `import json, urllib.request

request = urllib.request.Request(
    "${url}",
    data=b'${body}',
    headers={"content-type": "application/json"},
)
print(json.load(urllib.request.urlopen(request)))`,
  Go: `body := strings.NewReader(\`${body}\`)
response, err := http.Post(
	"${url}",
	"application/json", body)`,
} as const;

export type Language = keyof typeof languages;
