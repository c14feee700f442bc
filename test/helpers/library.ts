/** Everything that the library exports, as its module lists it. */
export const exported: readonly string[] = [
  ...words('UsageError'),
  ...[
    ...words('events listen payload send sign verify'),
    ...words('array assumed based defineConfig defineProvider document documented hmac'),
    ...words('integer matching none nullable object observed providerOf supposed svix text'),
  ].sort(),
];

function words(text: string): string[] {
  return text.split(' ');
}
