import { createHmac } from 'node:crypto';
import { sameText } from '../equal.ts';
import { isFormType } from '../form.ts';
import { header } from '../headers.ts';
import { formProblems, hmac } from '../hmac.ts';
import { partsOf, read, signedBy } from '../hmac-header.ts';
import { encoded, type HmacRecord } from '../hmac-record.ts';
import type { Scheme } from '../provider.ts';

/**
 * Twilio's two variants, told apart by the content type. JSON: the record, a hash of the body in the address. A form: the
 * address and the fields behind it, each name with its values, sorted and without repetition.
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export function twilio(record: HmacRecord): Scheme {
  const json = hmac(record);
  const { bodyHash: _, bodyHashParameter: __, ...form } = record;
  return {
    ...json,
    sign(draft, secrets) {
      if (!isFormType(draft.contentType)) return json.sign(draft, secrets);
      const { url, body } = partsOf(form, draft);
      return signedBy(
        form,
        draft,
        secrets.slice(0, 1).map((secret) => formSignature(form, secret, url ?? '', body)),
      );
    },
    verify(received, secrets, now) {
      if (!isFormType(header(received.headers, 'content-type'))) return json.verify(received, secrets, now);
      const { url, body } = read(form, received);
      return formProblems(form, record.basis, received, now, (signature) =>
        secrets.some((secret) => sameText(signature, formSignature(form, secret, url, body))),
      );
    },
  };
}

function formSignature(
  { digest, encoding }: Pick<HmacRecord, 'digest' | 'encoding'>,
  secret: string,
  url: string,
  body: Uint8Array,
): string {
  const hash = createHmac(digest, secret).update(url).update(fieldsOf(body)).digest();
  return encoded(hash, encoding);
}

/** The fields of a form, one after the other: names in the order of their characters, and so the values of a name. */
function fieldsOf(body: Uint8Array): string {
  const fields = new URLSearchParams(Buffer.from(body).toString());
  return [...new Set(fields.keys())]
    .sort()
    .flatMap((name) => [...new Set(fields.getAll(name))].sort().map((value) => name + value))
    .join('');
}
