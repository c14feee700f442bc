#!/usr/bin/env node
// From Node 22.8 on, compiled code is kept between runs.
require('node:module').enableCompileCache?.();

const { main, systemContext } = require('../dist/cli.cjs');

main(process.argv.slice(2), systemContext()).then((code) => {
  process.exitCode = code;
});
