import { isIP } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";
import { checkCertificate } from "../../app/failure.js";
import { type Finding, finding } from "./check.js";

const day = 86_400_000;
const soon = 14;

/** Reads the certificate of a server: `fetch` checks it, but does not say when it ends. */
export async function certificateCheck(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  { timeout, now, ca }: { readonly timeout: number; readonly now: number; readonly ca?: string },
): Promise<Finding> {
  try {
    const { protocol, endsAt } = await certificateOf({ host: hostname, port, timeout, ...(ca && { ca }) });
    const left = Math.floor((Date.parse(endsAt) - now) / day);
    const until = new Date(endsAt).toISOString().slice(0, 10);
    const found = `${protocol}; the certificate is trusted, and ends on ${until}, in ${left} days.`;
    return left < soon
      ? finding("warning", found, "The operator of the server has to renew it soon.")
      : finding("ok", found);
  } catch (error) {
    return finding("failed", `No trusted connection: ${(error as Error).message}.`, checkCertificate);
  }
}

function certificateOf(options: ConnectionOptions): Promise<{ protocol: string; endsAt: string }> {
  return new Promise((resolve, reject) => {
    // An IP address has no server name.
    const servername = isIP(options.host ?? "") ? "" : (options.host ?? "");
    const socket = connect({ ...options, servername }, () => {
      resolve({ protocol: socket.getProtocol() ?? "TLS", endsAt: socket.getPeerCertificate().valid_to });
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("timeout", () => socket.destroy(new Error(`no answer within ${options.timeout} ms`)));
  });
}
