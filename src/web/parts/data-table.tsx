import { Checkbox, Skeleton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react';
import type { MouseEvent, ReactNode } from 'react';

export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The cell as text for the export; absent: the column is not exported. */
  readonly text?: (row: Row) => string;
  readonly align?: 'end';
  readonly fit?: boolean;
  readonly wide?: boolean;
  /** Leaves the column out where there is less room. */
  readonly hide?: 'xs' | 'sm' | 'md' | 'lg';
  /** Leaves it out while a record stands open beside the table. */
  readonly hideBesidePanel?: boolean;
  /** The name that the API sorts by. */
  readonly sort?: string;
}

export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly change: (selected: ReadonlySet<string>) => void;
  readonly canSelect: (key: string) => boolean;
}

interface DataTableProps<Row> {
  /** What the table holds, for those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Undefined while the first rows are on their way. */
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  /** Older rows are still shown while new ones come. */
  readonly busy?: boolean;
  readonly selection?: Selection | undefined;
  readonly nameOfRow?: (row: Row) => string;
  readonly sort?: { readonly by: string | undefined; readonly change: (by: string) => void };
  /** Rows whose `row-link` is followed wherever one clicks. */
  readonly linked?: boolean;
  readonly currentKey?: string | undefined;
  readonly foot?: ReactNode;
}

function classOf<Row>(column: Column<Row>): string {
  return [
    column.align === 'end' ? 'end' : '',
    column.fit ? 'fit' : '',
    column.wide ? 'wide' : '',
    column.hide ? `hide-${column.hide}` : '',
    column.hideBesidePanel ? 'hide-panel' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** Follows the row's link for a click beside it, with the same keys held; text that is being selected is left alone. */
function followRowLink(event: MouseEvent<HTMLTableSectionElement>): void {
  const target = event.target as Element;
  if (target.closest('a, button, input, label, summary')) return;
  if ((window.getSelection()?.toString() ?? '') !== '') return;
  const link = target.closest('tr')?.querySelector('a.row-link');
  const { ctrlKey, metaKey, shiftKey } = event;
  link?.dispatchEvent(
    new window.MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }),
  );
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, busy = false, selection, sort, linked = false, foot } = props;
  const selectable = (rows ?? []).map(rowKey).filter((key) => selection?.canSelect(key));
  const selectedCount = selectable.filter((key) => selection?.selected.has(key)).length;
  return (
    // A table wider than the screen is scrolled inside its frame; the frame takes the focus so that keys can do it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled region has to be reachable by keyboard
    <div className="table-frame" role="group" aria-label={label} tabIndex={0}>
      <table className={`table ${busy ? 'table-busy' : ''}`} aria-busy={busy || rows === undefined}>
        <thead>
          <tr>
            {selection ? (
              <th className="fit">
                <Checkbox
                  size="xs"
                  aria-label="Select all rows of this page"
                  disabled={selectable.length === 0}
                  checked={selectable.length > 0 && selectedCount === selectable.length}
                  indeterminate={selectedCount > 0 && selectedCount < selectable.length}
                  onChange={(event) =>
                    selection.change(new Set(event.currentTarget.checked ? selectable : []))
                  }
                />
              </th>
            ) : null}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} />
            ))}
          </tr>
        </thead>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- the row's own link serves the keyboard */}
        <tbody onClick={linked ? followRowLink : undefined}>
          {rows === undefined
            ? placeholderRows(columns, selection !== undefined)
            : rows.map((row) => <BodyRow key={rowKey(row)} row={row} {...props} />)}
        </tbody>
        {foot ? <tfoot>{foot}</tfoot> : null}
      </table>
    </div>
  );
}

function BodyRow<Row>({ row, ...props }: DataTableProps<Row> & { readonly row: Row }) {
  const { columns, rowKey, selection, linked, currentKey, nameOfRow } = props;
  const key = rowKey(row);
  const isSelected = selection?.selected.has(key) ?? false;
  return (
    <tr
      className={linked ? 'linked' : undefined}
      data-selected={isSelected || undefined}
      aria-current={currentKey === key ? 'true' : undefined}
    >
      {selection ? (
        <td className="fit">
          {selection.canSelect(key) ? (
            <Checkbox
              size="xs"
              aria-label={`Select ${nameOfRow?.(row) ?? key}`}
              checked={isSelected}
              onChange={(event) => {
                const next = new Set(selection.selected);
                if (event.currentTarget.checked) next.add(key);
                else next.delete(key);
                selection.change(next);
              }}
            />
          ) : null}
        </td>
      ) : null}
      {columns.map((column) => (
        <td key={column.key} className={classOf(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

interface HeaderCellProps<Row> {
  readonly column: Column<Row>;
  readonly sort: DataTableProps<Row>['sort'];
}

function HeaderCell<Row>({ column, sort }: HeaderCellProps<Row>) {
  if (!column.sort || !sort) return <th className={classOf(column)}>{column.header}</th>;
  const ascending = sort.by === column.sort;
  const descending = sort.by === `-${column.sort}`;
  const SortIcon = ascending ? IconArrowUp : descending ? IconArrowDown : IconArrowsSort;
  return (
    <th
      className={classOf(column)}
      aria-sort={ascending ? 'ascending' : descending ? 'descending' : undefined}
    >
      <button
        type="button"
        className="sort"
        onClick={() => sort.change(descending ? `${column.sort}` : `-${column.sort}`)}
      >
        {column.header}
        <SortIcon size={13} aria-hidden="true" opacity={ascending || descending ? 1 : 0.45} />
      </button>
    </th>
  );
}

const placeholderRowCount = 8;

function placeholderRows<Row>(columns: readonly Column<Row>[], withSelection: boolean): ReactNode {
  return Array.from({ length: placeholderRowCount }, (_, index) => (
    <tr key={index}>
      {withSelection ? <td /> : null}
      {columns.map((column) => (
        <td key={column.key} className={classOf(column)}>
          <Skeleton height={21} width={column.fit ? 64 : `${60 + ((index * 13) % 35)}%`} />
        </td>
      ))}
    </tr>
  ));
}
