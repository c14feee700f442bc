import { providerOf } from '../../core/provider-data.ts';
import data from './provider.json' with { type: 'json' };

/** Shoprocket, version 3: an envelope with an id of its own; what is in `data` is assumed. */
export default providerOf(data, 'shoprocket-v3');
