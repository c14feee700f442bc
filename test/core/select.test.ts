import { describe, expect, it } from 'vitest';
import { eventFilter, eventTest, findEvents, findProvider } from '../../src/core/select.ts';
import { UsageError } from '../../src/errors.ts';
import { providers } from '../../src/providers/index.ts';
import { roastify, roseRocket, shoprocket } from '../helpers/deliveries.ts';

const withHint = (hint: string | RegExp) =>
  expect.objectContaining({ name: 'UsageError', hint: expect.stringMatching(hint) });

describe('findProvider', () => {
  it.each(['roastify', 'Roastify', 'ROASTIFY'])('%s', (name) =>
    expect(findProvider(name, providers)).toBe(roastify),
  );

  it.each([
    ['roastfy', 'did you mean roastify?'],
    ['rose', 'did you mean rose-rocket?'],
    ['stripe', 'there are rose-rocket, roastify, shoprocket'],
    ['', 'there are'],
  ])('"%s" is refused', (name, hint) => expect(() => findProvider(name, providers)).toThrow(withHint(hint)));
});

describe('findEvents', () => {
  const shipping = ['fulfillment.created', 'fulfillment.shipped'];
  it.each<[string, typeof roastify, string[], string[]]>([
    ['a machine name', roseRocket, ['order.pod_uploaded'], ['order.pod_uploaded']],
    ['a printed name', roseRocket, ['Order POD Uploaded'], ['order.pod_uploaded']],
    ['a printed name in another case', roseRocket, [' order pod UPLOADED '], ['order.pod_uploaded']],
    ['a machine name in another case', roseRocket, ['Order.Created'], ['order.created']],
    ['the provider before it', shoprocket, ['shoprocket:order.created'], ['order.created']],
    ['a glob', shoprocket, ['order.*'], ['order.created', 'order.updated', 'order.deleted']],
    ['a glob in front', shoprocket, ['*.deleted'], ['order.deleted', 'customer.deleted']],
    [
      'several, in lifecycle order, each once',
      roastify,
      [...shipping.toReversed(), 'fulfillment.cr*d'],
      shipping,
    ],
  ])('%s', (_, provider, words, names) => expect(findEvents(provider, words)).toEqual(names));

  it('* is every event, in lifecycle order', () => {
    for (const provider of providers)
      expect(findEvents(provider, ['*'])).toEqual(Object.keys(provider.events));
  });

  it.each([
    ['order.crated', 'did you mean order.created?'],
    ['Order POD Uploadd', 'did you mean Order POD Uploaded?'],
    ['roastify:order.created', /./],
    ['order', /./],
    ['x.*', 'hooks events rose-rocket lists them'],
    ['', 'hooks events rose-rocket lists them'],
    ['constructor', /./],
  ])('"%s" is refused', (word, hint) => {
    expect(() => findEvents(roseRocket, [word])).toThrow(UsageError);
    expect(() => findEvents(roseRocket, [word])).toThrow(withHint(hint));
  });
});

describe('eventTest', () => {
  it.each([
    ['order.*', 'order.created', true],
    ['order.*', 'orderXcreated', false],
    ['*', 'anything', true],
    ['*.created', 'order.created', true],
    ['order.created', 'order.created2', false],
    ['o*d', 'order.created', true],
    ['a+b', 'aab', false],
    ['(a', '(a', true],
    ['[a]', 'a', false],
  ])('%s fits %s: %s', (pattern, name, fits) => expect(eventTest(pattern)(name)).toBe(fits));

  it('takes no time over a pattern full of stars', () => {
    expect(eventTest('*a*a*b')('a'.repeat(200))).toBe(false);
  });
});

describe('eventFilter', () => {
  const all: [string, string][] = providers.flatMap(({ name, events }) =>
    Object.keys(events).map((event): [string, string] => [name, event]),
  );
  const kept = (...patterns: string[]) => {
    const filter = eventFilter(patterns, providers);
    return all.filter(([provider, event]) => filter({ provider, event })).map((pair) => pair.join(':'));
  };

  it.each<[string[], string[]]>([
    [['shoprocket:order.created'], ['shoprocket:order.created']],
    [
      ['order.created'],
      ['rose-rocket:order.created', 'shoprocket:order.created', 'shoprocket-v3:order.created'],
    ],
    [
      [' tracking.* ', 'customer.created'],
      ['roastify:tracking.updated', 'shoprocket:customer.created', 'shoprocket-v3:customer.created'],
    ],
    [['roastify:tracking.*'], ['roastify:tracking.updated']],
    [['Shoprocket:Order.Created'], ['shoprocket:order.created']],
  ])('%j', (patterns, names) => expect(kept(...patterns)).toEqual(names));

  it('keeps nothing that has no event', () => {
    expect(eventFilter(['*'], providers)({ provider: 'roastify', event: undefined })).toBe(false);
    expect(eventFilter(['*'], providers)({ provider: 'roastify', event: 'unheard.of' })).toBe(true);
  });

  it.each([
    ['ordr.created', 'did you mean order.created?'],
    ['roastify:order.created', 'order.created is an event of rose-rocket, shoprocket'],
    ['roastify:order.*', 'order.* fits events of rose-rocket, shoprocket'],
    ['roastify:ordr.created', 'lists them'],
    ['roastfy:tracking.updated', 'did you mean roastify?'],
    ['', 'lists them'],
  ])('"%s" is refused', (pattern, hint) =>
    expect(() => eventFilter([pattern], providers)).toThrow(withHint(hint)),
  );
});

describe('events whose names have a colon or a space', () => {
  const [event] = Object.values(roastify.events);
  const named = (name: string, ...names: string[]) => ({
    ...roastify,
    name,
    events: Object.fromEntries(names.map((each) => [each, { ...event!, title: each }])),
  });
  const jira = named('jira', 'jira:issue_created', 'jira:issue_deleted', 'comment_created');
  const bucket = named('bucket', 'repo:push', 'Order Created');
  const all = [...providers, jira, bucket];

  it.each([
    [jira, 'jira:issue_created', ['jira:issue_created']],
    [jira, 'jira:jira:issue_created', ['jira:issue_created']],
    [jira, 'jira:comment_created', ['comment_created']],
    [bucket, 'repo:*', ['repo:push']],
    [bucket, 'bucket:repo:push', ['repo:push']],
    [bucket, 'Order Created', ['Order Created']],
  ] as const)('%# %s', (provider, word, names) => expect(findEvents(provider, [word])).toEqual(names));

  const came = (pattern: string, only?: typeof jira) => {
    const filter = eventFilter(pattern.split(','), all, only);
    return [jira, bucket, shoprocket].flatMap(({ name: provider, events }) =>
      Object.keys(events)
        .filter((event) => filter({ provider, event }))
        .map((event) => `${provider} ${event}`),
    );
  };

  it.each([
    ['jira:issue_created', ['jira jira:issue_created']],
    ['jira:jira:issue_*', ['jira jira:issue_created', 'jira jira:issue_deleted']],
    ['jira:comment_created', ['jira comment_created']],
    ['repo:push', ['bucket repo:push']],
    ['bucket:repo:push', ['bucket repo:push']],
    ['order created, repo:push', ['bucket repo:push', 'bucket Order Created']],
    ['shoprocket:order.created,repo:push', ['bucket repo:push', 'shoprocket order.created']],
  ])('%s', (pattern, expected) => expect(came(pattern)).toEqual(expected));

  it('are of the one provider that is fixed', () =>
    expect(came('jira:issue_created', jira)).toEqual(['jira jira:issue_created']));

  it.each([
    ['repo:pusch', 'did you mean repo:push?'],
    ['bukket:repo:push', 'did you mean bucket?'],
    ['jira:issue_creatd', 'did you mean jira:issue_created?'],
  ])('%s is refused', (pattern, hint) => expect(() => came(pattern)).toThrow(withHint(hint)));
});
