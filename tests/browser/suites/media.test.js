// Forced colours, reduced motion, paper.

import { keepsForcedColors, printsWhole, staysStill } from '../checks/media.js';
import { cutsNothingOff, fitsSideways } from '../checks/layout.js';
import { holds } from '../harness/suite.js';

/** A4 less margins of 1 cm, at 96 pixels an inch. */
const PAPER_WIDTH = 718;

holds('forced colours are kept', { forcedColors: true }, keepsForcedColors);
holds('nothing moves where less motion is asked for', { reducedMotion: true }, staysStill);
holds('everything is printed', { print: true, width: PAPER_WIDTH }, printsWhole, fitsSideways, cutsNothingOff);
