import { providerOf } from '../../core/provider-data.ts';
import data from './provider.json' with { type: 'json' };

/** Rose Rocket, the newer platform: one envelope for every record, unsigned, three retries. */
export default providerOf(data, 'rose-rocket-platform');
