/** Where providers put an event's name. */

/** Keys of the body that hold it, the likelier ones first. */
const keys = [
  'type',
  'event',
  'eventType',
  'event_type',
  'eventName',
  'event_name',
  'topic',
  'action',
  'kind',
];

/** Paths of the body, the likelier ones first. @param more keys beside the usual ones */
export const eventPlaces = (more: readonly string[] = []): string[] => {
  const all = [...keys, ...more];
  return [
    ...all,
    ...['meta', 'data', 'event', 'webhook'].flatMap((outer) => all.map((key) => `${outer}.${key}`)),
  ];
};

/** Whether a header is named as one that holds it. */
export const isEventHeader = (name: string): boolean =>
  /(?:^|-)(?:event|topic|event-type|event-name)$/i.test(name);
