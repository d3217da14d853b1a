/**
 * Puts a generated part into a text that people write, between the two comments that name it.
 *
 * @param {string} text
 * @param {string} name
 * @param {string} part
 */
export function withWrittenPart(text, name, part) {
  const [beginning, end] = [
    `<!-- ${name}: written by \`npm run docs:screenshot\` -->`,
    `<!-- end of ${name} -->`,
  ];
  const [from, to] = [text.indexOf(beginning), text.indexOf(end)];
  if (from === -1 || to < from) {
    throw new Error(`There is no place for the ${name}. Put this where they belong:\n${beginning}\n${end}`);
  }
  return `${text.slice(0, from + beginning.length)}\n\n${part}\n\n${text.slice(to)}`;
}
