// Every page in the other languages, on a small screen, where their words are most likely not to fit.

import { axe } from '../checks/axe.js';
import { cutsNothingOff, fitsSideways, speaks } from '../checks/layout.js';
import { quiet } from '../checks/quiet.js';
import { Library } from '../harness/served.js';
import { readsWell, sitting } from '../harness/suite.js';

const library = new Library();
const watching = library.watch.bind(library);

sitting('in Arabic', { lang: 'ar', width: 320, dark: true, watching }, [
  { claim: 'it is as silent', checks: [quiet, library.keep] },
  { claim: 'it runs from right to left and fits', checks: [speaks('ar', 'rtl'), fitsSideways, cutsNothingOff] },
  { claim: 'axe finds nothing', checks: [axe] },
]);

sitting('in Spanish', { lang: 'es', width: 320, watching }, [
  { claim: 'it runs from left to right and fits', checks: [library.keep, speaks('es', 'ltr'), fitsSideways, cutsNothingOff] },
]);

readsWell(library);
