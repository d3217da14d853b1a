/** How sure we are of something the provider does; {@link gradeMeanings} says what each grade means. */
export type Grade = (typeof grades)[number];

/** The grades, the strongest first. */
export const grades = ["reference", "sibling", "observed", "assumed"] as const;

/** The meaning of each grade, as one sentence for people. */
export const gradeMeanings: Readonly<Record<Grade, string>> = {
  reference: "The reference text of this endpoint says so.",
  sibling: "The reference page of a related request of the same API says so.",
  observed: "It was only seen in code that calls the API.",
  assumed: "It is our own reasonable choice; nothing public says so.",
};

/** The evidence for a statement about the provider. */
export interface Evidence {
  readonly grade: Grade;
  /** Where it was found, in words. */
  readonly source: string;
}

/** A statement about the provider that has a name, so that a report can say which one a server contradicts. */
export interface Statement extends Evidence {
  /** Stable and unique over the whole contract, such as `error-code/4`. */
  readonly id: string;
  readonly claim: string;
}

/** The weaker of two grades: a conclusion is as weak as its weakest evidence. */
export function weakerGrade(a: Grade, b: Grade): Grade {
  return grades.indexOf(a) >= grades.indexOf(b) ? a : b;
}
