// Small windows, large text, other directions.

import { cutsNothingOff, fitsSideways, speaks, targetsAreLarge, textGrows, textMayBeSpaced } from '../checks/layout.js';
import { holds } from '../harness/suite.js';

holds('at 320 pixels nothing is wider than the window or too small to hit', { width: 320 },
  fitsSideways, cutsNothingOff, targetsAreLarge);
holds('at 400 % zoom nothing is wider than the window', { width: 320, height: 200 }, fitsSideways, cutsNothingOff);
holds('in a wide window targets are large enough and nothing is cut off', {}, fitsSideways, cutsNothingOff, targetsAreLarge);
holds('text can be twice as large', {}, textGrows);
holds('text can be spaced widely on a small screen', { width: 320 }, textMayBeSpaced);
holds('Arabic runs from right to left and fits', { width: 320, lang: 'ar' }, speaks('ar', 'rtl'), fitsSideways, cutsNothingOff);
holds('Spanish fits', { width: 320, lang: 'es' }, speaks('es', 'ltr'), fitsSideways, cutsNothingOff);
