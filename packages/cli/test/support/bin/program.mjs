#!/usr/bin/env node
// Stands for the program in shells: the test that started the shell runs it, from its sources.
const port = process.env.AUTO_EXTEND_TEST_PORT;
const response = await fetch(`http://127.0.0.1:${port}`, {
  method: "POST",
  body: JSON.stringify(process.argv.slice(2)),
});
process.stdout.write(await response.text());
