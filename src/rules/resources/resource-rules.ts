import { containerResources } from './container-resources';
import { extendedResources } from './extended-resources';
import { limitsAboveZero } from './limits-above-zero';
import { mistakenUnit } from './mistaken-unit';
import { qualityOfService } from './quality-of-service';
import { requestsWithinLimits } from './requests-within-limits';
import { silentDefaultResources } from './silent-default-resources';
import { utilizationWithoutRequest } from './utilization-without-request';
import { validQuantities } from './valid-quantities';
import { Rule } from '../rule';

/** What the containers of a pod may use, in the order in which findings are reported. */
export const RESOURCE_RULES: readonly Rule[] = [
  validQuantities,
  requestsWithinLimits,
  extendedResources,
  limitsAboveZero,
  mistakenUnit,
  containerResources,
  silentDefaultResources,
  qualityOfService,
  utilizationWithoutRequest,
];
