// The code whose tests are tried by mutation, in groups whose scores are compared from one run to the next. After a
// move, name the files that took over: a test knows the folders that belong to a group.

/**
 * @typedef {object} Member
 * @property {string} folder
 * @property {string[]} [tests] globs of the tests that are run; all of them by default
 * @property {Record<string, string[]>} groups globs within the folder, by the name of the group
 */

/** @type {Record<string, Member>} */
export const memberGroups = {
  core: {
    folder: "packages/core",
    groups: {
      contract: ["src/contract/**/*.ts"],
      renewals: ["src/renewals/**/*.ts"],
      privacy: ["src/privacy/**/*.ts"],
      http: ["src/http/**/*.ts"],
    },
  },
  client: {
    folder: "packages/client",
    groups: {
      call: ["src/errors.ts", "src/events.ts", "src/call/**/*.ts"],
      bulk: ["src/bulk/**/*.ts"],
    },
  },
  "mock-server": {
    folder: "apps/mock-server",
    // The engine's own: those of the servers around it go through all of the engine, and find little more.
    tests: ["test/engine/**/*.test.ts", "test/lib/fits.test.ts", "test/control-api/clock.test.ts"],
    groups: {
      operations: ["src/engine/operations/**/*.ts", "src/lib/fits.ts"],
      time: ["src/engine/time/**/*.ts"],
    },
  },
};
