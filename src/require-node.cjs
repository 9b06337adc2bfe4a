// Loaded before anything else, and by any version of Node: older ones cannot read TypeScript and would say no more than that.
'use strict';

const { engines } = require('../package.json');

const wanted = /\d+/.exec(engines.node)[0];
if (process.versions.node.split('.')[0] !== wanted) {
  process.stderr.write(
    `Writ needs Node ${wanted}, and this is Node ${process.versions.node}. npm ci installs Node ${wanted} beside Writ, unless install scripts are off (--ignore-scripts) or development dependencies are left out (NODE_ENV=production, --omit=dev): run npm ci --include=dev --no-ignore-scripts, or install Node ${wanted}.\n`,
  );
  process.exit(1);
}
