import {
  allStatements,
  gradeMeanings,
  grades,
  operations,
  specOf,
  transportErrors,
  weakerGrade,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";

describe("every statement", () => {
  const statements = allStatements();

  it("has an id of its own", () => {
    const ids = statements.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("has a claim that is a sentence, a grade and a source", () => {
    for (const { id, claim, grade, source } of statements) {
      expect(claim, id).toMatch(/^[A-Z`].*\.$/);
      expect(grades, id).toContain(grade);
      expect(source, id).not.toBe("");
    }
  });

  it("is found in the list, whichever table it comes from", () => {
    const ids = new Set(statements.map(({ id }) => id));
    const tables = operations.flatMap((operation) => specOf(operation).rules.map(({ id }) => id));
    expect(tables.length).toBeGreaterThan(0);
    for (const id of [...tables, "error-code/4", "transport/too-large", "rent-periods/ISP"]) {
      expect(ids).toContain(id);
    }
  });
});

describe("grades", () => {
  it("each have a meaning", () => {
    expect(Object.keys(gradeMeanings)).toEqual([...grades]);
  });

  it("make a conclusion as weak as its weakest support", () => {
    expect(weakerGrade("reference", "observed")).toBe("observed");
    expect(weakerGrade("assumed", "sibling")).toBe("assumed");
    expect(weakerGrade("sibling", "sibling")).toBe("sibling");
  });
});

describe("transport errors", () => {
  it("are graded as assumed, since nothing public describes them", () => {
    expect(Object.values(transportErrors).map(({ status, grade }) => [status, grade])).toEqual([
      [400, "assumed"],
      [404, "assumed"],
      [405, "assumed"],
      [413, "assumed"],
      [415, "assumed"],
    ]);
  });
});
