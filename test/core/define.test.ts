import { expect, it } from 'vitest';
import { defineProvider } from '../../src/core/define.ts';
import type { EventType, Provider } from '../../src/core/provider.ts';
import { roastify } from '../helpers/deliveries.ts';

const event = Object.values(roastify.events)[0] as EventType;
const events = (name: string, change: Partial<EventType> = {}) => ({
  events: { [name]: { ...event, ...change } },
});

it('gives the provider back', () => expect(defineProvider(roastify)).toBe(roastify));

it.each(['jira:issue_created', 'repo:push', 'Order Created', 'Zahlung: fällig'])(
  'an event is named %s',
  (name) => {
    const provider = { ...roastify, ...events(name) };
    expect(defineProvider(provider)).toBe(provider);
  },
);

it.each<[string, Partial<Provider>, RegExp]>([
  ['a name in upper case', { name: 'Roastify' }, /provider "Roastify": a name is lower-case/],
  ['an empty name', { name: '' }, /a name is/],
  ['a name with a colon', { name: 'a:b' }, /a name is/],
  ['no events', { events: {} }, /it has no events; declare at least one/],
  ['an event with a space in front', events(' a'), /event " a": a name has no "\*"/],
  ['an event with a space behind', events('a '), /event "a "/],
  ['an event without a name', events(''), /event ""/],
  ['an event with a comma', events('a,b'), /event "a,b"/],
  ['an event with a line break', events('a\nb'), /event "a\\nb"/],
  ['an event with a star', events('a.*'), /event "a\.\*"/],
  ['an event without a source', events('a', { source: '' }), /event "a": its source is empty/],
  [
    'a schema without a basis',
    events('a', { schema: { type: 'object' } }),
    /event "a": its schema lacks "x-basis"/,
  ],
  ['an age before birth', events('a', { age: -1 }), /event "a": its age is -1 s/],
  [
    'a secret that does not suit',
    { exampleSecret: 'abc' },
    /example secret does not suit its scheme: it does not start/,
  ],
])('refuses %s', (_, change, message) => {
  expect(() => defineProvider({ ...roastify, ...change })).toThrow(TypeError);
  expect(() => defineProvider({ ...roastify, ...change })).toThrow(message);
});
