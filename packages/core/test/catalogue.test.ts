import { allStatements, gradeMeanings, grades, transportErrors, weakerGrade } from "@auto-extend/core";
import { describe, expect, it } from "vitest";

describe("every statement", () => {
  const statements = allStatements();

  it("has an ID of its own", () => {
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
