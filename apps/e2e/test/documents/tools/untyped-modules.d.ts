// The parts that are used here of packages that come without types.

declare module "newman" {
  export interface Execution {
    readonly request: { readonly url: { toString(): string } };
    readonly response: { json(): unknown };
  }

  const newman: {
    run(
      options: { collection: object; reporters: string[] },
      done: (error: Error | null, summary: { run: { executions: Execution[] } }) => void,
    ): void;
  };
  // biome-ignore lint/style/noDefaultExport: the package has no other.
  export default newman;
}

declare module "openapi-enforcer" {
  export interface Operation {
    readonly operationId: string;
    response(code: number, body: unknown, headers: Record<string, string>): { error?: unknown };
  }

  export interface Result {
    readonly value?: { readonly paths: Record<string, { readonly [method in "get" | "post"]?: Operation }> };
    readonly error?: unknown;
    readonly warning?: unknown;
  }

  // biome-ignore lint/style/noDefaultExport: the package has no other.
  export default function enforcer(document: unknown, options: { fullResult: true }): Promise<Result>;
}
