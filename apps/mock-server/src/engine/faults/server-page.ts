import type { Fault } from "./fault.js";

type Page = Pick<NonNullable<Fault["http"]>, "headers" | "body"> & { readonly status: number };

/** What web servers and gateways send in place of an answer. */
export function serverPage(status: number, title: string): Page {
  const heading = status === 200 ? title : `${status} ${title}`;
  return {
    status,
    headers: { "content-type": "text/html" },
    body: `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n<hr>\r\n</body>\r\n</html>\r\n`,
  };
}

/** What they send to whoever asks too often. */
export function tooMany(retryAfter: number): Page & { readonly retryAfter: number } {
  return { ...serverPage(429, "Too Many Requests"), retryAfter };
}
