// The names that every entry exports.
import * as cli from "@auto-extend/cli";
import * as client from "@auto-extend/client";
import * as contractTests from "@auto-extend/contract-tests";
import * as core from "@auto-extend/core";
import * as mockServer from "@auto-extend/mock-server";
import * as mockFetch from "@auto-extend/mock-server/fetch";
import * as testing from "@auto-extend/mock-server/testing";

const entries = {
  "@auto-extend/cli": cli,
  "@auto-extend/client": client,
  "@auto-extend/contract-tests": contractTests,
  "@auto-extend/core": core,
  "@auto-extend/mock-server": mockServer,
  "@auto-extend/mock-server/fetch": mockFetch,
  "@auto-extend/mock-server/testing": testing,
};

export const result = Object.fromEntries(
  Object.entries(entries).map(([name, entry]) => [name, Object.keys(entry).sort()]),
);
