import ts from "typescript";

/**
 * The environment variables that a file reads: as `process.env.X`, `process.env["X"]` or `"X" in process.env`, by
 * destructuring, or in any of these ways from a `process` or `env` that was imported or given another name. A name that
 * only a run can know is returned as its expression, in brackets.
 */
export function environmentReads(text: string): string[] {
  const file = ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true);
  const names = { process: new Set(["process"]), env: new Set<string>() };
  const reads = new Set<string>();
  // First all names, since a function may use one that is declared below it.
  visit(file, (node) => bindNames(node, names, reads));
  visit(file, (node) => {
    if (ts.isPropertyAccessExpression(node) && isEnv(node.expression, names)) reads.add(node.name.text);
    if (ts.isElementAccessExpression(node) && isEnv(node.expression, names)) {
      reads.add(keyOf(node.argumentExpression));
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
      if (isEnv(node.right, names)) reads.add(keyOf(node.left));
    }
  });
  return [...reads].sort();
}

/** The values that the names in a file stand for. */
interface Names {
  readonly process: Set<string>;
  readonly env: Set<string>;
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

function bindNames(node: ts.Node, names: Names, reads: Set<string>): void {
  if (ts.isImportDeclaration(node) && isProcessModule(node.moduleSpecifier)) bindImports(node, names);
  if ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && node.initializer) {
    bind(node.name, kindOf(node.initializer, names), { names, reads });
  }
  if (ts.isBinaryExpression(node)) readAssigned(node, names, reads);
}

/** `({ X } = process.env)` */
function readAssigned(
  { left, operatorToken, right }: ts.BinaryExpression,
  names: Names,
  reads: Set<string>,
): void {
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !isEnv(right, names)) return;
  if (!ts.isObjectLiteralExpression(left)) return;
  for (const { name } of left.properties) if (name) reads.add(propertyName(name));
}

function isProcessModule(specifier: ts.Expression): boolean {
  return ts.isStringLiteral(specifier) && ["process", "node:process"].includes(specifier.text);
}

function bindImports({ importClause }: ts.ImportDeclaration, names: Names): void {
  if (importClause?.name) names.process.add(importClause.name.text);
  const bindings = importClause?.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) names.process.add(bindings.name.text);
  if (!bindings || !ts.isNamedImports(bindings)) return;
  for (const { name, propertyName } of bindings.elements) {
    const imported = (propertyName ?? name).text;
    if (imported === "env") names.env.add(name.text);
    if (imported === "default") names.process.add(name.text);
  }
}

type Kind = "process" | "env" | null;

interface Found {
  readonly names: Names;
  readonly reads: Set<string>;
}

/** Notes what a declaration makes of the process or its environment. */
function bind(name: ts.BindingName, kind: Kind, found: Found): void {
  if (kind === null) return;
  if (ts.isIdentifier(name)) return void found.names[kind].add(name.text);
  if (ts.isArrayBindingPattern(name)) return;
  for (const element of name.elements) {
    const key = propertyName(element.propertyName ?? element.name);
    if (element.dotDotDotToken) bind(element.name, kind, found);
    else if (kind === "env") found.reads.add(key);
    else if (key === "env") bind(element.name, "env", found);
  }
}

function kindOf(expression: ts.Expression, names: Names): Kind {
  if (isEnv(expression, names)) return "env";
  return isProcess(expression, names) ? "process" : null;
}

function isEnv(expression: ts.Expression, names: Names): boolean {
  const inner = bare(expression);
  if (ts.isIdentifier(inner)) return names.env.has(inner.text);
  const [holder, key] = memberOf(inner);
  return holder !== null && key === "env" && isProcess(holder, names);
}

function isProcess(expression: ts.Expression, names: Names): boolean {
  const inner = bare(expression);
  if (ts.isIdentifier(inner)) return names.process.has(inner.text);
  const [holder, key] = memberOf(inner);
  return key === "process" && holder !== null && ["globalThis", "global"].includes(holder.getText());
}

function memberOf(expression: ts.Expression): [holder: ts.Expression | null, key: string] {
  if (ts.isPropertyAccessExpression(expression)) return [expression.expression, expression.name.text];
  if (ts.isElementAccessExpression(expression)) {
    return [expression.expression, keyOf(expression.argumentExpression)];
  }
  return [null, ""];
}

/** An expression without parentheses, `as`, `satisfies` and `!` around it. */
function bare(expression: ts.Expression): ts.Expression {
  const wrapped =
    ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isNonNullExpression(expression);
  return wrapped ? bare(expression.expression) : expression;
}

function keyOf(expression: ts.Expression): string {
  const inner = bare(expression);
  return ts.isStringLiteralLike(inner) ? inner.text : `[${inner.getText()}]`;
}

function propertyName(name: ts.PropertyName | ts.BindingName): string {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) return name.text;
  return ts.isComputedPropertyName(name) ? keyOf(name.expression) : name.getText();
}
