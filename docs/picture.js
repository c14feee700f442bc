/**
 * Makes docs/picture.svg from what the built command really prints: `npm run build`, then `node docs/picture.js`.
 * Seed and payload clock are fixed; clock times, ports and durations are replaced by fixed ones, nothing else is touched.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/hooks.js', import.meta.url));
const shape = { seed: 186, at: '2026-11-21T10:00:00Z' };
const steady = ['--seed', String(shape.seed), '--at', shape.at];

/** The picture as SVG. */
export async function picture() {
  const listener = start(['listen', '--port', '0']);
  const port = await portOf(listener);
  const proxy = await rewritingProxy(port);
  const ports = { [port]: 4665, [proxy.address().port]: 3000 };
  const order = await run(['send', 'shoprocket', 'order.created', '--to', `localhost:${port}`, ...steady]);
  const via = `localhost:${proxy.address().port}`;
  const shipped = await run(['send', 'roastify', 'fulfillment.shipped', '--to', via, ...steady]);
  await until(listener, /remedy.*\n/);
  const heard = linesOf(listener, ports);
  listener.child.kill('SIGINT');
  await once(listener.child, 'close');
  proxy.close();
  return draw([
    { title: 'hooks listen', lines: [prompt('hooks listen'), ...heard] },
    {
      title: 'hooks send',
      lines: [
        prompt('hooks send shoprocket order.created --to localhost'),
        ...linesOf(order, ports),
        '',
        prompt(
          'hooks send roastify fulfillment.shipped --to 3000',
          'a tunnel that parses the JSON and writes it again',
        ),
        ...linesOf(shipped, ports),
      ],
    },
  ]);
}

/** What smee and many a framework do: forward the parsed body, not the bytes. */
async function rewritingProxy(port) {
  const server = createServer(async (request, response) => {
    const body = JSON.stringify(JSON.parse(await textOf(request)), null, 2);
    const { 'content-length': _length, host: _host, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(`http://localhost:${port}/`, { method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await once(server.listen(0, 'localhost'), 'listening');
  return server;
}

async function textOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

/** The environment without secrets of somebody's own. */
const unconfigured = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('HOOKS_')),
);

/** Starts the command; stdout and stderr are kept apart, for which came first is chance. */
function start(words) {
  const child = spawn(process.execPath, [bin, ...words, '--color', 'on'], {
    env: unconfigured,
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => {
      texts[name] += text;
    });
  return { child, texts };
}

async function run(words) {
  const started = start(words);
  await once(started.child, 'close');
  return started;
}

async function until({ child, texts }, pattern) {
  const text = () => texts.stdout + texts.stderr;
  while (!pattern.test(text())) {
    if (child.exitCode !== null)
      throw new Error(`the command ended before it printed ${pattern}:\n${text()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return pattern.exec(text());
}

const portOf = async (listener) => Number((await until(listener, /localhost:(\d+)/))[1]);

/** What a command printed, notices first, with what differs from run to run made the same. */
function linesOf({ texts }, ports) {
  const fixed = (texts.stderr + texts.stdout)
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=\x1b\[22m {2}(?:-->|<--|\x1b))/g, '2026-11-21 10:00:00')
    .replace(/\d+ ms/g, '12 ms')
    .replace(/localhost:(\d+)/g, (all, port) => (ports[port] ? `localhost:${ports[port]}` : all));
  return fixed.trimEnd().split('\n');
}

const prompt = (command, comment = '') =>
  `\x1b[32m$\x1b[39m \x1b[1m${command}\x1b[22m${comment && `   \x1b[2m# ${comment}\x1b[22m`}`;

const cell = { width: 7.8, height: 19 };
const pad = 16;
const bar = 30;
const gap = 14;
const ink = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#76e3ea' };

/** Terminal windows one above the other. */
function draw(windows) {
  const columns = Math.max(...windows.flatMap(({ lines }) => lines.map((line) => plain(line).length)));
  const width = Math.ceil(columns * cell.width + 2 * pad);
  let top = 0;
  const parts = windows.map(({ title, lines }) => {
    const height = bar + lines.length * cell.height + pad;
    const part = drawWindow(title, lines, top, width, height);
    top += height + gap;
    return part;
  });
  const height = top - gap;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 ${width + 2} ${height + 2}" width="${width + 2}" height="${height + 2}" role="img" aria-labelledby="title">
<title id="title">hooks listen prints two deliveries: one is valid; the other's signature does not fit, because the body was rewritten on its way</title>
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; fill: #d1d7e0; white-space: pre }
.b { font-weight: 600; fill: #f0f6fc }
.d { fill: #8b949e }
${Object.entries(ink)
  .map(([code, color]) => `.c${code} { fill: ${color} }`)
  .join('\n')}
</style>
${parts.join('\n')}
</svg>
`;
}

function drawWindow(title, lines, top, width, height) {
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (color, index) => `<circle cx="${pad + 6 + index * 18}" cy="${top + 16}" r="5.5" fill="${color}"/>`,
  );
  const rows = lines.flatMap((line, index) => drawLine(line, round(top + bar + (index + 0.8) * cell.height)));
  return `<rect y="${top}" width="${width}" height="${height}" rx="8" fill="#0d1117" stroke="#3d444d"/>
${dots.join('')}
<text class="d" x="${width / 2}" y="${top + 20}" text-anchor="middle">${escapeXml(title)}</text>
${rows.join('\n')}`;
}

/** One text for each run of one style, set to its columns, so that any monospace font fits. */
function drawLine(line, y) {
  let column = 0;
  return styled(line).flatMap(({ text, classes }) => {
    const indent = text.length - text.trimStart().length;
    const shown = text.trim();
    const x = round(pad + (column + indent) * cell.width);
    column += text.length;
    if (shown === '') return [];
    const kind = classes.length > 0 ? ` class="${classes.join(' ')}"` : '';
    const length = round(shown.length * cell.width);
    return [`<text${kind} x="${x}" y="${y}" textLength="${length}">${escapeXml(shown)}</text>`];
  });
}

/** A line with ANSI colours as runs of one style. */
function styled(line) {
  let classes = [];
  return line.split(/(\x1b\[\d+m)/).flatMap((piece) => {
    const code = /^\x1b\[(\d+)m$/.exec(piece)?.[1];
    if (code === undefined) return piece === '' ? [] : [{ text: piece, classes }];
    if (code === '22') classes = classes.filter((name) => name !== 'b' && name !== 'd');
    else if (code === '39') classes = classes.filter((name) => !name.startsWith('c'));
    else classes = [...classes, code === '1' ? 'b' : code === '2' ? 'd' : `c${code}`];
    return [];
  });
}

const plain = (line) => line.replace(/\x1b\[\d+m/g, '');
const round = (value) => Math.round(value * 10) / 10;
const escapeXml = (text) =>
  text.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char]);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('picture.svg', import.meta.url), await picture());
}
