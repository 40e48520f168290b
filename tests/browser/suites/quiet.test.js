// No console message, breach of policy, failed request, other site or cookie.

import { quiet } from '../checks/quiet.js';
import { holds } from '../harness/suite.js';

holds('a page does its work silently and with this ledger alone', {}, quiet);
holds('a page is as silent in Arabic', { lang: 'ar' }, quiet);
