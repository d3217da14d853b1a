/**
 * Whether a host means this machine and no other, so that nothing said to it can be overheard on the way.
 *
 * @param hostname a host name or address without its port, an IPv6 address with or without its brackets.
 */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name)
  );
}
