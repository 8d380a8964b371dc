import { FakeCustomers } from '../support/fakes/customers.ts';
import { FakeMailbox } from '../support/fakes/mailbox.ts';
import { FakeSends } from '../support/fakes/sends.ts';
import { customersContract } from './customers.ts';
import { mailboxContract } from './mailbox.ts';
import { sendsContract } from './sends.ts';

const customers = new FakeCustomers();
const mailbox = new FakeMailbox();
const sends = new FakeSends();
customersContract('in memory', () => customers);
mailboxContract('in memory', () => mailbox);
sendsContract('in memory', () => sends);
