import { effects, errorNames } from "@auto-extend/core";
import {
  ApiError,
  type AutoExtendError,
  ContractError,
  HttpError,
  NetworkError,
  RequestError,
  TimeoutError,
} from "./errors.js";

/** Whether a value is an error of this package, whichever copy of it. */
export function isAutoExtendError(value: unknown): value is AutoExtendError {
  return nameOf(value) !== undefined;
}

/** Whether a value is a {@link RequestError}, whichever copy of the package threw it. */
export const isRequestError = guardOf(RequestError);

/** Whether a value is an {@link ApiError}, whichever copy of the package threw it. */
export const isApiError = guardOf(ApiError);

/** Whether a value is an {@link HttpError}, whichever copy of the package threw it. */
export const isHttpError = guardOf(HttpError);

/** Whether a value is a {@link NetworkError}, whichever copy of the package threw it. */
export const isNetworkError = guardOf(NetworkError);

/** Whether a value is a {@link TimeoutError} of this package, not the platform's exception of the same name. */
export const isTimeoutError = guardOf(TimeoutError);

/** Whether a value is a {@link ContractError}, whichever copy of the package threw it. */
export const isContractError = guardOf(ContractError);

/** The guard of one class: its name stands on its prototype, which is typed as one of its errors. */
function guardOf<E extends AutoExtendError>({
  prototype,
}: {
  readonly prototype: E;
}): (value: unknown) => value is E {
  return (value): value is E => nameOf(value) === prototype.name;
}

/**
 * The name of an error of this package. Where two copies of it meet in one program, `instanceof` fails between them, so
 * it is known by its name and effect. The name alone would not do, for the platform has a TimeoutError of its own.
 */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("name" in value) || !("effect" in value)) {
    return undefined;
  }
  const { name, effect } = value;
  return effects.some((known) => known === effect) ? errorNames.find((known) => known === name) : undefined;
}
