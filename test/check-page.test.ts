import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('is what the built command lists', async () => {
  const script = new URL('../docs/check.js', import.meta.url).href;
  const { page } = (await import(script)) as { page: () => string };
  const kept = readFileSync(new URL('../docs/check.md', import.meta.url), 'utf8');
  expect(page(), '`node docs/check.js` writes docs/check.md again').toBe(kept);
});
