import * as z from "zod/v3";
import { docsOf, documented, nullOnly } from "../documented.js";
import type { Evidence } from "../evidence.js";
import {
  acceptedFailure,
  apiError,
  ipAddressId,
  lawfulError,
  orderId,
  proxyType,
  rentPeriodDays,
} from "../fields.js";
import { checkIpAddressList } from "../ip-address-list.js";
import type { Operation, OperationSpec } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import {
  apiKeyRule,
  assumption,
  failuresOf,
  proxyTypeInQueryRule,
  statusStatement,
} from "../shared/rules.js";

/** The query of the request. */
export type ListIpAddressesRequest = z.infer<typeof request>;
/** The success that a server emits. */
export type ListIpAddressesSuccess = z.infer<typeof success>;
/** The failure that a server emits. */
export type ListIpAddressesFailure = z.infer<typeof failure>;
/** The success that a caller accepts: any that holds IP addresses somewhere; `readIpAddressList` finds them. */
export type AcceptedIpAddressList = z.infer<typeof acceptedSuccess>;

const request = documented(
  z.object({
    proxyType: documented(proxyType.optional(), {
      title: undefined,
      description: "Lists only the IP addresses of this proxy type (default: all).",
    }),
  }),
  {
    title: "ListIpAddressesRequest",
    description: "The proxy type whose IP addresses are listed (default: all).",
    example: { proxyType: "IPv4" },
  },
);

const documentedRecord = {
  ipAddressId: "1111111111111111111",
  ipAddressIp: "192.0.2.11",
  country: "DE",
  proxyType: "IPv4",
  dateStart: "2030-01-01T00:00:00.000Z",
  dateEnd: "2030-01-31T00:00:00.000Z",
  httpsPort: 8000,
  socks5Port: 8001,
  protocol: "HTTPS/SOCKS5",
  authInfo: { login: "mock-login", password: "mock-password" },
  extendInfo: { autoExtend: false, extendDays: 30 },
} as const;

const documentedSuccess = successOf("IPv4", "11111", documentedRecord);

const documentedFailure = {
  success: false,
  ipAddresses: [],
  error: { code: 4, message: "Incorrect proxy type" },
};

const text = (description: string) => documented(z.string(), { description });
const port = (description: string) => documented(z.number().int().min(1).max(65_535), { description });

const record = documented(
  z
    .object({
      ipAddressId,
      ipAddressIp: text("The IP address itself."),
      country: text("Its country. Nothing public says how it is written."),
      proxyType,
      dateStart: text("When the present rental began. Nothing public says how it is written."),
      dateEnd: text("When it ends. Nothing public says how it is written."),
      httpsPort: port("The port for HTTPS."),
      socks5Port: port("The port for SOCKS5."),
      protocol: text("The protocol of the proxy."),
      authInfo: documented(
        z
          .object({
            login: text("The login of the proxy: a credential."),
            password: text("The password of the proxy: a credential."),
          })
          .strict(),
        { description: "Credentials of the proxy: keep them out of logs, reports and files." },
      ),
      extendInfo: documented(
        z
          .object({
            autoExtend: documented(z.boolean(), { description: "Whether auto-extend is on." }),
            extendDays: rentPeriodDays,
          })
          .strict(),
        { description: "The present state of auto-extend." },
      ),
      mobileOperator: documented(z.string().optional(), {
        description: "MOBILE only: the mobile operator.",
      }),
      rotationTime: documented(z.number().optional(), {
        description: "MOBILE only: how often the IP address rotates. Nothing public gives the unit.",
      }),
      rebootLink: documented(z.string().optional(), {
        description: "MOBILE only: a URL that restarts the modem for whoever has it. Keep it secret.",
      }),
    })
    .strict(),
  {
    title: "IpAddressRecord",
    description: "One IP address, its credentials, and its present state of auto-extend.",
    example: documentedRecord,
  },
);

const success = documented(
  z
    .object({
      success: documented(z.literal(true), { description: "The IP addresses are listed." }),
      ipAddresses: documented(
        z.array(
          documented(
            z
              .object({
                proxyType,
                orders: documented(
                  z.array(
                    documented(
                      z
                        .object({
                          orderId,
                          ipAddresses: documented(z.array(record), {
                            description: "The IP addresses of the order.",
                          }),
                        })
                        .strict(),
                      { description: "One order." },
                    ),
                  ),
                  { description: "The orders of the proxy type." },
                ),
              })
              .strict(),
            { description: "The orders of one proxy type." },
          ),
        ),
        { description: "One group for each proxy type that has orders." },
      ),
      error: nullOnly("There is no error."),
    })
    .strict(),
  {
    title: "ListIpAddressesSuccess",
    description:
      "The IP addresses of the account, by proxy type and order. The names of the fields that hold groups and orders, `ipAddresses` and `orders`, are our own choice (assumed). Those of the records come from code that reads them (observed).",
    example: documentedSuccess,
  },
);

const failure = documented(
  z
    .object({
      success: documented(z.literal(false), { description: "Nothing is listed." }),
      ipAddresses: documented(z.array(record).max(0), { description: "Nothing is listed." }),
      error: apiError,
    })
    .strict(),
  { title: "ListIpAddressesFailure", description: "The provider refused.", example: documentedFailure },
);

const acceptedSuccess = z.object({ success: z.literal(true) }).passthrough();

/** No page of the answer is public, so every answer is lawful in which records can be found. */
const lawfulSuccess = documented(
  z
    .object({
      success: documented(z.literal(true), { description: "The IP addresses are listed." }),
      error: documented(z.null().optional(), docsOf(nullOnly("There is no error."))),
    })
    .passthrough(),
  docsOf(success),
);

const lawfulFailure = documented(
  z
    .object({
      success: documented(z.literal(false), { description: "Nothing is listed." }),
      error: lawfulError,
    })
    .passthrough(),
  docsOf(failure),
);

/**
 * Lists the IP addresses of the account, of one proxy type or all, with their present state of auto-extend. No page of
 * the answer is public (observed): `readIpAddressList` looks for the records wherever they stand. It holds credentials.
 */
export const listIpAddresses = {
  id: "listIpAddresses",
  method: "GET",
  path: "/client/api/v1/{apiKey}/ipAddress",
  changes: false,
  hasCredentials: true,
  // A record takes some 400 bytes, and accounts have them by the hundred thousand.
  answerLimit: 256 * 1024 * 1024,
  request,
  emits: { success, failure },
  lawful: { success: lawfulSuccess, failure: lawfulFailure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
  check: (_, answer) => checkIpAddressList(answer),
} as const satisfies Operation;

/** The specification of {@link listIpAddresses}. */
export function listIpAddressesSpec() {
  const observed = {
    grade: "observed",
    source: "code that reads the answer; no page is public",
  } as const satisfies Evidence;
  const likeOthers = {
    grade: "assumed",
    source: "no public page; as the other requests of the API do",
  } as const satisfies Evidence;
  const rules = [apiKeyRule("listIpAddresses", {}), proxyTypeInQueryRule("listIpAddresses")] as const;
  return {
    ...observed,
    summary: "List IP addresses with their orders",
    description:
      "Lists the IP addresses of the account by proxy type and order, with their present state of auto-extend. No page of it is public: its shape here is pieced together from code that reads it, so a reader should look for the records wherever they stand. It holds credentials.",
    statements: [
      statusStatement("listIpAddresses", likeOthers),
      {
        id: "listIpAddresses/success",
        claim:
          "A success has records with `ipAddressId` somewhere in it, each within an object that has the `orderId`.",
        ...observed,
      },
      {
        id: "listIpAddresses/extend-info",
        claim: "`extendInfo` of each record says whether auto-extend is on, and for how many days.",
        ...observed,
      },
      {
        id: "listIpAddresses/by-type",
        claim: "With `proxyType` in the query, the IP addresses of that type are listed, and no others.",
        ...observed,
      },
      assumption("listIpAddresses/whole-list", "One answer lists everything: it has no further pages."),
      {
        id: "listIpAddresses/failure",
        claim: "A failure has no records, and an error with code and message.",
        ...likeOthers,
      },
      assumption(
        "listIpAddresses/malformed-fields",
        "A proxy type that is empty is refused like one that does not exist.",
      ),
    ],
    rules,
    examples: {
      requests: {
        all: { request: {} satisfies ListIpAddressesRequest, success: documentedSuccess },
        IPv4: example("IPv4", "11111", { ipAddressId: "1111111111111111111", ipAddressIp: "192.0.2.11" }),
        IPv6: example("IPv6", "33333", { ipAddressId: "22222222222222222", ipAddressIp: "2001:db8::33" }),
        MOBILE: example("MOBILE", "44444", {
          ipAddressId: "4444444444444444444",
          ipAddressIp: "198.51.100.44",
        }),
        ISP: example("ISP", "55555", { ipAddressId: "5555555555555555555", ipAddressIp: "203.0.113.55" }),
      },
      failure: documentedFailure,
      failures: failuresOf(
        rules,
        (error): ListIpAddressesFailure => ({ ...documentedFailure, success: false, ipAddresses: [], error }),
      ),
    },
  } as const satisfies OperationSpec;
}

function example(type: ProxyType, order: string, part: { ipAddressId: string; ipAddressIp: string }) {
  return {
    request: { proxyType: type } satisfies ListIpAddressesRequest,
    success: successOf(type, order, {
      ...documentedRecord,
      ...part,
      proxyType: type,
    }) satisfies ListIpAddressesSuccess,
  };
}

function successOf<Shown>(type: ProxyType, order: string, only: Shown) {
  return {
    success: true as const,
    ipAddresses: [{ proxyType: type, orders: [{ orderId: order, ipAddresses: [only] }] }],
    error: null,
  };
}
