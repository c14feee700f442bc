/** All fakes are test data, and say so in every place that tells the environment. */
export const environment = 'test';

/** A real place: its parts belong together, and no number there is anybody's. */
export interface Place {
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: string;
  /** `#` is the house number. */
  readonly streets: readonly string[];
  /** `#` is any digit; the ranges are kept for fiction by the numbering authorities. */
  readonly phone: string;
  readonly currency: string;
  readonly symbol: string;
  /** Sales tax or VAT, in hundredths of a percent. */
  readonly taxRate: number;
}

const dollar = { currency: 'USD', symbol: '$' };
const euro = { currency: 'EUR', symbol: '€' };

/** Where customers live. */
export const places: readonly Place[] = [
  {
    city: 'Portland',
    state: 'OR',
    postalCode: '97205',
    country: 'USA',
    streets: ['# SW Morrison St', '# W Burnside St'],
    phone: '+1 503 555 01##',
    taxRate: 0,
    ...dollar,
  },
  {
    city: 'Austin',
    state: 'TX',
    postalCode: '78701',
    country: 'USA',
    streets: ['# Congress Ave', '# E 6th St'],
    phone: '+1 512 555 01##',
    taxRate: 825,
    ...dollar,
  },
  {
    city: 'Toronto',
    state: 'ON',
    postalCode: 'M5V 2T6',
    country: 'Canada',
    streets: ['# Front St W', '# John St'],
    phone: '+1 416 555 01##',
    taxRate: 1300,
    currency: 'CAD',
    symbol: '$',
  },
  {
    city: 'Bristol',
    state: 'England',
    postalCode: 'BS1 4DJ',
    country: 'United Kingdom',
    streets: ['# Corn Street', '# Baldwin Street'],
    phone: '+44 117 496 0###',
    taxRate: 2000,
    currency: 'GBP',
    symbol: '£',
  },
  {
    city: 'Berlin',
    state: 'Berlin',
    postalCode: '10115',
    country: 'Germany',
    streets: ['Invalidenstraße #', 'Chausseestraße #'],
    phone: '+49 30 23125 ###',
    taxRate: 1900,
    ...euro,
  },
  {
    city: 'Lyon',
    state: 'Auvergne-Rhône-Alpes',
    postalCode: '69002',
    country: 'France',
    streets: ['# rue de la République', '# quai Saint-Antoine'],
    phone: '+33 4 65 71 ## ##',
    taxRate: 2000,
    ...euro,
  },
  {
    city: 'Melbourne',
    state: 'VIC',
    postalCode: '3000',
    country: 'Australia',
    streets: ['# Collins Street', '# Flinders Lane'],
    phone: '+61 3 5550 ####',
    taxRate: 1000,
    currency: 'AUD',
    symbol: '$',
  },
];

/** The names of a way to pay, which belong together. The first is the documented sample's; the others are assumed. */
export const payments = [
  { name: 'Cash on delivery', raw: 'manual', type: 'manual', online: false },
  { name: 'Credit card', raw: 'stripe', type: 'card', online: true },
  { name: 'PayPal', raw: 'paypal', type: 'paypal', online: true },
] as const;

/** Ways to ship, with the price in cents. */
export const shippings = [
  { name: 'Standard Shipping', cents: 995 },
  { name: 'Express Shipping', cents: 1850 },
  { name: 'Free Shipping', cents: 0 },
] as const;

/** Discounts on an order, in percent; an automatic one needs no code at the checkout. */
export const discounts = [
  { name: 'WELCOME10', percent: 10, automatic: false },
  { name: 'Spring Sale', percent: 15, automatic: true },
] as const;

/** Where an order stands when it is created: the documented sample's. */
export const placed = {
  fulfillment_status: 1,
  fulfillment_status_raw: 'awaiting_processing',
  status: '1',
  status_raw: 'payment_pending',
} as const;

/** Where it may stand later. Nothing is published of these; they follow the form of the sample. */
export const later = [
  { ...placed, status: '2', status_raw: 'payment_received' },
  {
    fulfillment_status: 2,
    fulfillment_status_raw: 'dispatched',
    status: '2',
    status_raw: 'payment_received',
  },
] as const;

/** What customers write. */
export const notes = [
  'Please leave the parcel at the front door.',
  'It is a gift – no invoice in the box, please.',
  'Ring twice; the bell is quiet.',
] as const;
