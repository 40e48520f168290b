// The keyboard alone, and forced colours. Without motion, so that nothing is looked at while it is still on its way.

import { worksByKeyboard } from '../checks/keyboard.js';
import { keepsForcedColors, staysStill } from '../checks/media.js';
import { sitting } from '../harness/suite.js';

sitting('with less motion', { reducedMotion: true }, [
  { claim: 'nothing moves', checks: [staysStill] },
  { claim: 'everything is reached by Tab, in order and visibly', checks: [worksByKeyboard] },
  { claim: 'everything is reached on a small dark screen', look: { width: 320, dark: true }, checks: [worksByKeyboard] },
  {
    claim: 'forced colours are kept, and everything is reached in them',
    look: { forcedColors: true }, checks: [keepsForcedColors, worksByKeyboard],
  },
]);
