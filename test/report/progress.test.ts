import { expect, it } from 'vitest';
import { openProgress } from '../../src/report/progress.ts';
import { buffered } from '../helpers/context.ts';

const lineStart = '\r\x1b[2K';

it('writes nothing where there is no terminal', () => {
  const err = buffered();
  const progress = openProgress(err, 100);
  progress.say('words');
  progress.update(50);
  progress.clear();
  expect(err.text()).toBe('');
});

it('writes its line over and over, and takes it away once', () => {
  const err = buffered({ isTTY: true });
  const progress = openProgress(err, 100);
  progress.clear();
  progress.say('one');
  progress.say('two');
  progress.clear();
  progress.clear();
  expect(err.text()).toBe(`${lineStart}one${lineStart}two${lineStart}`);
});

it('is no longer than the terminal is wide', () => {
  const err = buffered({ isTTY: true, columns: 10 });
  openProgress(err, 1).say('a'.repeat(50));
  expect(err.text()).toBe(`${lineStart}${'a'.repeat(9)}`);
});

it('shows how many of how many are over, not of one alone', () => {
  const err = buffered({ isTTY: true });
  openProgress(err, 1).update(1);
  expect(err.text()).toBe('');
});
