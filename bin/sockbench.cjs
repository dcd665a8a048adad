#!/usr/bin/env node
// Read by any Node, however old: nothing newer than ES5 here. What needs more is in load.cjs.
'use strict';

var fs = require('fs');
var path = require('path');

var parts = process.versions.node.split('.');
var major = Number(parts[0]);
var minor = Number(parts[1]);

if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write('sockbench needs Node 22.12 or newer; this is ' + process.versions.node + '\n');
  process.exitCode = 2;
} else if (!fs.existsSync(path.join(__dirname, '..', 'dist', 'sockbench.js'))) {
  process.stderr.write('sockbench is not built yet: run "npm ci && npm run build" in this checkout\n');
  process.exitCode = 2;
} else {
  require('./load.cjs');
}
