import type { Provider } from '../core/provider.ts';
import roastify from './roastify/index.ts';
import roseRocket from './rose-rocket/index.ts';
import roseRocketPlatform from './rose-rocket-platform/index.ts';
import shoprocket from './shoprocket/index.ts';
import shoprocketV3 from './shoprocket-v3/index.ts';

/** Every provider that comes with the package. */
export const providers: readonly Provider[] = [
  roseRocket,
  roastify,
  shoprocket,
  roseRocketPlatform,
  shoprocketV3,
];
