import { describe, expect, it } from "vitest";
import { canary, runCli, runJson } from "../support/cli.js";
import { fileWith } from "../support/folder.js";
import { deadUrl } from "../support/server.js";
import { ids, provider } from "./provider.js";
import { dryRunMany, refusalOf, runMany } from "./runs.js";

/** Options without which the server would be asked for more than to switch. */
const direct = ["--no-preview", "--no-read-back"];

/** The groups that a file makes. */
async function groupsOf(csv: string, options: readonly string[] = []) {
  const { result } = await dryRunMany(["off", ...direct, "--file", await fileWith(csv), ...options]);
  return result.groups.map(({ proxyType, rentPeriodDays, orders }) => [proxyType, rentPeriodDays, orders]);
}

async function refused(csv: string, options: readonly string[] = []) {
  return refusalOf(["off", ...direct, "--file", await fileWith(csv), "--dry-run", ...options]);
}

describe("columns type and days", () => {
  it("group the orders, in the order in which they first come", async () => {
    expect(await groupsOf("type,orderId,days\nISP,1,30\nipv4,2,90\n isp ,3,30\nIPv4,4,30\n")).toEqual([
      ["ISP", 30, 2],
      ["IPv4", 90, 1],
      ["IPv4", 30, 1],
    ]);
  });

  it.each([
    "Order ID;Proxy Type;Rent Period Days",
    "rental_period_days\tORDER_ID\tproxyType",
    "days,note,orderid,TYPE",
    "orderId,type,extendDays",
    "Order ID;Proxy type;Rental period (days)",
    "orderId,type,period [days]",
  ])("are found by their headings, in any order and case: %s", async (heading) => {
    const separator = /[;\t,]/.exec(heading)?.[0] ?? "";
    const row = heading.split(separator).map((name) => {
      if (/order/i.test(name)) return "1";
      if (/days/i.test(name)) return "60";
      return /type/i.test(name) ? "MOBILE" : "";
    });
    expect(await groupsOf(`${heading}\n${row.join(separator)}\n`)).toEqual([["MOBILE", 60, 1]]);
  });

  it("are filled in by --type and --days if they are missing or empty", async () => {
    expect(await groupsOf("type,orderId\nIPv4,1\n,2\n", ["--type", "ipv4", "--days", "30"])).toEqual([
      ["IPv4", 30, 2],
    ]);
    expect(await groupsOf("orderId,days\n1,30\n2,60\n", ["--type", "ISP"])).toEqual([
      ["ISP", 30, 1],
      ["ISP", 60, 1],
    ]);
  });

  it("take precedence over --type and --days, so that one call switches a list with gaps", async () => {
    const csv = "type,orderId,days\nISP,1,90\nISP,2,\n,3,60\n,4,\n";
    expect(await groupsOf(csv, ["--type", "IPv4", "--days", "30"])).toEqual([
      ["ISP", 90, 1],
      ["ISP", 30, 1],
      ["IPv4", 60, 1],
      ["IPv4", 30, 1],
    ]);
    const argv = ["off", "--file", await fileWith(csv), "--type", "IPv4", "--days", "30"];
    const { notes } = await dryRunMany(argv);
    expect(notes).toEqual([
      expect.stringMatching(/^2 rows have another type in .*, which wins over the option \(IPv4\)\.$/),
      expect.stringMatching(/^2 rows have another rental period in .*, which wins over the option \(30\)\.$/),
    ]);
  });

  it("are found whatever the line ends are, and under a comment or the line of Excel", async () => {
    for (const start of ["sep=;\r\n", "# exported\r\n", '# by "me", today\n', ""]) {
      expect(await groupsOf(`${start}type;orderId;days\nISP;1;30\r\nISP;2;30\n`)).toEqual([["ISP", 30, 2]]);
    }
  });

  it.each([
    ["perid", "days"],
    ["Peroid", "days"],
    ["Duration", "days"],
    ["term", "days"],
    ["Number of days", "days"],
    ["Rental period (months)", "days"],
    ["proxy", "type"],
    ["Kind of proxy", "type"],
    ["dayss", "days"],
    ["tipe", "type"],
  ])("is refused if a heading that counts is misspelt or vague: %s", async (heading, meant) => {
    const file = await fileWith(`orderId,${heading}\n111,60\n`);
    expect(await refusalOf(["off", "--file", file])).toContain(
      `The heading "${heading}" of ${file} may mean "${meant}", and is not known.`,
    );
  });

  it.each([
    ["Laufzeit", "60", "days"],
    ["Durée", "180", "days"],
    ["Art", "IPv4", "type"],
    ["类型", "isp", "type"],
  ])("are refused if a column is plainly meant, in whatever language: %s", async (heading, cell, meant) => {
    const file = await fileWith(`orderId,${heading}\n111,${cell}\n222,${cell}\n`);
    expect(await refusalOf(["off", "--file", file])).toMatch(
      new RegExp(`^The column "${heading}" of .* its heading is not known\\. Rename it to ${meant}\\.`),
    );
    const other = await fileWith(`orderId,${heading}\n111,${cell}\n222,7\n`);
    const given = ["--type", "IPv4", "--days", "30"];
    for (const argv of [
      ["off", "--file", file, ...given],
      ["off", "--file", other, ...given],
    ]) {
      expect((await dryRunMany(argv)).notes).toEqual([expect.stringContaining(`not used: ${heading}.`)]);
    }
  });

  it.each([
    ...["date", "size", "periodic", "Ends in (days)", "days left"],
    ...["customer type", "payment term", "proxy host", "period start", "ip"],
  ])("may have other headings, such as %s", async (heading) => {
    const file = await fileWith(`orderId,${heading}\n111,60\n`);
    const { notes } = await dryRunMany(["off", "--type", "IPv4", "--days", "30", "--file", file]);
    expect(notes).toEqual([expect.stringContaining(`not used: ${heading}.`)]);
  });

  it("may have the name that orders prints, and others are named as not used", async () => {
    const file = await fileWith("type,orderId,Period,Tage\nISP,1,90,30\n");
    const { notes, result } = await dryRunMany(["off", "--file", file]);
    expect(result.groups).toMatchObject([{ rentPeriodDays: 90 }]);
    expect(notes).toEqual([expect.stringMatching(/^Columns of .* that are not used: Tage\.$/)]);
  });

  it("make orders of rows that begin with #, unless it is the order ID or there is no other cell", async () => {
    const given = ["--type", "ISP", "--days", "30"];
    expect(await groupsOf("note,orderId\n#urgent,1\nx,2\n# no order\n", given)).toEqual([["ISP", 30, 2]]);
    expect(await groupsOf("orderId,type\n#1,ISP\n2,ISP\n", given)).toEqual([["ISP", 30, 1]]);
    expect(await refused("type,orderId\n#ISP,1\n", given)).toContain('Unknown proxy type "#ISP"');
    expect(await groupsOf("#,orderId,type\n1,11,ISP\n", given)).toEqual([["ISP", 30, 1]]);
    expect(await refused("orderId\n#NAME?\n")).toContain("an error of a spreadsheet, such as #NAME?");
    expect(await groupsOf("# no order\n1\n#2\n", given)).toEqual([["ISP", 30, 1]]);
  });

  it("are required if the first of several lines looks different from all others", async () => {
    const given = ["--type", "ISP", "--days", "30"];
    for (const heading of ["Column1", "field_1"]) {
      expect(await refused(`${heading}\n11111\n22222\n`, given)).toContain("looks like a heading");
    }
    for (const heading of ["orders_2026", "id1", "bestellung1"]) {
      expect(await refused(`${heading}\nDE11111\nDE22222\n`, given)).toContain("looks like a heading");
    }
    expect(await refused("id1\nde11111\nus-22\n", given)).toContain("looks like a heading");
    expect(await groupsOf("DE1\nUS2\n", given)).toEqual([["ISP", 30, 2]]);
    expect(await groupsOf("id1\nid2\n", given)).toEqual([["ISP", 30, 2]]);
    expect(await groupsOf("a1\nb2\n3\n", given)).toEqual([["ISP", 30, 3]]);
    expect(await groupsOf("a1\n", given)).toEqual([["ISP", 30, 1]]);
  });

  it("may be empty for some orders, as orders --csv leaves days if an order has several periods", async () => {
    const server = await provider();
    const file = await fileWith(
      "type,orderId,addresses,country,endsAt,autoExtend,days\nISP,1,2,DE,,off,90\nISP,2,3,DE FR,,mixed,\n",
    );
    await runMany(["on", ...direct, "--yes", "--file", file, "--days", "30", "--base-url", server.url]);
    expect(server.seen.map(({ body }) => [body.orderIds, body.rentPeriodDays])).toEqual([
      [["1"], 90],
      [["2"], 30],
    ]);
  });

  it("send each group with its own type and period", async () => {
    const server = await provider();
    const file = await fileWith("type,orderId,days\nISP,1,30\nIPv4,2,90\nISP,3,30\n");
    const { result } = await runMany(["off", ...direct, "--file", file, "--base-url", server.url]);
    expect(server.seen.map(({ body }) => body)).toEqual([
      { proxyType: "ISP", orderIds: ["1", "3"], rentPeriodDays: 30, autoExtend: false },
      { proxyType: "IPv4", orderIds: ["2"], rentPeriodDays: 90, autoExtend: false },
    ]);
    expect(result.groups).toMatchObject([
      { proxyType: "ISP", rentPeriodDays: 30, orders: 2, changed: 2 },
      { proxyType: "IPv4", rentPeriodDays: 90, orders: 1, changed: 1 },
    ]);
  });
});

describe("a file of orders", () => {
  it.each(["orders", "id", "Bestellnummer"])("must not begin with the heading %s", async (heading) => {
    const csv = `${heading}\n111\n222\n`;
    expect(await refused(csv, ["--type", "IPv4", "--days", "30"])).toMatch(
      /^Line 1 of .* looks like a heading, but not like one that is known\. Name the column orderId/,
    );
  });

  it("can come back from a spreadsheet that separates columns by semicolons", async () => {
    const csv = "type;orderId;days;outcome;code;message\nISP;3;30;refused;29;No, not this, or that\n";
    expect(await groupsOf(csv)).toEqual([["ISP", 30, 1]]);
  });

  it("may begin with the line that names the separator for Excel, which counts as a line", async () => {
    expect(await groupsOf("sep=;\r\norderId;type;days\r\n1;ISP;30\r\n")).toEqual([["ISP", 30, 1]]);
    expect(await groupsOf('"sep=\t"\norderId\ttype\tdays\n1\tISP\t30')).toEqual([["ISP", 30, 1]]);
    expect(await refused("sep=;\norderId;type;days\n1;ISP;soon\n")).toMatch(/^Line 3 of /);
  });

  it.each(["1.23457E+16", '"1,23457E+16"', "11111.0"])(
    "must not have an order ID that a spreadsheet has changed: %s",
    async (changed) => {
      const refusal = await refused(`type,orderId,days\nISP,${changed},30\n`);
      expect(refusal).toMatch(/^Line 2 of .* is an order ID that a spreadsheet has changed into a number\./);
      expect(refusal).toContain(`"${changed.replaceAll('"', "")}"`);
    },
  );

  it("must not list an order with two types or periods, and drops one that is repeated", async () => {
    expect(await refused("type,orderId,days\nISP,1,30\nISP,1,90\n")).toMatch(
      /^Line 3 of .*: order 1 is given a second time, and its type or rental period is not/,
    );
    const file = await fileWith("type,orderId,days\nISP,1,30\n");
    const both = ["off", "1", "--type", "IPv4", "--days", "30", "--dry-run", "--file", file];
    expect(await refusalOf(both)).toMatch(/^Line 2 of .*: order 1 is on the command line as well, and its/);
    const csv = "type,orderId,days\nISP,1,30\nISP,01,30\nISP,1,30\nISP,1e0,30\n";
    expect(await groupsOf(csv)).toEqual([["ISP", 30, 3]]);
  });

  it("is refused with all that is wrong in its rows", async () => {
    const rows = [
      "ISP,1,1 month",
      "IP v4,2,soon",
      "ISP,NUMBER-3,30",
      "ISP,,30",
      "ISP,5,30,6",
      "ISP,7,30",
      "ISP,7,90",
    ];
    const file = await fileWith(`type,orderId,days\n${rows.join("\n")}\n`);
    const argv = ["off", ...direct, "--file", file];
    const { exitCode, error } = await runJson(argv);
    expect(exitCode).toBe(2);
    expect(error?.message).toBe(`${file} has 7 problems.`);
    expect(error?.whatToDo).toBe("Correct these lines, or remove them.");
    expect(error?.issues.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'line 2: the rental period "1 month" is not a whole number of days.',
      'line 3: Unknown proxy type "IP v4" (expected IPv4, IPv6, MOBILE or ISP).',
      'line 3: the rental period "soon" is not a whole number of days.',
      expect.stringMatching(/^line 4: NUMBER-3 is an order number/),
      "line 5: has no order ID.",
      "line 6: has 4 columns (ISP, 5, 30, 6), and its headings name 3.",
      expect.stringMatching(/^line 8: order 7 is given a second time/),
    ]);
    const { stderr } = await runCli(argv);
    expect(stderr).toMatch(/ has 7 problems\.\n {2}line 2: .*\n {2}line 3: [\s\S]*\nCorrect these lines/);
  });

  it("is refused with the first ten problems of its rows, and with the advice for all if it is the same", async () => {
    const list = ids(3000).map((id) => `${id}\n${id},${id}`);
    const file = await fileWith(`1\n${list.join("\n")}\n`);
    const { error } = await runJson(["off", ...direct, "--file", file]);
    expect(error?.message).toBe(`${file} has 3,000 problems, of which these are the first 10.`);
    expect(error?.whatToDo).toBe("Name that column orderId, or list one order ID a line.");
    expect(error?.issues).toHaveLength(10);
    expect(error?.issues[9]?.path).toBe("line 21");
  });

  it.each([`ISP,${canary},30`, `${"x".repeat(30)}${canary},1,30`, `ISP,1,${"3".repeat(30)}${canary}`])(
    "is refused without any of its content if the API key is in a row: %s",
    async (row) => {
      const file = await fileWith(`type,orderId,days\nmine,1,30\n${row}\n`);
      const { error } = await runJson(["off", ...direct, "--file", file]);
      expect(error).toMatchObject({
        message: expect.stringMatching(/^Line 3 of .* the API key/),
        issues: [],
      });
    },
  );

  it("is refused without the beginning of an API key where a long row is cut", async () => {
    const { error } = await runJson([
      "off",
      "--file",
      await fileWith(`orderId\n1,${"x".repeat(85)}${canary}\n`),
    ]);
    expect(error?.message).toContain("has 2 columns (1, xxx");
    expect(error?.message).not.toContain(canary.slice(0, 5));
  });

  it.each<[string, string, string[], RegExp]>([
    [
      "with an order number",
      "type,orderId,days\nISP,1,30\nISP,NUMBER-2,30",
      [],
      /^Line 3 of .*: NUMBER-2 is an order number/,
    ],
    [
      "with an ID that holds a comma",
      'type,orderId,days\nISP,"1,2",30',
      [],
      /^Line 2 of .*: "1,2" contains a comma/,
    ],
    [
      "with an unknown type",
      "type,orderId,days\nresidential,1,30",
      [],
      /^Line 2 of .*: Unknown proxy type "residential".*another heading/,
    ],
    [
      "with a period that is not a number of days",
      "type,orderId,days\nISP,1,soon",
      [],
      /^Line 2 of .*: the rental period "soon" is not a whole number of days/,
    ],
    [
      "with two columns of types",
      "type,proxyType,orderId\nISP,ISP,1",
      [],
      /^The headings type and proxyType of .* mean the same/,
    ],
    [
      "with two columns of order IDs",
      "orderId,order_id\n1,2",
      [],
      /^The headings orderId and order_id of .* mean the same/,
    ],
    [
      "with a quote that is never closed",
      'type,orderId\nISP,"1',
      [],
      /has a quote that is never closed, below line 1\./,
    ],
    ["with text behind a quote", 'type,orderId\nISP,"1"2', [], /^Line 2 of .* text behind a closing quote/],
    ["as UTF-16", "1\u00002\u0000", [], /not UTF-8 text/],
    ["for an unknown type", "1", ["--type", "IPv5", "--days", "30"], /^Unknown proxy type "IPv5"/],
  ])("is refused %s", async (_, csv, options, message) => {
    expect(await refused(`${csv}\n`, options)).toMatch(message);
  });

  it("is refused if it has more kinds of orders than there can be", async () => {
    const rows = ids(101).map((days) => `ISP,${days},${days}`);
    expect(await refused(`type,orderId,days\n${rows.join("\n")}\n`)).toContain(
      "more than 100 kinds of orders",
    );
  });

  it("may be larger than what is held in memory, and is sent as it was read", async () => {
    const server = await provider();
    // Two groups, line by line, and IDs of more than one byte a character.
    const list = ids(20_000).map((id) => `naïve-☂-${"0".repeat(40)}-${id}`);
    const rows = list.map((id, index) => `${index % 2 ? "ISP" : "IPv4"},${id},30`);
    const file = await fileWith(`type,orderId,days\n${rows.join("\n")}\n`);
    const pace = ["--chunk-size", "1000", "--concurrency", "1"];
    const { result } = await runMany(["off", ...direct, "--file", file, "--base-url", server.url, ...pace]);
    expect(result.summary).toMatchObject({ given: 20_000, changed: 20_000, calls: 20 });
    expect(server.sent.flat()).toEqual([
      ...list.filter((_, index) => index % 2 === 0),
      ...list.filter((_, index) => index % 2 === 1),
    ]);
  });

  it("is a copy from then on: what was confirmed is sent, whatever becomes of the file", async () => {
    const { writeFile } = await import("node:fs/promises");
    const server = await provider();
    const file = await fileWith("1\n2\n");
    const argv = ["on", ...direct, "--type", "ISP", "--days", "30", "--file", file, "--base-url", server.url];
    await runMany(argv, {
      terminal: true,
      confirm: async () => {
        await writeFile(file, "3\n4\n5\n");
        return true;
      },
    });
    expect(server.sent).toEqual([["1", "2"]]);
  });

  it("is read before anything is asked or begun", async () => {
    const argv = ["on", ...direct, "--type", "ISP", "--days", "30", "--base-url", await deadUrl(), "--file"];
    expect(await refusalOf([...argv, "/no/such/file"], { terminal: true })).toContain("no such file");
    expect(await refusalOf([...argv, await fileWith("# none\n")], { terminal: true })).toContain(
      "There is no order ID in",
    );
  });
});
