// Loads the parts that the command line names, one after another, and prints the result of each as JSON.
const results = { node: process.version };
for (const part of process.argv.slice(2)) {
  results[part] = await import(`./${part}.js`).then(
    ({ result }) => result,
    ({ stack }) => stack,
  );
}
console.log(JSON.stringify(results));
