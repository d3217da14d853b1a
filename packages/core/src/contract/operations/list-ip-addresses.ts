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
  authInfo: { login: "mock-login-vvx987", password: "mock-password-vvx987" },
  extendInfo: { autoExtend: false, extendDays: 30 },
} as const;

const documentedSuccess = successOf([
  { proxyType: "IPv4", orders: [{ orderId: "11111", ipAddresses: [documentedRecord] }] },
]);

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
  {
    title: "OtherIpAddressList",
    description:
      "The IP addresses of the account in any other form: no page of this answer is public. Look for objects that have an `ipAddressId`, wherever they stand.",
    example: { success: true, data: [{ orderId: "11111", ...documentedRecord }] },
    additionalProperties: {},
    // Tools take one of two forms, never both.
    not: { $ref: "#/components/schemas/ListIpAddressesSuccess" },
  },
);

const lawfulFailure = documented(
  z
    .object({
      success: documented(z.literal(false), { description: "Nothing is listed." }),
      error: lawfulError,
    })
    .passthrough(),
  {
    ...docsOf(failure),
    example: { success: false, error: documentedFailure.error },
    additionalProperties: {},
  },
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
  const groups = defaultGroups();
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
        all: { request: {} satisfies ListIpAddressesRequest, success: successOf(groups) },
        IPv4: example("IPv4", groups),
        IPv6: example("IPv6", groups),
        MOBILE: example("MOBILE", groups),
        ISP: example("ISP", groups),
      },
      failure: documentedFailure,
      failures: failuresOf(
        rules,
        (error): ListIpAddressesFailure => ({ ...documentedFailure, success: false, ipAddresses: [], error }),
      ),
    },
  } as const satisfies OperationSpec;
}

function example(type: ProxyType, groups: readonly Group[]) {
  return {
    request: { proxyType: type } satisfies ListIpAddressesRequest,
    success: successOf(groups.filter(({ proxyType }) => proxyType === type)) satisfies ListIpAddressesSuccess,
  };
}

function successOf<Listed>(ipAddresses: Listed) {
  return { success: true as const, ipAddresses, error: null };
}

type Group = ListIpAddressesSuccess["ipAddresses"][number];

/** What the mock's default account lists on 1 January 2030. */
function defaultGroups(): Group[] {
  const january = { dateStart: "2030-01-01T00:00:00.000Z", dateEnd: "2030-01-31T00:00:00.000Z" };
  const fromMidJanuary = { dateStart: "2030-01-16T00:00:00.000Z", dateEnd: "2030-02-15T00:00:00.000Z" };
  const february = { dateStart: "2030-01-31T00:00:00.000Z", dateEnd: "2030-03-02T00:00:00.000Z" };
  return [
    group("IPv4", {
      "11111": { ...january, addresses: [["1111111111111111111", "192.0.2.11", "DE", "vvx987"]] },
      "22222": {
        ...february,
        addresses: [
          ["2222222222222222221", "192.0.2.21", "FR", "1qwz9o6"],
          ["2222222222222222222", "192.0.2.22", "FR", "1t6bwqc"],
        ],
      },
    }),
    group("IPv6", {
      "33333": { ...january, addresses: [["22222222222222222", "2001:db8::33", "NL", "yixjyk"]] },
      "66666": {
        ...fromMidJanuary,
        addresses: [
          ["6666666666666666661", "2001:db8::61", "NL", "1ailtnv"],
          ["6666666666666666662", "2001:db8::62", "NL", "1g6u285"],
        ],
      },
    }),
    group("MOBILE", {
      "44444": { ...january, addresses: [["4444444444444444444", "198.51.100.44", "GB", "oxy04f"]] },
    }),
    group("ISP", {
      "55555": { ...january, addresses: [["5555555555555555555", "203.0.113.55", "US", "1ck8v0f"]] },
    }),
  ];
}

interface Rented {
  readonly dateStart: string;
  readonly dateEnd: string;
  /** ID, IP address, country, and the end of its login and password. */
  readonly addresses: readonly (readonly [string, string, string, string])[];
}

function group(proxyType: ProxyType, rented: Readonly<Record<string, Rented>>): Group {
  return {
    proxyType,
    orders: Object.entries(rented).map(([orderId, { addresses, ...dates }]) => ({
      orderId,
      ipAddresses: addresses.map(([ipAddressId, ipAddressIp, country, credential]) => ({
        ...documentedRecord,
        ...dates,
        ipAddressId,
        ipAddressIp,
        country,
        proxyType,
        authInfo: { login: `mock-login-${credential}`, password: `mock-password-${credential}` },
      })),
    })),
  };
}
