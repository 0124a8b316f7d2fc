import {
  IconBook2,
  IconBuildingBank,
  IconCalendarCheck,
  IconCalendarEvent,
  IconChartBar,
  IconCoins,
  IconFileInvoice,
  IconFileText,
  IconGavel,
  IconHistory,
  IconHome,
  IconKey,
  IconListDetails,
  IconPackage,
  IconPlugConnected,
  IconCash,
  IconReceiptTax,
  IconSettings,
  IconUsers,
  IconUsersGroup,
  type Icon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { apiQuery } from '../api/query.ts';
import { countOf, formatCount } from '../format/count.ts';
import { useBooksScope } from './books-scope.ts';
import { useCan } from './session.ts';

export interface PageEntry {
  readonly to: NonNullable<LinkProps['to']>;
  readonly name: string;
  readonly icon: Icon;
  /** Its menu path, for the search. */
  readonly path?: string;
  readonly isExact?: boolean;
  readonly isForAdmins?: boolean;
}

const work: readonly PageEntry[] = [
  { to: '/', name: 'Overview', icon: IconHome, isExact: true },
  { to: '/review', name: 'Review', icon: IconGavel },
  { to: '/invoices', name: 'Invoices', icon: IconFileInvoice },
  { to: '/contracts', name: 'Contracts', icon: IconFileText },
  { to: '/receipts', name: 'Receipts', icon: IconCash },
  { to: '/customers', name: 'Customers', icon: IconUsers },
  { to: '/items', name: 'Items', icon: IconPackage },
  { to: '/journal', name: 'Journal', icon: IconBook2 },
  { to: '/recognition', name: 'Recognition', icon: IconCalendarCheck },
];

const reports: readonly PageEntry[] = [
  { to: '/reports', name: 'Reports', icon: IconChartBar, path: 'Planning & Reports' },
];

const settings: readonly PageEntry[] = [
  { to: '/settings/integrations', name: 'Integrations', icon: IconPlugConnected, path: 'Settings' },
  { to: '/settings/accounts', name: 'Accounts', icon: IconListDetails, path: 'Settings' },
  { to: '/settings/tax-codes', name: 'Tax codes', icon: IconReceiptTax, path: 'Settings' },
  { to: '/settings/exchange-rates', name: 'Exchange rates', icon: IconCoins, path: 'Settings' },
  { to: '/settings/periods', name: 'Periods', icon: IconCalendarEvent, path: 'Settings' },
  { to: '/settings/entities', name: 'Entities', icon: IconBuildingBank, path: 'Settings' },
  { to: '/settings/members', name: 'Members', icon: IconUsersGroup, path: 'Settings', isForAdmins: true },
  { to: '/settings/api-keys', name: 'API keys', icon: IconKey, path: 'Settings', isForAdmins: true },
  { to: '/settings/audit-trail', name: 'Audit trail', icon: IconHistory, path: 'Settings' },
];

/** Every page that the menu and the search lead to, as far as the user may see it. */
export function usePages(): readonly PageEntry[] {
  const isAdmin = useCan('admin');
  return [...work, ...reports, ...settings].filter(({ isForAdmins }) => isAdmin || !isForAdmins);
}

/** How often the count beside Review is asked for. */
const reviewCountEveryMs = 30_000;

export function Navigation({ onFollow }: { readonly onFollow: () => void }) {
  const scope = useBooksScope();
  const isAdmin = useCan('admin');
  const overview = useQuery({
    ...apiQuery('getOverview', { query: { mode: scope.mode } }),
    refetchInterval: reviewCountEveryMs,
  });
  const reviewCount = overview.data?.reviewCount ?? 0;
  const list = (entries: readonly PageEntry[], label: string) => (
    <ul className="nav-list" aria-label={label}>
      {entries
        .filter(({ isForAdmins }) => isAdmin || !isForAdmins)
        .map(({ to, name, icon: PageIcon, isExact }) => (
          <li key={to}>
            <Link
              to={to}
              className="nav-link"
              activeOptions={{ exact: isExact ?? false, includeSearch: false }}
              onClick={onFollow}
            >
              <PageIcon size={17} stroke={1.7} aria-hidden="true" />
              {name}
              {to === '/review' && reviewCount > 0 ? (
                <span className="nav-count">
                  {formatCount(reviewCount)}
                  <span className="visually-hidden"> {countOf(reviewCount, 'record')} to look at</span>
                </span>
              ) : null}
            </Link>
          </li>
        ))}
    </ul>
  );
  return (
    <>
      {list(work, 'Work')}
      <div className="nav-heading">Planning &amp; Reports</div>
      {list(reports, 'Planning & Reports')}
      <div className="nav-foot">
        <div className="nav-heading">
          <IconSettings size={15} aria-hidden="true" /> Settings
        </div>
        {list(settings, 'Settings')}
      </div>
    </>
  );
}
