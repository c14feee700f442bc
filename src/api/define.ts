import type { Config, SecretSource } from '../core/config.ts';
import type { Fake, Policy, Provider, Scheme } from '../core/provider.ts';
import type { SchemeData } from '../core/scheme-data.ts';
import type { Basis, JsonObject, JsonSchema, Sourced } from '../core/types.ts';

export { assumed, documented, observed } from '../core/basis.ts';
export {
  array,
  based,
  document,
  integer,
  matching,
  nullable,
  object,
  supposed,
  text,
} from '../core/schema.ts';
export { hmac, none, svix } from '../core/scheme.ts';
export { defineProvider, providerOf } from './own.ts';

/** A value alone, or with what it rests on. */
type Told<T> = T | (Pick<Sourced<T>, 'value'> & Partial<Sourced<T>>);

/** What differs from what we say of a provider's policy. */
export type PolicyData = {
  readonly [K in keyof Policy]?: Told<NonNullable<Policy[K]>['value']>;
};

/** An event of a provider, as data. */
export interface EventData {
  readonly title?: string;
  readonly summary?: string;
  readonly basis?: Basis;
  readonly source?: string;
  readonly age?: number;
  /** What a listener judges by, and payloads are made of. */
  readonly schema?: JsonSchema;
  /** What payloads are made like; they fit the schema. */
  readonly samples?: readonly object[];
  /** Makes the payload, in code; the schema judges it. */
  readonly payload?: (fake: Fake) => JsonObject;
}

/** A scheme in code: three functions, and what else it says of itself. */
export type CodeScheme = Pick<Scheme, 'sign' | 'verify' | 'secretFault'> & Partial<Scheme>;

/** A provider, as data: what a JSON file holds, or code with the same keys. */
export interface ProviderData {
  readonly $schema?: string;
  readonly name: string;
  readonly title?: string;
  readonly docs?: string;
  readonly basis?: Basis;
  readonly source?: string;
  readonly scheme?: SchemeData | CodeScheme;
  readonly exampleSecret?: string;
  readonly policy?: PolicyData;
  readonly userAgent?: Told<string>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: Told<string>;
  /** @default 'json' */
  readonly format?: 'json' | 'form';
  readonly eventAt: string | Provider['eventAt'];
  readonly identity?: readonly string[];
  readonly knownAnswers?: Provider['knownAnswers'];
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly events: Readonly<Record<string, EventData>>;
}

/** What a `hooks.config` file holds. */
export interface HooksConfig
  extends Omit<Config, 'to' | 'forwardTo' | 'secrets' | 'policies' | 'providers' | 'routes'> {
  readonly $schema?: string;
  readonly to?: string | number;
  readonly forwardTo?: string | number;
  readonly secrets?: Readonly<Record<string, SecretSource | readonly SecretSource[]>>;
  readonly policies?: Readonly<Record<string, PolicyData>>;
  /** Declarations, or paths of files that hold one. */
  readonly providers?: ReadonlyArray<string | ProviderData | Provider>;
  readonly routes?: Readonly<Record<string, string | number>>;
}

/** The configuration as it is, with its type: for editors. */
export const defineConfig = (config: HooksConfig): HooksConfig => config;
