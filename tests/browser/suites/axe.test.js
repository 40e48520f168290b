// axe-core has nothing to say, in light, in dark and on a small screen.

import { axe } from '../checks/axe.js';
import { holds } from '../harness/suite.js';

holds('axe finds nothing in light colours', {}, axe);
holds('axe finds nothing in dark colours', { dark: true }, axe);
holds('axe finds nothing at 320 pixels', { width: 320 }, axe);
holds('axe finds nothing in Arabic', { lang: 'ar', width: 320, dark: true }, axe);
