// For each line, a JSON string: the host that the WHATWG URL reader of Node finds, as JSON; null if it refuses.
'use strict';

const lines = require('fs').readFileSync(0, 'utf8').split('\n').slice(0, -1);

function hostOf(text) {
    try {
        return new URL(text).hostname;
    } catch {
        return null;
    }
}

process.stdout.write(lines.map((line) => JSON.stringify(hostOf(JSON.parse(line))) + '\n').join(''));
