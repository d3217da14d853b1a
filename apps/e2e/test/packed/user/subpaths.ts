// Every entry by name, for resolutions that may not read `exports`.
import { createMockFetch } from "@auto-extend/mock-server/fetch";
import { useMockServer } from "@auto-extend/mock-server/testing";

const fetch = createMockFetch({
  // @ts-expect-error: an untyped import would take anything.
  apiKeys: 5,
});

export const result = [fetch.state().accounts.length, useMockServer.length];
