import { FakeCatalog } from '../support/fakes/catalog.ts';
import { FakeCouponPools } from '../support/fakes/coupon-pools.ts';
import { FakeCustomers } from '../support/fakes/customers.ts';
import { FakeInterests } from '../support/fakes/interests.ts';
import { FakeLetterBox } from '../support/fakes/letter-box.ts';
import { FakeMailbox } from '../support/fakes/mailbox.ts';
import { FakeRecommendations } from '../support/fakes/recommendations.ts';
import { FakeSends } from '../support/fakes/sends.ts';
import { FakeStarts } from '../support/fakes/starts.ts';
import { FakeSurveyBook } from '../support/fakes/survey-book.ts';
import { catalogContract } from './catalog.ts';
import { couponPoolsContract } from './coupon-pools.ts';
import { customersContract } from './customers.ts';
import { interestsContract } from './interests.ts';
import { letterBoxContract } from './letter-box.ts';
import { mailboxContract } from './mailbox.ts';
import { recommendationsContract } from './recommendations.ts';
import { sendsContract } from './sends.ts';
import { startsContract } from './starts.ts';
import { surveyBookContract } from './survey-book.ts';

const customers = new FakeCustomers();
const mailbox = new FakeMailbox();
const sends = new FakeSends();
customersContract('in memory', () => customers);
mailboxContract('in memory', () => mailbox);
sendsContract('in memory', () => sends);
const pools = new FakeCouponPools({});
couponPoolsContract(
  'in memory',
  () => pools,
  async (pool, codes) => pools.fill(pool, codes),
);
const letters = new FakeLetterBox();
letterBoxContract('in memory', () => letters);
const catalog = new FakeCatalog();
catalogContract('in memory', () => catalog);
const surveys = new FakeSurveyBook();
surveyBookContract('in memory', () => surveys);
const interests = new FakeInterests();
interestsContract('in memory', () => interests);
const lists = new FakeRecommendations();
recommendationsContract('in memory', () => lists);

const starts = new FakeStarts();
startsContract('in memory', () => starts);
