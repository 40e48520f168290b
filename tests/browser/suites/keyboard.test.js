// The keyboard alone. Without motion, so that nothing is looked at while it is still on its way.

import { worksByKeyboard } from '../checks/keyboard.js';
import { holds } from '../harness/suite.js';

holds('everything is reached by Tab, in order and visibly', { reducedMotion: true }, worksByKeyboard);
holds('everything is reached on a small dark screen', { width: 320, dark: true, reducedMotion: true }, worksByKeyboard);
holds('everything is reached in forced colours', { forcedColors: true, reducedMotion: true }, worksByKeyboard);
