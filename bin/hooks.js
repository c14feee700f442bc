#!/usr/bin/env node
// From Node 22.8 on, compiled code is kept between runs.
require('node:module').enableCompileCache?.();

const { main, systemContext } = require('../dist/cli.cjs');

const context = systemContext();

main(process.argv.slice(2), context).then((code) => {
  // What was lost on the way out has set a code of its own.
  process.exitCode ||= code;
  context.end();
});
