import { describe, expect, it } from 'vitest';
import { causesOf } from '../../../src/core/check/diagnose.ts';
import { none } from '../../../src/core/scheme.ts';
import { answered, benchOf, failed } from '../../helpers/battery.ts';

describe('why a genuine delivery may be refused', () => {
  const [signed, assumed] = [benchOf('roastify'), benchOf('shoprocket')];

  it.each([
    [answered(401), /another secret/],
    [answered(400), /another secret/],
    [answered(404), /path is another/],
    [answered(405), /path is another/],
    [answered(413), /limit of the body/],
    [answered(415), /content type application\/json/],
    [answered(422), /does not want fulfillment\.created|does not want /],
    [answered(500), /it throws/],
    [failed('refused'), /not up yet, or listens elsewhere/],
    [failed('timeout'), /never answers/],
    [failed('reset'), /drops the connection/],
  ])('%o', (answer, cause) => {
    expect(causesOf(answer, signed)[0]).toMatch(cause);
  });

  it.each([
    ['Basic realm="shop"', /it wants credentials.*--to http:\/\/user:password@/],
    ['Bearer', /it wants credentials.*-H 'Authorization: Bearer …'/],
  ])('says that it asks to log in: %s', (asked, cause) => {
    const answer = { ...answered(401), headers: [['WWW-Authenticate', asked]] as const };
    expect(causesOf(answer, signed)[0]).toMatch(cause);
    expect(causesOf(answer, signed)[1]).toMatch(/another secret/);
  });

  it('names where a redirect leads, and no token in it', () => {
    const answer = { ...answered(302), headers: [['Location', '/login?token=abcdefghijklmnop']] as const };
    expect(causesOf(answer, signed)[0]).toMatch(/redirects to \/login\?token=••••mnop/);
  });

  it.each([401, 403])('asks no secret of a provider that does not sign: %i', (status) => {
    const provider = { ...signed.provider, scheme: none('documented', 'https://example.com/') };
    const causes = causesOf(answered(status), benchOf(provider));
    expect(causes[0]).toMatch(/^deliveries of Roastify carry no signature, so it wants something else/);
    expect(causes.join()).not.toMatch(/secret|scheme/);
  });

  it('knows that a key may be taken as it is written', () => {
    const written = /takes the text of the secret as the key: what stands behind whsec_ is base64/;
    expect(causesOf(answered(401), signed).join()).toMatch(written);
    expect(causesOf(answered(401), assumed).join()).not.toMatch(/text of the secret/);
  });

  it('speaks of a scheme that is assumed', () => {
    expect(causesOf(answered(401), assumed).join()).toMatch(/is assumed/);
    expect(causesOf(answered(401), signed).join()).not.toMatch(/is assumed/);
  });
});
