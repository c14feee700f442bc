import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('is what the built command prints', { timeout: 20_000 }, async () => {
  const script = new URL('../docs/picture.js', import.meta.url).href;
  const { picture } = (await import(script)) as { picture: () => Promise<string> };
  const kept = readFileSync(new URL('../docs/picture.svg', import.meta.url), 'utf8');
  expect(await picture(), '`node docs/picture.js` makes docs/picture.svg again').toBe(kept);
});
