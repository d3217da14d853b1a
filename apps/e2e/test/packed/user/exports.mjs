// Prints what each package named on the command line exports, as JSON.
const names = process.argv.slice(2);
const entries = names.map(async (name) => [name, Object.keys(await import(name)).sort()]);
console.log(JSON.stringify(Object.fromEntries(await Promise.all(entries))));
