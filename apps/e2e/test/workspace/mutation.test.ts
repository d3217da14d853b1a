import { expect, it } from "vitest";
import { memberGroups } from "../../../../scripts/mutation/groups.mjs";
import { filesOf } from "../../../../scripts/toolchain.mjs";
import { checkout } from "./turbo-tasks.ts";

const groups = Object.values(memberGroups).flatMap(({ folder, tests = [], groups }) =>
  Object.entries({ tests, ...groups }).flatMap(([name, globs]) =>
    globs.map((glob) => ({ folder, name, glob, files: filesOf(checkout, `:(glob)${folder}/${glob}`) })),
  ),
);

it("every glob of the mutation groups finds files", () => {
  expect(groups.filter(({ files }) => files.length === 0)).toEqual([]);
});

it.each([
  ...["contract", "http", "privacy", "renewals"].map((room) => `packages/core/src/${room}`),
  ...["bulk", "call"].map((room) => `packages/client/src/${room}`),
  ...["operations", "time"].map((room) => `apps/mock-server/src/engine/${room}`),
])("every file is in one mutation group: %s", (room) => {
  const files = filesOf(checkout, room);
  const grouped = groups.filter(({ name }) => name !== "tests").flatMap((group) => group.files);
  expect(files).not.toEqual([]);
  expect(grouped.filter((file) => file.startsWith(`${room}/`)).sort()).toEqual(files.sort());
});
