import * as z from "zod/v3";
import { type DocsEntry, objectDocs } from "../docs.js";
import type { Evidence } from "../evidence.js";
import {
  acceptedFailure,
  apiError,
  failed,
  ipAddressId,
  lawfulError,
  noError,
  orderId,
  proxyType,
  rentPeriodDays,
  succeeded,
} from "../fields.js";
import { checkIpAddressList } from "../ip-address-list.js";
import { unreadableDates } from "../lenient-date.js";
import type { Operation, OperationSpec } from "../operation.js";
import { proxyTypes } from "../proxy-types.js";
import {
  apiKeyRule,
  assumptions,
  claims,
  exampleOfEachType,
  failuresOf,
  proxyTypeInQueryRule,
  statusClaim,
} from "../shared/rules.js";

type Emitted = ReturnType<typeof emittedSchemas>;
type Success = z.infer<Emitted["success"]>;
type Failure = z.infer<Emitted["failure"]>;

const id = "listIpAddresses";

const request = z.object({ proxyType: proxyType.optional() });

/** The provider does not document the answer, so every answer in which records can be found is lawful. */
const lawfulSuccess = z.object({ success: succeeded, error: noError.optional() }).passthrough();
const lawfulFailure = z.object({ success: failed, error: lawfulError }).passthrough();
const acceptedSuccess = z.object({ success: succeeded }).passthrough();

/**
 * Lists the account's IP addresses with their state of auto-extend and credentials. The provider does not document the answer
 * (observed), so `readIpAddressList` finds the records wherever they are in it.
 */
export const listIpAddresses = {
  id,
  method: "GET",
  path: "/client/api/v1/{apiKey}/ipAddress",
  changes: false,
  hasCredentials: true,
  // A record takes some 400 bytes, and accounts have them by the hundred thousand.
  answerLimit: 256 * 1024 * 1024,
  request,
  lawful: { success: lawfulSuccess, failure: lawfulFailure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
  check: (_, answer, { headers }) => checkIpAddressList(answer, headers),
} as const satisfies Operation;

export function listIpAddressesSpec() {
  const source = "code that reads the answer; the provider does not document it";
  const observed: Evidence = { grade: "observed", source };
  const likeOthers: Evidence = {
    grade: "assumed",
    source: "no public page; as the other requests of the API do",
  };
  const rules = [apiKeyRule(id, {}), proxyTypeInQueryRule(id)] as const;
  const schemas = emittedSchemas();
  const groups = defaultGroups();
  const examples = exampleOfEachType((type) => ({
    request: { proxyType: type },
    success: successWith(groups.filter(({ proxyType }) => proxyType === type)),
  }));
  const failures = failuresOf(rules, 4, (error): Failure => {
    return { success: false, ipAddresses: [], error };
  });
  return {
    ...observed,
    summary: "List IP addresses with their orders",
    description:
      "Lists the IP addresses of the account by proxy type and order, with their current state of auto-extend. The provider does not document the answer: its form here is inferred from code that reads it, so look for objects with an `ipAddressId`, wherever they are. The answer contains credentials.",
    emits: { success: schemas.success, failure: schemas.failure, check: unreadableDates },
    docs: schemaDocs(schemas, examples.IPv4.success, failures.failure),
    statements: [
      ...claims(id, likeOthers, statusClaim),
      ...claims(id, observed, {
        success:
          "A success has records with `ipAddressId` somewhere in it, each within an object that has the `orderId`.",
        "extend-info": "`extendInfo` of each record says whether auto-extend is on, and for how many days.",
        "by-type": "With `proxyType` in the query, the IP addresses of that type are listed, and no others.",
      }),
      ...assumptions(id, { "whole-list": "One answer lists everything: the list is not split into pages." }),
      ...claims(id, likeOthers, { failure: "A failure has no records, and an error with code and message." }),
      ...assumptions(id, {
        "malformed-fields": "A proxy type that is empty is refused like one that does not exist.",
      }),
    ],
    rules,
    examples: { requests: { all: { request: {}, success: successWith(groups) }, ...examples }, ...failures },
  } as const satisfies OperationSpec;
}

/** The schemas of our mock's answers. They are made by a function, so that the bundle of a client leaves them out. */
function emittedSchemas() {
  const port = () => z.number().int().min(1).max(65_535);
  const authInfo = z.strictObject({ login: z.string(), password: z.string() });
  const extendInfo = z.strictObject({ autoExtend: z.boolean(), extendDays: rentPeriodDays });

  const record = z.strictObject({
    ipAddressId,
    ipAddressIp: z.string(),
    country: z.string(),
    proxyType,
    dateStart: z.string(),
    dateEnd: z.string(),
    httpsPort: port(),
    socks5Port: port(),
    protocol: z.string(),
    authInfo,
    extendInfo,
    mobileOperator: z.string().optional(),
    rotationTime: z.number().optional(),
    rebootLink: z.string().optional(),
  });

  const order = z.strictObject({ orderId, ipAddresses: z.array(record) });
  const group = z.strictObject({ proxyType, orders: z.array(order) });
  const success = z.strictObject({ success: succeeded, ipAddresses: z.array(group), error: noError });

  const failure = z.strictObject({ success: failed, ipAddresses: z.array(record).max(0), error: apiError });
  return { success, failure, group, order, record, authInfo, extendInfo };
}

function successWith(ipAddresses: Success["ipAddresses"]): Success {
  return { success: true, ipAddresses, error: null };
}

const dateStart = "2030-01-01T00:00:00.000Z";
const oneMonth = { dateStart, dateEnd: "2030-01-31T00:00:00.000Z" };
const sixWeeks = { dateStart: "2029-12-17T00:00:00.000Z", dateEnd: "2030-02-15T00:00:00.000Z" };
const twoMonths = { dateStart, dateEnd: "2030-03-02T00:00:00.000Z" };

/** The IP addresses of the mock's default account on 1 January 2030. The last column ends its login and password. */
const defaultAddresses = [
  ["IPv4", "11111", oneMonth, "1111111111111111111", "192.0.2.11", "DEU", "vvx987"],
  ["IPv4", "22222", twoMonths, "2222222222222222221", "192.0.2.21", "FRA", "1qwz9o6"],
  ["IPv4", "22222", twoMonths, "2222222222222222222", "192.0.2.22", "FRA", "1t6bwqc"],
  ["IPv6", "33333", oneMonth, "22222222222222222", "2001:db8::33", "NLD", "yixjyk"],
  ["IPv6", "66666", sixWeeks, "6666666666666666661", "2001:db8::61", "NLD", "1ailtnv"],
  ["IPv6", "66666", sixWeeks, "6666666666666666662", "2001:db8::62", "NLD", "1g6u285"],
  ["MOBILE", "44444", oneMonth, "4444444444444444444", "198.51.100.44", "GBR", "oxy04f"],
  ["ISP", "55555", oneMonth, "5555555555555555555", "203.0.113.55", "USA", "1ck8v0f"],
] as const;

function defaultGroups(): z.infer<Emitted["group"]>[] {
  return proxyTypes.map((proxyType) => {
    const rows = defaultAddresses.filter(([type]) => type === proxyType);
    const orderIds = [...new Set(rows.map(([, orderId]) => orderId))];
    const orders = orderIds.map((orderId) => ({
      orderId,
      ipAddresses: rows.filter(([, id]) => id === orderId).map(recordOf),
    }));
    return { proxyType, orders };
  });
}

function recordOf(row: (typeof defaultAddresses)[number]): z.infer<Emitted["record"]> {
  const [proxyType, , dates, ipAddressId, ipAddressIp, country, credential] = row;
  return {
    ipAddressId,
    ipAddressIp,
    country,
    proxyType,
    ...dates,
    httpsPort: 8000,
    socks5Port: 8001,
    protocol: "HTTP",
    authInfo: { login: `mock-login-${credential}`, password: `mock-password-${credential}` },
    extendInfo: { autoExtend: false, extendDays: 30 },
    ...(proxyType === "MOBILE" && {
      mobileOperator: "Mock Mobile",
      rotationTime: 5,
      rebootLink: `https://modem.example/reboot?token=mock-token-${credential}`,
    }),
  };
}

function schemaDocs(
  { success, failure, group, order, ...ofRecord }: Emitted,
  exampleSuccess: Success,
  exampleFailure: Failure,
): DocsEntry[] {
  const exampleRecord = exampleSuccess.ipAddresses[0]?.orders[0]?.ipAddresses[0];
  const anyFields = { additionalProperties: {} };
  const refused = { title: "ListIpAddressesFailure", description: "The provider refused the request." };
  return [
    ...objectDocs([request], {
      title: "ListIpAddressesRequest",
      description: "The proxy type whose IP addresses are listed (default: all).",
      example: { proxyType: "IPv4" },
      fields: {
        proxyType: {
          title: undefined,
          description: "Lists only the IP addresses of this proxy type (default: all).",
        },
      },
    }),
    ...objectDocs([success], {
      title: "ListIpAddressesSuccess",
      description:
        "The IP addresses of the account, by proxy type and order. The field names `ipAddresses` (of the groups) and `orders` are our own choice (assumed). The field names of the records are taken from code that reads them (observed).",
      example: exampleSuccess,
      fields: { ipAddresses: "One group for each proxy type that has orders." },
    }),
    ...objectDocs([lawfulSuccess], {
      title: "OtherIpAddressList",
      description:
        "The IP addresses of the account in any other form, since the provider does not document it. Look for objects that have an `ipAddressId`, wherever they are.",
      example: { success: true, data: [{ orderId: "11111", ...exampleRecord }] },
      ...anyFields,
      // Tools take one of two forms, never both.
      not: { $ref: "#/components/schemas/ListIpAddressesSuccess" },
    }),
    ...objectDocs([group], {
      description: "The orders of one proxy type.",
      fields: { orders: "The orders of the proxy type." },
    }),
    ...objectDocs([order], {
      description: "One order.",
      fields: { ipAddresses: "The IP addresses of the order." },
    }),
    ...recordDocs(ofRecord, exampleRecord),
    ...objectDocs([failure], {
      ...refused,
      example: exampleFailure,
      fields: { ipAddresses: "Empty in a failure." },
    }),
    ...objectDocs([lawfulFailure], {
      ...refused,
      example: { success: false, error: exampleFailure.error },
      ...anyFields,
    }),
  ];
}

function recordDocs(
  { record, authInfo, extendInfo }: Pick<Emitted, "record" | "authInfo" | "extendInfo">,
  example: unknown,
): DocsEntry[] {
  return [
    ...objectDocs([record], {
      title: "IpAddressRecord",
      description: "One IP address, its credentials, and its current state of auto-extend.",
      example,
      fields: {
        ipAddressIp: "The IP address itself.",
        country: "Its country. Code that reads it expects three letters, such as `DEU`.",
        dateStart: "When the current rental began. The format is not public.",
        dateEnd: "When the current rental ends. The format is not public.",
        httpsPort: "The port for HTTPS.",
        socks5Port: "The port for SOCKS5.",
        protocol: "The protocol of the proxy. Code that reads it expects `HTTP` or `SOCKS`.",
        mobileOperator: "MOBILE only: the mobile operator.",
        rotationTime: "MOBILE only: how often the IP address rotates. The unit is not public.",
        rebootLink: "MOBILE only: a URL that restarts the modem for whoever has it. Keep it secret.",
      },
    }),
    ...objectDocs([authInfo], {
      description: "Credentials of the proxy: keep them out of logs, reports and files.",
      fields: {
        login: "The login of the proxy: a credential.",
        password: "The password of the proxy: a credential.",
      },
    }),
    ...objectDocs([extendInfo], {
      description: "The current state of auto-extend.",
      fields: { autoExtend: "Whether auto-extend is on." },
    }),
  ];
}
