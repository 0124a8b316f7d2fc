import type { Command } from 'commander';
import type { ResponseOf } from '../../contract/client.ts';
import type { DocumentWire } from '../../contract/books-wire.ts';
import { clientAction, type CommandContext, statusOfOutcomes, type Tools } from '../command-action.ts';
import { exitStatus, type ExitStatus } from '../exit-status.ts';
import { findEntityId } from '../find-entity.ts';
import type { Column } from '../format-table.ts';
import { groupThousands, plainText } from '../plain-text.ts';
import { readPages } from '../read-pages.ts';
import { writeLine } from '../terminal.ts';
import { writeRows } from '../write-rows.ts';

type CustomerWire = ResponseOf<'listCustomers'>['data'][number];
type ItemWire = ResponseOf<'listItems'>['data'][number];
type JournalLineWire = ResponseOf<'listJournal'>['data'][number];
type TrialBalanceLineWire = ResponseOf<'getTrialBalance'>['data'][number];

/** One request posts at most so many documents. */
const postBatchMax = 1_000;

interface DocumentsOptions {
  readonly connection?: string;
  readonly status?: DocumentWire['status'];
  readonly mode?: 'live' | 'test';
  readonly entity?: string;
}
interface ListOptions {
  readonly mode?: 'live' | 'test';
  readonly entity?: string;
  readonly document?: string;
}

/** What is in the books. */
export function addBookCommands(program: Command, context: CommandContext): void {
  program
    .command('documents')
    .summary('documents, newest first')
    .option('--connection <id>', 'only those that this connection made')
    .option('--status <status>', 'only those with this status')
    .option('--mode <mode>', 'live or test')
    .option('--entity <entity>', 'id or name of the entity')
    .action(clientAction<[DocumentsOptions]>(context, listDocuments));
  addList(program, context, 'customers', 'customers by name', listCustomers);
  addList(program, context, 'items', 'items by SKU', listItems);
  addList(program, context, 'journal', 'journal lines, newest entry first', listJournal).option(
    '--document <id>',
    'only those of this document',
  );
  program
    .command('post')
    .summary('post drafts')
    .argument('<documents...>', 'ids of the documents')
    .action(clientAction<[string[], unknown]>(context, postDocuments));
  program
    .command('reverse')
    .summary('reverse a posted document')
    .argument('<document>', 'id of the document')
    .option('--date <date>', 'day of the reversal, YYYY-MM-DD')
    .action(
      clientAction<[string, { date?: string }]>(context, async (tools, id, { date }) => {
        const body = date === undefined ? {} : { date };
        const document = await tools.client.call('reverseDocument', { params: { id }, body });
        return showDocuments(tools, [document]);
      }),
    );
  program
    .command('trial-balance')
    .summary('trial balance in base currency')
    .option('--entity <entity>', 'id or name of the entity')
    .option('--at <date>', 'at the end of this day, YYYY-MM-DD')
    .action(clientAction<[{ entity?: string; at?: string }]>(context, trialBalance));
  addRateCommands(program, context);
}

function addList(
  program: Command,
  context: CommandContext,
  name: string,
  summary: string,
  work: (tools: Tools, options: ListOptions) => Promise<ExitStatus>,
): Command {
  return program
    .command(name)
    .summary(summary)
    .option('--mode <mode>', 'live or test')
    .option('--entity <entity>', 'id or name of the entity')
    .action(clientAction<[ListOptions]>(context, work));
}

const entityOf = (tools: Tools, options: { readonly entity?: string }): Promise<string> | undefined =>
  options.entity === undefined ? undefined : findEntityId(tools.client, options.entity);

const amountColumns: readonly Column<DocumentWire>[] = [
  { title: 'Total', value: ({ total }) => groupThousands(total), align: 'right' },
  { title: 'Cur', value: ({ currency }) => currency },
];
const documentColumns: readonly Column<DocumentWire>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Number', value: ({ number }) => number ?? '' },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Date', value: ({ documentDate }) => documentDate },
  { title: 'Customer', value: ({ customer }) => customer.name, shrinks: true },
  { title: 'Description', value: ({ description }) => description, shrinks: true },
  ...amountColumns,
];

async function listDocuments(tools: Tools, options: DocumentsOptions): Promise<ExitStatus> {
  const { client, terminal, json } = tools;
  const filter = {
    connectionId: options.connection,
    status: options.status,
    mode: options.mode,
    entityId: await entityOf(tools, options),
  };
  const rows = readPages((page) => client.call('listDocuments', { query: { ...page, ...filter } }));
  await writeRows(terminal, rows, { json, columns: documentColumns, empty: 'There are no documents.' });
  return exitStatus.done;
}

async function showDocuments(tools: Tools, documents: readonly DocumentWire[]): Promise<ExitStatus> {
  const { terminal, json } = tools;
  await writeRows(terminal, documents, { json, columns: documentColumns, empty: '' });
  return exitStatus.done;
}

async function postDocuments(tools: Tools, ids: readonly string[]): Promise<ExitStatus> {
  const { client, terminal, json } = tools;
  const posted: DocumentWire[] = [];
  let failed = 0;
  for (let start = 0; start < ids.length; start += postBatchMax) {
    const batch = ids.slice(start, start + postBatchMax);
    const { data } = await client.call('postDocuments', { body: { ids: batch } });
    for (const outcome of data) {
      if (outcome.outcome === 'failed') {
        failed += 1;
        if (json) writeLine(terminal, JSON.stringify(outcome));
        else
          terminal.writeError(
            plainText(`${outcome.id}: ${outcome.message ?? ''} ${outcome.mend ?? ''}`) + '\n',
          );
      } else if (json) writeLine(terminal, JSON.stringify(outcome.document ?? outcome));
      else if (outcome.document) posted.push(outcome.document);
    }
  }
  if (posted.length > 0) await showDocuments(tools, posted);
  return statusOfOutcomes(failed);
}

const customerColumns: readonly Column<CustomerWire>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Name', value: ({ name }) => name, shrinks: true },
  { title: 'Kind', value: ({ kind }) => kind },
  { title: 'E-mail', value: ({ email }) => email },
  { title: 'Source', value: ({ sources }) => sources.map(({ id }) => id).join(', ') },
];

async function listCustomers(tools: Tools, options: ListOptions): Promise<ExitStatus> {
  const { client, terminal, json } = tools;
  const filter = { mode: options.mode, entityId: await entityOf(tools, options) };
  const rows = readPages((page) => client.call('listCustomers', { query: { ...page, ...filter } }));
  await writeRows(terminal, rows, { json, columns: customerColumns, empty: 'There are no customers.' });
  return exitStatus.done;
}

const itemColumns: readonly Column<ItemWire>[] = [
  { title: 'SKU', value: ({ sku }) => sku },
  { title: 'Name', value: ({ name }) => name, shrinks: true },
  { title: 'Kind', value: ({ kind }) => kind },
  { title: 'Unit price', value: ({ unitPrice }) => unitPrice, align: 'right' },
];

async function listItems(tools: Tools, options: ListOptions): Promise<ExitStatus> {
  const { client, terminal, json } = tools;
  const filter = { mode: options.mode, entityId: await entityOf(tools, options) };
  const rows = readPages((page) => client.call('listItems', { query: { ...page, ...filter } }));
  await writeRows(terminal, rows, { json, columns: itemColumns, empty: 'There are no items.' });
  return exitStatus.done;
}

const journalColumns: readonly Column<JournalLineWire>[] = [
  { title: 'Date', value: ({ date }) => date },
  { title: 'Account', value: ({ account, accountName }) => `${account} ${accountName}`, shrinks: true },
  { title: 'Debit', value: ({ debit }) => amountOrBlank(debit), align: 'right' },
  { title: 'Credit', value: ({ credit }) => amountOrBlank(credit), align: 'right' },
  { title: 'Cur', value: ({ currency }) => currency },
  { title: 'Document', value: ({ documentNumber }) => documentNumber },
  { title: 'Description', value: ({ description }) => description, shrinks: true },
];

const amountOrBlank = (amount: string): string => (/^[0.]+$/.test(amount) ? '' : groupThousands(amount));

async function listJournal(tools: Tools, options: ListOptions): Promise<ExitStatus> {
  const { client, terminal, json } = tools;
  const filter = {
    mode: options.mode,
    entityId: await entityOf(tools, options),
    documentId: options.document,
  };
  const rows = readPages((page) => client.call('listJournal', { query: { ...page, ...filter } }));
  await writeRows(terminal, rows, { json, columns: journalColumns, empty: 'The journal is empty.' });
  return exitStatus.done;
}

const balanceColumns: readonly Column<TrialBalanceLineWire>[] = [
  { title: 'Account', value: ({ account }) => account },
  { title: 'Name', value: ({ name }) => name, shrinks: true },
  { title: 'Type', value: ({ type }) => type },
  { title: 'Debit', value: ({ debit }) => amountOrBlank(debit), align: 'right' },
  { title: 'Credit', value: ({ credit }) => amountOrBlank(credit), align: 'right' },
];

async function trialBalance(tools: Tools, options: { entity?: string; at?: string }): Promise<ExitStatus> {
  const { client, terminal, json } = tools;
  const entityId = await entityOf(tools, options);
  const balance = await client.call('getTrialBalance', { query: { entityId, at: options.at } });
  await writeRows(terminal, balance.data, {
    json,
    columns: balanceColumns,
    empty: 'Nothing has been posted.',
  });
  if (!json && balance.data.length > 0) {
    const totals = `${groupThousands(balance.totalDebit)} = ${groupThousands(balance.totalCredit)}`;
    writeLine(terminal, `${plainText(balance.entity.name)}, ${balance.at}: ${totals} ${balance.currency}`);
  }
  return exitStatus.done;
}

interface RateOptions {
  readonly entity: string;
  readonly currency: string;
  readonly date: string;
  readonly rate: string;
}

function addRateCommands(program: Command, context: CommandContext): void {
  const rates = program.command('rates').summary('exchange rates');
  rates
    .command('list', { isDefault: true })
    .summary('exchange rates, newest first')
    .option('--entity <entity>', 'id or name of the entity')
    .action(
      clientAction<[{ entity?: string }]>(context, async (tools, options) => {
        const entityId = await entityOf(tools, options);
        const rows = readPages((page) =>
          tools.client.call('listExchangeRates', { query: { ...page, entityId } }),
        );
        await writeRows(tools.terminal, rows, {
          json: tools.json,
          columns: [
            { title: 'Date', value: ({ date }) => date },
            { title: 'Currency', value: ({ currency }) => currency },
            { title: 'Rate', value: ({ rate }) => rate, align: 'right' },
            { title: 'Source', value: ({ source }) => source },
          ],
          empty: 'There are no exchange rates.',
        });
        return exitStatus.done;
      }),
    );
  rates
    .command('set')
    .summary('set the rate of a day: units of base currency for one unit')
    .requiredOption('--entity <entity>', 'id or name of the entity')
    .requiredOption('--currency <code>', 'the foreign currency')
    .requiredOption('--date <date>', 'YYYY-MM-DD')
    .requiredOption('--rate <rate>', 'a decimal')
    .action(
      clientAction<[RateOptions]>(context, async (tools, options) => {
        const entityId = await findEntityId(tools.client, options.entity);
        const { currency, date, rate } = options;
        const body = { entityId, currency: currency.toUpperCase(), date, rate };
        const set = await tools.client.call('setExchangeRate', { body });
        const text = `1 ${set.currency} = ${set.rate} from ${set.date} on.`;
        writeLine(tools.terminal, tools.json ? JSON.stringify(set) : text);
        return exitStatus.done;
      }),
    );
}
