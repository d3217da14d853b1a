import {
  ApiError,
  AutoExtendError,
  ContractError,
  type Effect,
  type ErrorName,
  HttpError,
  NetworkError,
  RequestError,
  TimeoutError,
} from "./errors.js";

// Where two copies of this package meet in one program, `instanceof` fails between them: then an error is known by its
// name and effect. The name alone would not do, for the platform has a TimeoutError of its own.
const names: Readonly<Record<ErrorName, true>> = {
  RequestError: true,
  ApiError: true,
  HttpError: true,
  NetworkError: true,
  TimeoutError: true,
  ContractError: true,
};
const effects: Readonly<Record<Effect, true>> = { none: true, unknown: true, "reported-applied": true };

/** Whether a value is an error of this package, whichever copy of it. */
export function isAutoExtendError(value: unknown): value is AutoExtendError {
  return value instanceof AutoExtendError || nameOf(value) !== undefined;
}

/** Whether a value is a {@link RequestError}, whichever copy of the package threw it. */
export function isRequestError(value: unknown): value is RequestError {
  return value instanceof RequestError || nameOf(value) === "RequestError";
}

/** Whether a value is an {@link ApiError}, whichever copy of the package threw it. */
export function isApiError(value: unknown): value is ApiError {
  return value instanceof ApiError || nameOf(value) === "ApiError";
}

/** Whether a value is an {@link HttpError}, whichever copy of the package threw it. */
export function isHttpError(value: unknown): value is HttpError {
  return value instanceof HttpError || nameOf(value) === "HttpError";
}

/** Whether a value is a {@link NetworkError}, whichever copy of the package threw it. */
export function isNetworkError(value: unknown): value is NetworkError {
  return value instanceof NetworkError || nameOf(value) === "NetworkError";
}

/** Whether a value is a {@link TimeoutError} of this package, not the platform's exception of the same name. */
export function isTimeoutError(value: unknown): value is TimeoutError {
  return value instanceof TimeoutError || nameOf(value) === "TimeoutError";
}

/** Whether a value is a {@link ContractError}, whichever copy of the package threw it. */
export function isContractError(value: unknown): value is ContractError {
  return value instanceof ContractError || nameOf(value) === "ContractError";
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("name" in value) || !("effect" in value))
    return undefined;
  const { name, effect } = value;
  const fits =
    typeof name === "string" &&
    Object.hasOwn(names, name) &&
    typeof effect === "string" &&
    Object.hasOwn(effects, effect);
  return fits ? name : undefined;
}
