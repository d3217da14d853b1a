/** How sure we are of something the provider does; {@link gradeMeanings} says what each grade means. */
export type Grade = (typeof grades)[number];

/** The grades, surest first. */
export const grades = ["reference", "sibling", "observed", "assumed"] as const;

/** What each grade means, as one sentence for people. */
export const gradeMeanings: Readonly<Record<Grade, string>> = {
  reference: "It stands in the reference text of this endpoint.",
  sibling: "It stands in the reference page of a sibling request of the same API.",
  observed: "It was only seen in code that calls the API.",
  assumed: "It is our own reasonable choice; nothing public says so.",
};

/** What a statement about the provider rests on. */
export interface Evidence {
  readonly grade: Grade;
  /** Where it was read, in words. */
  readonly source: string;
}

/** A statement about the provider that has a name, so that a report can say which one a server contradicts. */
export interface Statement extends Evidence {
  /** Stable and unique over the whole contract, such as `error-code/4`. */
  readonly id: string;
  /** What is claimed, as one sentence. */
  readonly claim: string;
}

/** The less sure of two grades: a conclusion is as weak as its weakest support. */
export function weakerGrade(a: Grade, b: Grade): Grade {
  return grades.indexOf(a) >= grades.indexOf(b) ? a : b;
}
