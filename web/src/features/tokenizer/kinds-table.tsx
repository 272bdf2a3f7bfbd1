// The table twin of the bars: bytes per token with its interval, tokens, and how many for each of the first tokenizer's.
import type { ComparisonRowView } from '@/lib/api/schema';
import { count, decimals, percent } from '@/lib/format';
import { TableTwin } from '@/ui/table-twin';
import type { Series } from './kinds-chart';

export function KindsTable({
  rows,
  series,
}: {
  rows: readonly ComparisonRowView[];
  series: readonly Series[];
}) {
  return (
    <TableTwin label="Bytes per token by kind of text, as a table">
      {() => (
        <>
          <thead>
            <tr>
              <th>text</th>
              <th>tokenizer</th>
              <th className="r">bytes per token</th>
              <th className="r">95 %</th>
              <th className="r">tokens</th>
              <th className="r">letters lost</th>
              <th className="r">to the first</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={`${row.group} ${row.tokenizer}`}>
                <td>{row.group}</td>
                <td>{series.find(one => one.ref === row.tokenizer)?.label ?? row.tokenizer}</td>
                <td className="r num">{figure(row.bytes_per_token.value)}</td>
                <td className="r num">
                  {row.bytes_per_token.low === null || row.bytes_per_token.high === null
                    ? 'too few texts'
                    : `${figure(row.bytes_per_token.low)} to ${figure(row.bytes_per_token.high)}`}
                </td>
                <td className="r num">{count(row.num_tokens)}</td>
                <td className="r num">{row.lost_share > 0 ? percent(row.lost_share, 1) : 'none'}</td>
                <td className="r num">{figure(row.tokens_to_first.value)}</td>
              </tr>
            ))}
          </tbody>
        </>
      )}
    </TableTwin>
  );
}

function figure(value: number | null): string {
  return value === null ? '–' : decimals(value, 2);
}
