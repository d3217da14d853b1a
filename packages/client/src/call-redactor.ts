import {
  type Operation,
  type Redactor,
  withoutCredentials,
  withoutCredentialsInText,
} from "@auto-extend/core";

/** The redactor of a call: beside the API key, it takes the credentials of proxies out of what an operation answers with such. */
export function callRedactor({ hasCredentials }: Operation, redactor: Redactor): Redactor {
  if (!hasCredentials) return redactor;
  return {
    text: (text) => withoutCredentialsInText(redactor.text(text)),
    value: <Value>(value: Value) => withoutCredentials(redactor.value(value)) as Value,
  };
}
