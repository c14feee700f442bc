import type { Provider } from '../core/provider.ts';
import roastify from './roastify/index.ts';
import roseRocket from './rose-rocket/index.ts';
import shoprocket from './shoprocket/index.ts';

/** Every provider that comes with the package. */
export const providers: readonly Provider[] = [roseRocket, roastify, shoprocket];
